using System.Runtime.CompilerServices;
using Masumi.Plutus.Costs;

namespace Masumi.Plutus.Machine;

/// <summary>
/// Puts code together from the leaves up. Applications of builtins, functions where they are applied and branches become one node each; every node costs
/// exactly the steps of the terms it stands for, and pays ahead only for steps that nothing can prevent any more.
/// </summary>
internal static class CodeBuilder
{
    /// <summary>Compiles a closed term. Throws <see cref="FormatException"/> for an unbound variable and <see cref="StackExhausted"/> for terms nested too deep.</summary>
    public static Code Compile(Term term, int depth = 0)
    {
        StackExhausted.Check();
        return term switch
        {
            Term.Var v => Variable(v.Index, depth),
            Term.Const c => Constant(c.Value),
            Term.Lam l => Lam(Compile(l.Body, depth + 1), depth),
            Term.Delay d => Delay(Compile(d.Body, depth)),
            Term.Force f => Force(Compile(f.Body, depth)),
            Term.Apply a => Apply(Compile(a.Function, depth), Compile(a.Argument, depth)),
            Term.Builtin b => Builtin(b.Function),
            Term.Constr c => Constr(c.Tag, [.. c.Fields.Select(f => Compile(f, depth))]),
            Term.Case c => Case(Compile(c.Scrutinee, depth), [.. c.Branches.Select(b => Compile(b, depth))]),
            Term.Error => Error,
            _ => throw new InvalidOperationException($"Not a term: {term.GetType().Name}."),
        };
    }

    public static readonly Code Error = new ErrorCode();

    // By function and number of forces.
    private static readonly BuiltinCode[][] Builtins =
    [
        .. CostModel
            .Facts.OrderBy(f => f.Function)
            .Select(f =>
                Enumerable
                    .Range(0, f.Forces + 1)
                    .Select(forces => new BuiltinCode(f.Function, forces) { Cost = Steps.Builtin + ((ulong)forces * Steps.Force) })
                    .ToArray()
            ),
    ];

    private static readonly Atom First = new FirstVariable { Cost = Steps.Var };
    private static readonly Atom Second = new SecondVariable { Cost = Steps.Var };
    private static readonly Atom Third = new ThirdVariable { Cost = Steps.Var };

    private static readonly Atom[] Near = [.. Enumerable.Range(0, 24).Select(i => new NearVariable(i - 1) { Cost = Steps.Var })];

    private const int FarSkips = 64;
    private static readonly Atom[] Far =
    [
        .. Enumerable.Range(0, FarSkips * Scope.Stride).Select(i => new FarVariable(i / Scope.Stride, i % Scope.Stride) { Cost = Steps.Var }),
    ];

    public static Atom Variable(int index, int depth)
    {
        switch (index)
        {
            case < 1:
            case var _ when index > depth:
                throw new FormatException($"Variable {index} is not bound at depth {depth}.");
            case 1:
                return First;
            case 2:
                return Second;
            case 3:
                return Third;
        }

        // Skips lead to the multiples of the stride between here and there; the rest goes one by one.
        var target = depth - index + 1;
        var at = (target + Scope.Stride - 1) / Scope.Stride * Scope.Stride;
        var skips = ((depth - 1) / Scope.Stride) - (at / Scope.Stride) + 1;
        if (skips <= 0 || skips + at - target >= index - 1)
        {
            return index < Near.Length ? Near[index] : new NearVariable(index - 1) { Cost = Steps.Var };
        }

        return skips < FarSkips ? Far[(skips * Scope.Stride) + at - target] : new FarVariable(skips, at - target) { Cost = Steps.Var };
    }

    public static Atom Constant(Constant value) => new ConstCode(ConstantTypes.ToValue(value)) { Cost = Steps.Const };

    public static Atom Builtin(BuiltinFunction function) => Builtins[(int)function][0];

    public static Atom Lam(Code body, int depth) => new LamCode(body, depth) { Cost = Steps.Lam };

    public static Atom Delay(Code body) => new DelayCode(body) { Cost = Steps.Delay };

