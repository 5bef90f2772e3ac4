namespace Masumi.Plutus.Runtime;

/// <summary>Ends an evaluation; caught by the machines and nowhere else.</summary>
internal sealed class EvaluationEnded(EvaluationFailure failure) : Exception
{
    public EvaluationFailure Failure { get; } = failure;
}
