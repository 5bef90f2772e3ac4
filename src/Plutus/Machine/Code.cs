using System.Runtime.CompilerServices;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Machine;

/// <summary>
/// A term compiled for <see cref="CodeMachine"/>: an object that runs itself. What needs no computing (variables, constants, functions) is an
/// <see cref="Atom"/>; whoever holds atoms pays for their steps along with its own. Code knows no prices and may be kept and shared.
/// </summary>
internal abstract class Code
{
    /// <summary>The steps that are certain as soon as this runs, counted by kind (<see cref="Steps"/>).</summary>
    public abstract ulong Cost { get; }

    /// <summary>Pays for its steps and computes its value.</summary>
    public abstract object Run(CodeMachine machine, Scope? scope);
}

/// <summary>Code put together from other code.</summary>
internal abstract class Compound : Code
{
    public sealed override ulong Cost => Certain;

    public required ulong Certain { get; init; }
}

/// <summary>Step counts by kind in one number: seven bits each, of which the upper two only ever say that it is time to settle.</summary>
internal static class Steps
{
    public const ulong Var = 1;
    public const ulong Const = 1UL << 7;
    public const ulong Lam = 1UL << 14;
    public const ulong Apply = 1UL << 21;
    public const ulong Delay = 1UL << 28;
    public const ulong Force = 1UL << 35;
    public const ulong Builtin = 1UL << 42;
    public const ulong Constr = 1UL << 49;
    public const ulong Case = 1UL << 56;

    /// <summary>Set in a sum as soon as one count reaches 32; single costs stay far below that.</summary>
    public const ulong Full = 96 * (Var | Const | Lam | Apply | Delay | Force | Builtin | Constr | Case);

    public static int Count(ulong steps, ulong kind) => (int)((steps / kind) & 0x7f);
}

/// <summary>
/// Variables, innermost first. The shape follows the program's text alone: at depth d there are d variables, and those bound right at a multiple of
/// <see cref="Stride"/> are a <see cref="Landmark"/>, from which one jumps to the next, so that far variables are a few steps and jumps away.
/// </summary>
internal class Scope(object value, Scope? next)
{
    public const int Stride = 8;

    public readonly object Value = value;
    public readonly Scope? Next = next;
}

/// <summary>A scope of depth 1, 9, 17 and so on, which knows the one before.</summary>
internal sealed class Landmark(object value, Scope? next) : Scope(value, next)
{
    public readonly Landmark? Before = next is null ? null : Previous(next);

    private static Landmark Previous(Scope scope)
    {
        // The one before is a stride away, its own next included.
        for (var i = Stride - 1; i > 0; i--)
        {
            scope = scope.Next!;
        }

        return Unsafe.As<Landmark>(scope);
    }
}

/// <summary>A function with the scope it was made in.</summary>
internal sealed class Closure(LamCode code, Scope? scope)
{
    public readonly LamCode Code = code;
    public readonly Scope? Scope = scope;
}

/// <summary>A delayed computation with the scope it was made in.</summary>
internal sealed class Suspension(DelayCode code, Scope? scope)
{
    public readonly DelayCode Code = code;
    public readonly Scope? Scope = scope;
}

/// <summary>Code whose value is at hand: nothing can fail or take long.</summary>
internal abstract class Atom : Code
{
    /// <summary>The value, without paying.</summary>
    public abstract object Peek(Scope? scope);

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Cost);
        return Peek(scope);
    }
}

/// <summary>A variable.</summary>
internal abstract class VariableCode : Atom
{
    private ForceAtom? _forced;

    public sealed override ulong Cost => Steps.Var;

    /// <summary>This where it is forced, shared as variables themselves are; two threads may make it twice, which does no harm.</summary>
    public ForceAtom Forced => _forced ??= new ForceAtom(this) { Certain = Steps.Force + Steps.Var };

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Var);
        return Peek(scope);
    }
}

/// <summary>The innermost variable.</summary>
internal sealed class FirstVariable : VariableCode
{
    public override object Peek(Scope? scope) => scope!.Value;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Var);
        return scope!.Value;
    }
}

internal sealed class SecondVariable : VariableCode
{
    public override object Peek(Scope? scope) => scope!.Next!.Value;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Var);
        return scope!.Next!.Value;
    }
}

internal sealed class ThirdVariable : VariableCode
{
    public override object Peek(Scope? scope) => scope!.Next!.Next!.Value;
}

internal sealed class NearVariable(int nexts) : VariableCode
{
    public override object Peek(Scope? scope)
    {
        for (var i = nexts; i > 0; i--)
        {
            scope = scope!.Next;
        }

        return scope!.Value;
    }
}

/// <summary>A variable reached by steps to a landmark, jumps from there, and steps again.</summary>
internal sealed class FarVariable(int before, int jumps, int after) : VariableCode
{
    public override object Peek(Scope? scope)
    {
        for (var i = before; i > 0; i--)
        {
            scope = scope!.Next;
        }

        var landmark = (Landmark)scope!;
        for (var i = jumps; i > 0; i--)
        {
            landmark = landmark.Before!;
        }

        scope = landmark;
        for (var i = after; i > 0; i--)
        {
            scope = scope!.Next;
        }

        return scope!.Value;
    }
}

internal sealed class ConstCode(object value) : Atom
{
    public override ulong Cost => Steps.Const;

    public override object Peek(Scope? scope) => value;

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Const);
        return value;
    }
}

internal sealed class LamCode(Code body, int depth) : Atom
{
    // The variable of a function at a multiple of the stride starts a scope worth jumping to.
    private readonly bool _isLandmark = depth % Scope.Stride == 0;

    public readonly Code Body = body;

    public override ulong Cost => Steps.Lam;

    public override object Peek(Scope? scope) => new Closure(this, scope);

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Lam);
        return new Closure(this, scope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Scope Bind(object argument, Scope? scope) => _isLandmark ? new Landmark(argument, scope) : new Scope(argument, scope);
}

internal sealed class DelayCode(Code body) : Atom
{
    public readonly Code Body = body;

    public override ulong Cost => Steps.Delay;

    public override object Peek(Scope? scope) => new Suspension(this, scope);

    public override object Run(CodeMachine machine, Scope? scope)
    {
        machine.Pay(Steps.Delay);
        return new Suspension(this, scope);
    }
}

/// <summary>A builtin with the forces it stands in.</summary>
internal sealed class BuiltinCode(BuiltinFunction function, int forces) : Atom
{
    private readonly BuiltinValue _value = new(function, forces, []);

    public BuiltinFunction Function => function;

    public int Forces => forces;

    public override ulong Cost => Steps.Builtin + ((ulong)forces * Steps.Force);

    /// <summary>True when it lacks this many arguments and nothing else.</summary>
    public bool WantsExactly(int count) => _value.WantsExactly(count);

    public override object Peek(Scope? scope) => _value;
}

internal sealed class ErrorCode : Code
{
    public override ulong Cost => 0;

    public override object Run(CodeMachine machine, Scope? scope) => throw new EvaluationEnded(new EvaluationFailure.ErrorTerm());
}
