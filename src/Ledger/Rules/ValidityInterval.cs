using Masumi.Cardano;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: lower bound (inclusive) &lt;= slot &lt; upper bound (exclusive).</summary>
internal static class ValidityInterval
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var slot = tx.Environment.Slot;
        if (tx.Body.InvalidBefore > slot || tx.Body.InvalidHereafter <= slot)
        {
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Utxo,
                    "OutsideValidityIntervalUTxO",
                    $"ValidityInterval {{invalidBefore = {Show(tx.Body.InvalidBefore)}, invalidHereafter = {Show(tx.Body.InvalidHereafter)}}}",
                    $"SlotNo {slot}"
                )
            );
        }

        static string Show(Slot? slot) => slot is { } value ? $"SJust (SlotNo {value})" : "SNothing";
    }
}
