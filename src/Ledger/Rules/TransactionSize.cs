using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: at most maxTxSize bytes, the validity flag not counted.</summary>
internal static class TransactionSize
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Transaction.Size > tx.Parameters.MaxTxSize)
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "MaxTxSizeUTxO", $"{tx.Transaction.Size}", $"{tx.Parameters.MaxTxSize}"));
        }
    }
}
