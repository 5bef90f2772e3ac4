using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: every spent, collateral and reference input exists and is unspent.</summary>
internal static class BadInputs
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var bad = tx.Body.Inputs.Concat(tx.Body.Collateral).Concat(tx.Body.ReferenceInputs).Distinct().Where(i => tx.State.Find(i) is null).Order().ToArray();
        if (bad.Length > 0)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxo, "BadInputsUTxO", string.Join(", ", bad), "unspent outputs"));
        }
    }
}