    public static Code Constr(ulong tag, Code[] fields) => new ConstrCode(tag, fields) { Cost = Steps.Constr };

    public static Code Case(Code scrutinee, Code[] branches) => new CaseCode(scrutinee, branches) { Cost = Steps.Case };

    public static Code Force(Code inner)
    {
        switch (inner)
        {
            case BuiltinCode builtin when builtin.Forces < CostModel.Forces[(int)builtin.Function]:
                return Builtins[(int)builtin.Function][builtin.Forces + 1];
            case DelayCode delay:
                return new ForcedDelay(delay.Body) { Cost = Steps.Force + Steps.Delay };
            case Atom atom:
                return new ForceAtom(atom) { Cost = Steps.Force + atom.Cost };
            case CallThree { Function: BuiltinFunction.IfThenElse, Second: DelayCode then, Third: DelayCode otherwise } call:
                return new IfCode(call.First, then, otherwise) { Cost = Steps.Force + call.Cost };
            default:
                return new ForceCode(inner) { Cost = Steps.Force };
        }
    }

    public static Code Apply(Code function, Code argument)
    {
        switch (function)
        {
            case LamCode lambda when argument is Atom atom:
                return new LetAtom(lambda, atom) { Cost = Steps.Apply + lambda.Cost + atom.Cost };
            case LamCode lambda:
                return new LetCode(lambda, argument) { Cost = Steps.Apply + lambda.Cost };
            case BuiltinCode builtin when builtin.Forces == CostModel.Forces[(int)builtin.Function]:
                return Call(builtin.Function, Steps.Apply + builtin.Cost, [], argument);
            case PartialCall call:
                return Call(call.Function, Steps.Apply + call.Cost, call.Arguments, argument);
            case CallThree { Function: BuiltinFunction.IfThenElse, Second: LamCode then, Third: LamCode otherwise } call:
                return new IfApplied(call.First, then, otherwise, argument) { Cost = Steps.Apply + call.Cost };
            case Atom atom when argument is Atom other:
                return new ApplyAtoms(atom, other) { Cost = Steps.Apply + atom.Cost + other.Cost };
            case Atom atom:
                return new ApplyAtom(atom, argument) { Cost = Steps.Apply + atom.Cost };
            case ForceAtom force:
                return new ApplyForced(force.Inner, argument) { Cost = Steps.Apply + force.Cost };
            case ApplyAtoms inner:
                return new ApplyTwo(inner.Function, inner.Argument, argument) { Cost = inner.Cost - inner.Argument.Cost + Steps.Apply };
            case ApplyAtom inner:
                return new ApplyTwo(inner.Function, inner.Argument, argument) { Cost = inner.Cost + Steps.Apply };
            default:
                return new ApplyCode(function, argument) { Cost = Steps.Apply };
        }
    }

    private static Code Call(BuiltinFunction function, ulong cost, Code[] before, Code argument)
    {
        if (before.Length + 1 < CostModel.Arity[(int)function])
        {
            return new PartialCall(function, CostModel.Forces[(int)function], [.. before, argument]) { Cost = cost };
        }

        switch (before.Length)
        {
            case 0 when argument is Atom atom:
                return new CallOneAtom(function, atom) { Cost = cost + atom.Cost };
            case 0:
                return new CallOne(function, argument) { Cost = cost };
            case 1 when before[0] is Atom one && argument is Atom two:
                return new CallTwoAtoms(function, one, two) { Cost = cost + one.Cost + two.Cost };
            case 1:
                return new CallTwo(function, before[0], argument) { Cost = cost };
            case 2:
                return new CallThree(function, before[0], before[1], argument) { Cost = cost };
            default:
                return new CallMany(function, [.. before, argument]) { Cost = cost };
        }
    }
}

/// <summary>Says that a program nests deeper than the host's stack allows; whoever catches it uses <see cref="CekMachine"/> instead.</summary>
internal sealed class StackExhausted : Exception
{
    public static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new StackExhausted();
        }
    }
}
