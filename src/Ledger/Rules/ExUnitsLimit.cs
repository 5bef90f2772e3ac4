using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: the redeemers together declare at most the units of one transaction.</summary>
internal static class ExUnitsLimit
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var limit = tx.Parameters.MaxTxExUnits;
        if (!tx.TotalUnits.FitsIn(limit))
        {
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Utxo,
                    "ExUnitsTooBigUTxO",
                    $"ExUnits {{mem = {tx.TotalUnits.Memory}, steps = {tx.TotalUnits.Steps}}}",
                    $"ExUnits {{mem = {limit.Memory}, steps = {limit.Steps}}}"
                )
            );
        }
    }
}
