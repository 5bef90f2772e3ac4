using System.Runtime.CompilerServices;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

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
            .Select(f => Enumerable.Range(0, f.Forces + 1).Select(forces => new BuiltinCode(f.Function, forces)).ToArray()),
    ];

    private static readonly Atom First = new FirstVariable();
    private static readonly Atom Second = new SecondVariable();
    private static readonly Atom Third = new ThirdVariable();

    private static readonly Atom[] Near = [.. Enumerable.Range(0, 20).Select(i => new NearVariable(i - 1))];

    private const int MaxArguments = 16;

    private const int FarJumps = 32;
    private static readonly Atom[] Far =
    [
        .. Enumerable
            .Range(0, FarJumps * Scope.Stride * Scope.Stride)
            .Select(i => new FarVariable(i / Scope.Stride % Scope.Stride, i / (Scope.Stride * Scope.Stride), i % Scope.Stride)),
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

        // The scope of depth d is a landmark when d - 1 is a multiple of the stride.
        var target = depth - index + 1;
        var before = (depth - 1) % Scope.Stride;
        var after = (Scope.Stride - ((target - 1) % Scope.Stride)) % Scope.Stride;
        var jumps = (index - 1 - before - after) / Scope.Stride;
        return index < Near.Length ? Near[index]
            : jumps < FarJumps ? Far[(((jumps * Scope.Stride) + before) * Scope.Stride) + after]
            : new FarVariable(before, jumps, after);
    }

    public static Atom Constant(Constant value) => new ConstCode(ConstantTypes.ToValue(value));

    public static Atom Builtin(BuiltinFunction function) => Builtins[(int)function][0];

    public static Atom Lam(Code body, int depth) => new LamCode(body, depth);

    public static Atom Delay(Code body) => new DelayCode(body);

    public static Code Constr(ulong tag, Code[] fields) => new ConstrCode(tag, fields);

    public static Code Case(Code scrutinee, Code[] branches) => new CaseCode(scrutinee, branches);

    public static Code Force(Code inner)
    {
        switch (inner)
        {
            case BuiltinCode builtin when builtin.Forces < CostModel.Forces[(int)builtin.Function]:
                return Builtins[(int)builtin.Function][builtin.Forces + 1];
            case DelayCode delay:
                return new ForcedDelay(delay.Body);
            case VariableCode variable:
                return variable.Forced;
            case Atom atom:
                return new ForceAtom(atom) { Certain = Steps.Force + atom.Cost };
            case ForceAtom force:
                return new ForceTwice(force.Inner) { Certain = Steps.Force + force.Cost };
            case CallThree { Function: BuiltinFunction.IfThenElse, Second: DelayCode then, Third: DelayCode otherwise } call:
                return new IfCode(call.First, then, otherwise) { Certain = Steps.Force + call.Cost };
            default:
                return new ForceCode(inner);
        }
    }

    public static Code Apply(Code function, Code argument)
    {
        switch (function)
        {
            case LamCode lambda when argument is Atom atom:
                return new LetAtom(lambda, atom) { Certain = Steps.Apply + lambda.Cost + atom.Cost };
            case LamCode lambda:
                return new LetCode(lambda, argument) { Certain = Steps.Apply + lambda.Cost };
            case BuiltinCode builtin when builtin.Forces == CostModel.Forces[(int)builtin.Function]:
                return Call(builtin.Function, Steps.Apply + builtin.Cost, [], argument);
            case PartialCall call:
                return Call(call.Function, Steps.Apply + call.Cost, call.Arguments, argument);
            case CallThree { Function: BuiltinFunction.IfThenElse, Second: LamCode then, Third: LamCode otherwise } call:
                return new IfApplied(call.First, then, otherwise, argument) { Certain = Steps.Apply + call.Cost };
            case Atom atom when argument is Atom other:
                return new ApplyAtoms(atom, other) { Certain = Steps.Apply + atom.Cost + other.Cost };
            case Atom atom:
                return new ApplyAtom(atom, argument) { Certain = Steps.Apply + atom.Cost };
            case ForceAtom or ForceCode:
                return Apply(function, [argument]);
            case ApplyAtoms inner:
                return Apply(inner.Function, inner.Argument, argument);
            case ApplyAtom inner:
                return Apply(inner.Function, inner.Argument, argument);
            default:
                return new ApplyCode(function, argument);
        }
    }

    /// <summary>How many of the arguments that follow the code takes best at once.</summary>
    public static int Wanted(Code function, int arguments) =>
        function switch
        {
            BuiltinCode builtin when builtin.WantsExactly(2) => Math.Min(2, arguments),
            BuiltinCode builtin when builtin.WantsExactly(3) => Math.Min(3, arguments),
            LamCode or BuiltinCode or PartialCall or CallThree => 1,
            _ => arguments,
        };

    /// <summary>The same as one application after the other.</summary>
    public static Code Apply(Code function, Code first, Code second)
    {
        switch (function)
        {
            case BuiltinCode builtin when builtin.WantsExactly(2):
                var cost = (2 * Steps.Apply) + builtin.Cost;
                return first is Atom one && second is Atom two
                    ? new CallTwoAtoms(builtin.Function, one, two) { Certain = cost + one.Cost + two.Cost }
                    : new CallTwo(builtin.Function, first, second) { Certain = cost };
            case VariableCode variable:
                return new ApplyTwo(variable, first, second) { Certain = (2 * Steps.Apply) + variable.Cost };
            default:
                return Apply(function, [first, second]);
        }
    }

    /// <summary>The same as one application after the other.</summary>
    public static Code Apply(Code function, Code first, Code second, Code third) =>
        function is BuiltinCode builtin && builtin.WantsExactly(3)
            ? new CallThree(builtin.Function, first, second, third) { Certain = (3 * Steps.Apply) + builtin.Cost }
            : Apply(function, [first, second, third]);

    /// <summary>The same as one application after the other.</summary>
    public static Code Apply(Code function, Code[] arguments)
    {
        // Counts hold up to 32 at once, and a program may apply a thing a million times.
        if (arguments.Length > MaxArguments)
        {
            return arguments.Aggregate(function, Apply);
        }

        var applies = (ulong)arguments.Length * Steps.Apply;
        return function switch
        {
            ForceAtom force => new ApplyMany(force.Inner, true, arguments) { Certain = applies + Steps.Force },
            ForceCode force => new ApplyMany(force.Inner, true, arguments) { Certain = applies + Steps.Force },
            _ => new ApplyMany(function, false, arguments) { Certain = applies },
        };
    }

    private static Code Call(BuiltinFunction function, ulong cost, Code[] before, Code argument)
    {
        if (before.Length + 1 < CostModel.Arity[(int)function])
        {
            return new PartialCall(function, CostModel.Forces[(int)function], [.. before, argument]) { Certain = cost };
        }

        switch (before.Length)
        {
            case 0 when argument is Atom atom:
                return new CallOneAtom(function, atom) { Certain = cost + atom.Cost };
            case 0:
                return new CallOne(function, argument) { Certain = cost };
            case 1 when before[0] is Atom one && argument is Atom two:
                return new CallTwoAtoms(function, one, two) { Certain = cost + one.Cost + two.Cost };
            case 1:
                return new CallTwo(function, before[0], argument) { Certain = cost };
            case 2:
                return new CallThree(function, before[0], before[1], argument) { Certain = cost };
            default:
                return new CallMany(function, [.. before, argument]) { Certain = cost };
        }
    }
}

/// <summary>
/// Looks after one thread's stack without asking the runtime each time: when that says there is enough, the next 32 KiB are (it keeps 128 KiB in reserve).
/// </summary>
internal struct StackGuard
{
    private const int Step = 32 * 1024;

    // Frames above this address need no look; zero before the first.
    private nint _known;

    /// <summary>Throws <see cref="StackExhausted"/> when the stack runs low.</summary>
    public void Check()
    {
        byte here = 0;
        var address = Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref here);
        if (_known == 0 || address < _known)
        {
            StackExhausted.Check();
            _known = address - Step;
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
