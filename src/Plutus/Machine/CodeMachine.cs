using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Machine;

/// <summary>
/// Runs <see cref="Code"/> on the host's stack, at exactly the price of the CEK machine. Steps are counted by kind and turned into units only when a
/// count is full, before a trace, and at the end, so that exhaustion is noticed at most a few hundred steps late, never missed, and wins over
/// any later failure. One instance runs one program once; <see cref="StackExhausted"/> escapes from programs that nest too deep.
/// </summary>
internal sealed partial class CodeMachine
{
    private readonly CostModel _costs;
    private readonly ExUnits _limit;
    private readonly List<string> _logs = [];
    private StackGuard _stack;
    private ulong _pending;
    private long _memory;
    private long _steps;

    public CodeMachine(CostModel costs, ExUnits limit)
    {
        _costs = costs;
        _limit = limit;
        _unit = costs.UnitPrices;
    }

    /// <summary>Runs; never throws for what the program does. The value is null when it failed.</summary>
    public EvaluationOutcome Run(Code program, out object? value)
    {
        EvaluationFailure? failure = null;
        value = null;
        try
        {
            Spend(_costs.Startup);
            value = program.Run(this, null);
            Settle();
        }
        catch (EvaluationEnded ended)
        {
            value = null;
            failure = ended.Failure;
            if (failure is not EvaluationFailure.OutOfBudget)
            {
                // Steps not settled yet came before this failure; if they were not affordable, it never came to it.
                try
                {
                    Settle();
                }
                catch (EvaluationEnded exhausted)
                {
                    failure = exhausted.Failure;
                }
            }
        }

        return new EvaluationOutcome(failure, value is null ? null : ConstantTypes.ToConstant(value), Used(), [.. _logs]);
    }

    /// <summary>Takes note of steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pay(ulong steps)
    {
        var pending = _pending + steps;
        _pending = pending;
        if ((pending & Steps.Full) != 0)
        {
            Settle();
        }
    }

    /// <summary>Applies a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public object Apply(object function, object argument)
    {
        if (function is Closure closure)
        {
            var code = closure.Code;
            return code.Body.Run(this, code.Bind(argument, closure.Scope));
        }

        return ApplyBuiltin(function, argument);
    }

    /// <summary>Applies a value to the fields from <paramref name="next"/> on.</summary>
    public object ApplyAll(object function, object[] fields, int next)
    {
        for (; next < fields.Length - 1; next++)
        {
            function = Apply(function, fields[next]);
        }

        return Apply(function, fields[next]);
    }

    /// <summary>Forces a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public object Force(object value) => value is Suspension suspension ? suspension.Code.Body.Run(this, suspension.Scope) : ForceBuiltin(value);

    public object CaseOfConstant(Code[] branches, object value, Scope? scope)
    {
        if (_costs.Variant < SemanticsVariant.D || value is Closure or Suspension or BuiltinValue)
        {
            throw Stuck("a case on something that is no constructor");
        }

        switch (value)
        {
            case Constant.Bool b when branches.Length is 1 or 2 && (branches.Length == 2 || !b.Value):
                return branches[b.Value ? 1 : 0].Run(this, scope);
            case Constant.Unit when branches.Length == 1:
                return branches[0].Run(this, scope);
            case Constant.Integer i when i.Value >= 0 && i.Value < branches.Length:
                return branches[(int)i.Value].Run(this, scope);
            case RuntimeList list when branches.Length is 1 or 2 && (branches.Length == 2 || list.Length > 0):
                return list.Length == 0 ? branches[1].Run(this, scope) : Apply(Apply(branches[0].Run(this, scope), list.Head), list.Tail);
            case RuntimePair pair when branches.Length == 1:
                return Apply(Apply(branches[0].Run(this, scope), pair.First), pair.Second);
            default:
                throw Stuck("no branch for a constant");
        }
    }

    public static EvaluationEnded Stuck(string reason) => new(new EvaluationFailure.Stuck(reason));

    private object ApplyBuiltin(object function, object argument)
    {
        if (function is not BuiltinValue builtin)
        {
            throw Stuck("something was applied that is no function");
        }

        if (builtin.Forces < CostModel.Forces[(int)builtin.Function])
        {
            throw Stuck($"{builtin.Function} was applied before it was forced");
        }

        var before = builtin.Arguments;
        if (before.Length + 1 < CostModel.Arity[(int)builtin.Function])
        {
            return new BuiltinValue(builtin.Function, builtin.Forces, [.. before, argument]);
        }

        return before.Length switch
        {
            0 => Call(builtin.Function, argument),
            1 => Call(builtin.Function, before[0], argument),
            2 => Call(builtin.Function, before[0], before[1], argument),
            _ => Call(builtin.Function, [.. before, argument]),
        };
    }

    private static BuiltinValue ForceBuiltin(object value)
    {
        if (value is not BuiltinValue builtin)
        {
            throw Stuck("something was forced that is not delayed");
        }

        return builtin.Forces < CostModel.Forces[(int)builtin.Function] && builtin.Arguments.Length == 0
            ? new BuiltinValue(builtin.Function, builtin.Forces + 1, builtin.Arguments)
            : throw Stuck($"{builtin.Function} was forced too often");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Settle()
    {
        // Everything that goes deeper pays, so looking after the stack here is looking often enough.
        _stack.Check();
        var pending = _pending;
        _pending = 0;
        var (memory, steps) = (0L, 0L);
        foreach (var price in _costs.StepPrices)
        {
            var count = (long)(pending & 0x7f);
            memory = CostFunction.Add(memory, CostFunction.Mul(price.Memory, count));
            steps = CostFunction.Add(steps, CostFunction.Mul(price.Steps, count));
            pending >>= 7;
        }

        _memory = CostFunction.Add(_memory, memory);
        _steps = CostFunction.Add(_steps, steps);
        if (_memory > _limit.Memory || _steps > _limit.Steps)
        {
            ThrowOutOfBudget();
        }
    }

    // Both saturate, as the node's counters do: an unlimited run of a boundless price ends at the largest number, not in failure.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Spend(ExUnits price) => Spend(price.Memory, price.Steps);

    private void Spend(long memory, long steps)
    {
        _memory = CostFunction.Add(_memory, memory);
        _steps = CostFunction.Add(_steps, steps);
        if (_memory > _limit.Memory || _steps > _limit.Steps)
        {
            ThrowOutOfBudget();
        }
    }

    [DoesNotReturn]
    private void ThrowOutOfBudget() => throw new EvaluationEnded(new EvaluationFailure.OutOfBudget(_limit, Used()));

    private ExUnits Used() => new(_memory, _steps);
}
