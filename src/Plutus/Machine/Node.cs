using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Machine;

/// <summary>What a node does; the machine switches on it.</summary>
internal enum NodeKind : byte
{
    Var,
    Const,
    Lam,
    Apply,
    Delay,
    Force,
    Error,
    Builtin,
    Constr,
    Case,
}

/// <summary>A term made ready for the machine: constants in their runtime form, variables checked to be bound.</summary>
internal sealed class Node
{
    public required NodeKind Kind { get; init; }

    /// <summary>De Bruijn index of a variable.</summary>
    public int Index { get; init; }

    /// <summary>Constructor tag.</summary>
    public ulong Tag { get; init; }

    /// <summary>Constant's value, or the builtin waiting for everything.</summary>
    public object? Value { get; init; }

    /// <summary>Body, function or scrutinee.</summary>
    public Node? A { get; init; }

    /// <summary>Argument.</summary>
    public Node? B { get; init; }

    /// <summary>Fields or branches.</summary>
    public Node[] Many { get; init; } = [];

    /// <summary>Compiles a closed term. Throws <see cref="FormatException"/> for a variable that nothing binds.</summary>
    public static Node Compile(Term root)
    {
        // Post-order with two explicit stacks, since programs may nest deeper than the call stack.
        var todo = new Stack<(Term Term, int Depth, bool Ready)>();
        var done = new Stack<Node>();
        todo.Push((root, 0, false));
        while (todo.TryPop(out var item))
        {
            var (term, depth, ready) = item;
            if (ready)
            {
                done.Push(Finish(term, done));
                continue;
            }

            switch (term)
            {
                case Term.Var v:
                    if (v.Index < 1 || v.Index > depth)
                    {
                        throw new FormatException($"Variable {v.Index} is not bound at depth {depth}.");
                    }

                    done.Push(new Node { Kind = NodeKind.Var, Index = v.Index });
                    break;
                case Term.Const c:
                    done.Push(new Node { Kind = NodeKind.Const, Value = ConstantTypes.ToValue(c.Value) });
                    break;
                case Term.Error:
                    done.Push(new Node { Kind = NodeKind.Error });
                    break;
                case Term.Builtin b:
                    done.Push(new Node { Kind = NodeKind.Builtin, Value = new BuiltinValue(b.Function, 0, []) });
                    break;
                default:
                    todo.Push((term, depth, true));
                    foreach (var (child, inner) in Children(term, depth))
                    {
                        todo.Push((child, inner, false));
                    }

                    break;
            }
        }

        return done.Pop();
    }

    private static IEnumerable<(Term Child, int Depth)> Children(Term term, int depth) =>
        term switch
        {
            Term.Lam l => [(l.Body, depth + 1)],
            Term.Delay d => [(d.Body, depth)],
            Term.Force f => [(f.Body, depth)],
            Term.Apply a => [(a.Function, depth), (a.Argument, depth)],
            Term.Constr c => c.Fields.Select(f => (f, depth)),
            Term.Case c => c.Branches.Prepend(c.Scrutinee).Select(f => (f, depth)),
            _ => throw new InvalidOperationException($"Not a term: {term.GetType().Name}."),
        };

    // Children were pushed in order and so finished in reverse: the first child is on top.
    private static Node Finish(Term term, Stack<Node> done)
    {
        switch (term)
        {
            case Term.Lam:
                return new Node { Kind = NodeKind.Lam, A = done.Pop() };
            case Term.Delay:
                return new Node { Kind = NodeKind.Delay, A = done.Pop() };
            case Term.Force:
                return new Node { Kind = NodeKind.Force, A = done.Pop() };
            case Term.Apply:
            {
                var function = done.Pop();
                return new Node
                {
                    Kind = NodeKind.Apply,
                    A = function,
                    B = done.Pop(),
                };
            }

            case Term.Constr c:
                return new Node
                {
                    Kind = NodeKind.Constr,
                    Tag = c.Tag,
                    Many = Pop(done, c.Fields.Length),
                };
            default:
            {
                var scrutinee = done.Pop();
                return new Node
                {
                    Kind = NodeKind.Case,
                    A = scrutinee,
                    Many = Pop(done, ((Term.Case)term).Branches.Length),
                };
            }
        }
    }

    private static Node[] Pop(Stack<Node> done, int count)
    {
        var nodes = new Node[count];
        for (var i = 0; i < count; i++)
        {
            nodes[i] = done.Pop();
        }

        return nodes;
    }
}
