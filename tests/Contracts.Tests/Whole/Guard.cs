using System.Collections.Immutable;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>A validator that judges a draft in place of the one it was built for: every trace of that one's hash becomes its own.</summary>
internal sealed class Guard(Script script)
{
    private static readonly PlutusEvaluator Evaluator = new();

    /// <summary>The failures of its executions, none when it accepts; null when the transaction never came to its scripts.</summary>
    public ImmutableArray<string>? Refusals(Draft draft)
    {
        var renaming = new Renaming(draft.Contract.ScriptHash, script.Hash);
        var transaction = draft.ToTransaction();
        var body = transaction.Body with { Outputs = [.. transaction.Body.Outputs.Select(renaming.Of)] };
        var witnesses = transaction.Witnesses with
        {
            Scripts = [script],
            Redeemers = [.. transaction.Witnesses.Redeemers.Select(r => r with { Data = Datum.Of(renaming.Of(r.Data.Data)) })],
        };
        var spent = draft.Spent.ToDictionary(s => s.Input, s => renaming.Of(s.Output));
        var evaluation = Evaluator.Evaluate(Transaction.Create(body, witnesses), spent, WholeTransactions.Parameters, WholeTransactions.Slots);
        if (evaluation.ContextFailure is not null || evaluation.Executions.Length != draft.Escrows.Length)
        {
            return null;
        }

        return [.. evaluation.Executions.Select(Refusal).OfType<string>()];
    }

    /// <summary>The rule that an execution ended with, or what failed where no rule says it; null when it accepts.</summary>
    public static string? Refusal(ScriptExecution execution) =>
        execution.Failure is null ? null
        : execution.Logs is [.., var rule] ? rule
        : execution.Failure;
}
