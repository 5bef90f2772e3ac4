using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Runtime;

/// <summary>Why an evaluation failed.</summary>
public abstract record EvaluationFailure
{
    private EvaluationFailure() { }

    /// <summary>The program ran into its error term.</summary>
    public sealed record ErrorTerm : EvaluationFailure;

    /// <summary>The units did not suffice.</summary>
    /// <param name="Supplied">The limit.</param>
    /// <param name="Needed">At least this much.</param>
    public sealed record OutOfBudget(ExUnits Supplied, ExUnits Needed) : EvaluationFailure;

    /// <summary>A builtin refused its arguments.</summary>
    public sealed record BuiltinFailed(BuiltinFunction Function, string Reason) : EvaluationFailure;

    /// <summary>Something was applied, forced or cased that cannot be.</summary>
    public sealed record Stuck(string Reason) : EvaluationFailure;

    /// <summary>The program is not one this language can run: unbound variable, version or builtin not available.</summary>
    public sealed record Malformed(string Reason) : EvaluationFailure;

    /// <summary>A Plutus V3 script answered something other than unit.</summary>
    public sealed record NonUnitResult : EvaluationFailure;

    /// <summary>In words.</summary>
    public sealed override string ToString() =>
        this switch
        {
            ErrorTerm => "the script called error",
            OutOfBudget b =>
                $"out of budget: {b.Supplied.Memory} memory and {b.Supplied.Steps} steps supplied, at least {b.Needed.Memory} and {b.Needed.Steps} needed",
            BuiltinFailed f => $"{f.Function}: {f.Reason}",
            Stuck s => s.Reason,
            Malformed m => m.Reason,
            NonUnitResult => "a Plutus V3 script must answer unit",
            _ => base.ToString() ?? "",
        };
}

/// <summary>What running a program gave.</summary>
/// <param name="Failure">Null when it succeeded.</param>
/// <param name="Result">The result when it is a constant; null for a function and for a failure.</param>
/// <param name="Units">What was used, until the failure if there was one.</param>
/// <param name="Logs">Traces in order.</param>
public sealed record EvaluationOutcome(EvaluationFailure? Failure, Constant? Result, ExUnits Units, ImmutableArray<string> Logs)
{
    /// <summary>True when there was no failure.</summary>
    public bool Succeeded => Failure is null;
}
