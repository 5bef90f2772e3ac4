using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: the fee covers bytes, execution units and reference scripts (spec cardano.md 5.2).</summary>
internal static class FeeTooSmall
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var required = Fees.MinFee(tx.Parameters, tx.Transaction.Size, tx.TotalUnits, tx.ReferenceScriptBytes);
        if (tx.Body.Fee < required)
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "FeeTooSmallUTxO", $"Coin {tx.Body.Fee}", $"Coin {required}"));
        }
    }
}
