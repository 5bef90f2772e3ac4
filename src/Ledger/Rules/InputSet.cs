using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: a transaction spends something; that also makes its id unique.</summary>
internal static class InputSet
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Body.Inputs.IsEmpty)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxo, "InputSetEmptyUTxO", "no inputs", "at least one"));
        }
    }
}
