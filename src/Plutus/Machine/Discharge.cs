using System.Collections.Immutable;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Machine;

/// <summary>
/// Turns the machine's values back into terms: a closure becomes its body with the values of its environment in place of the variables it captured. Works with
/// a stack of its own, and turns each value once however often it is captured.
/// </summary>
internal sealed class Discharge
{
    /// <summary>Most steps, since many closures over one large body are each turned.</summary>
    private const int MaxSteps = 50_000_000;

    private readonly Stack<Work> _todo = new();
    private readonly Stack<Term> _done = new();
    private readonly Dictionary<object, Term> _values = new(ReferenceEqualityComparer.Instance);

    private enum Step
    {
        /// <summary>Turn a value into a closed term.</summary>
        Value,

        /// <summary>Turn a node, in an environment and under so many binders of its own.</summary>
        Node,

        /// <summary>Put a node's parts together.</summary>
        FinishNode,

        /// <summary>Put a value's parts together.</summary>
        FinishValue,
    }

    public static Term ToTerm(object value)
    {
        var discharge = new Discharge();
        discharge._todo.Push(new Work(Step.Value, value, null, 0));
        for (var steps = 0; discharge._todo.TryPop(out var work); steps++)
        {
            if (steps > MaxSteps)
            {
                throw new FormatException("The result is too large to be written as a term.");
            }

            discharge.Do(work);
        }

        return discharge._done.Pop();
    }

    private void Do(Work work)
    {
        switch (work.Step)
        {
            case Step.Value:
                Open(work.Item);
                break;
            case Step.Node:
                Open((Node)work.Item, work.Env, work.Depth);
                break;
            case Step.FinishNode:
                _done.Push(Finish((Node)work.Item));
                break;
            default:
                var term = Finish(work.Item);
                _values.Add(work.Item, term);
                _done.Push(term);
                break;
        }
    }

    private void Open(object value)
    {
        if (_values.TryGetValue(value, out var known))
        {
            _done.Push(known);
            return;
        }

        if (ConstantTypes.ToConstant(value) is { } constant)
        {
            known = new Term.Const(constant);
            _values.Add(value, known);
            _done.Push(known);
            return;
        }

        _todo.Push(new Work(Step.FinishValue, value, null, 0));
        switch (value)
        {
            case LamValue lambda:
                _todo.Push(new Work(Step.Node, lambda.Body, lambda.Env, 1));
                break;
            case DelayValue delay:
                _todo.Push(new Work(Step.Node, delay.Body, delay.Env, 0));
                break;
            case ConstrValue constr:
                PushValues(constr.Fields);
                break;
            case BuiltinValue builtin:
                PushValues(builtin.Arguments);
                break;
            default:
                throw new InvalidOperationException($"Not a value: {value.GetType().Name}.");
        }
    }

    private void Open(Node node, Env? env, int depth)
    {
        switch (node.Kind)
        {
            case NodeKind.Var when node.Index <= depth:
                _done.Push(new Term.Var(node.Index));
                break;
            case NodeKind.Var:
            {
                var at = env!;
                for (var i = node.Index - depth; i > 1; i--)
                {
                    at = at.Next!;
                }

                _todo.Push(new Work(Step.Value, at.Value, null, 0));
                break;
            }

            case NodeKind.Const
            or NodeKind.Builtin:
                _todo.Push(new Work(Step.Value, node.Value!, null, 0));
                break;
            case NodeKind.Error:
                _done.Push(new Term.Error());
                break;
            default:
                _todo.Push(new Work(Step.FinishNode, node, null, 0));
                foreach (var part in Parts(node))
                {
                    _todo.Push(new Work(Step.Node, part, env, node.Kind == NodeKind.Lam ? depth + 1 : depth));
                }

                break;
        }
    }

    private static IEnumerable<Node> Parts(Node node)
    {
        if (node.A is not null)
        {
            yield return node.A;
        }

        if (node.B is not null)
        {
            yield return node.B;
        }

        foreach (var part in node.Many)
        {
            yield return part;
        }
    }

    // Parts were pushed in order and so finished in reverse: the first is on top.
    private Term Finish(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Lam:
                return new Term.Lam(_done.Pop());
            case NodeKind.Delay:
                return new Term.Delay(_done.Pop());
            case NodeKind.Force:
                return new Term.Force(_done.Pop());
            case NodeKind.Apply:
                var function = _done.Pop();
                return new Term.Apply(function, _done.Pop());
            case NodeKind.Constr:
                return new Term.Constr(node.Tag, Pop(node.Many.Length));
            default:
                var scrutinee = _done.Pop();
                return new Term.Case(scrutinee, Pop(node.Many.Length));
        }
    }

    private Term Finish(object value)
    {
        switch (value)
        {
            case LamValue:
                return new Term.Lam(_done.Pop());
            case DelayValue:
                return new Term.Delay(_done.Pop());
            case ConstrValue constr:
                return new Term.Constr(constr.Tag, Pop(constr.Fields.Length));
            default:
            {
                var builtin = (BuiltinValue)value;
                Term term = new Term.Builtin(builtin.Function);
                for (var i = 0; i < builtin.Forces; i++)
                {
                    term = new Term.Force(term);
                }

                for (var i = 0; i < builtin.Arguments.Length; i++)
                {
                    term = new Term.Apply(term, _done.Pop());
                }

                return term;
            }
        }
    }

    private void PushValues(object[] values)
    {
        foreach (var value in values)
        {
            _todo.Push(new Work(Step.Value, value, null, 0));
        }
    }

    private ImmutableArray<Term> Pop(int count)
    {
        var terms = ImmutableArray.CreateBuilder<Term>(count);
        for (var i = 0; i < count; i++)
        {
            terms.Add(_done.Pop());
        }

        return terms.MoveToImmutable();
    }

    private readonly record struct Work(Step Step, object Item, Env? Env, int Depth);
}
