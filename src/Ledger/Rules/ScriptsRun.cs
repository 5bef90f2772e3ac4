using Masumi.Cardano.Building;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOS, phase 2: the scripts run and their outcome is the one the transaction claims.</summary>
internal static class ScriptsRun
{
    public static TransactionEvaluation? Check(RuleContext tx, IScriptEvaluator evaluator, ICollection<LedgerFailure> failures)
    {
        if (tx.Witnesses.Redeemers.IsEmpty)
        {
            if (!tx.Transaction.IsValid)
            {
                failures.Add(Mismatch(tx, "PassedUnexpectedly"));
            }

            return null;
        }

        var evaluation = evaluator.Evaluate(tx.Transaction, tx.SpentAndReferenced, tx.Parameters, tx.Environment.Slots);
        if (evaluation.ContextFailure is { } reason)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxos, "CollectErrors", reason, "scripts with all they are run with"));
        }
        else if (evaluation.Succeeded != tx.Transaction.IsValid)
        {
            var details = evaluation.Executions.Where(e => e.Failure is not null).Select(e => $"{e.Pointer} {e.ScriptHash}: {e.Failure}");
            failures.Add(Mismatch(tx, tx.Transaction.IsValid ? $"FailedUnexpectedly ({string.Join("; ", details)})" : "PassedUnexpectedly"));
        }

        return evaluation;
    }

    private static LedgerFailure Mismatch(RuleContext tx, string outcome) =>
        LedgerFailure.Of(
            LedgerRule.Utxos,
            "ValidationTagMismatch",
            $"(IsValid {tx.Transaction.IsValid}) {outcome}",
            tx.Transaction.IsValid ? "scripts that all accept" : "a script that refuses"
        );
}
