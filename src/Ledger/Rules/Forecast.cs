using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: with scripts, the upper bound must lie where slots already convert to time.</summary>
internal static class Forecast
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Witnesses.Redeemers.IsEmpty || tx.Body.InvalidHereafter is not { } upper)
        {
            return;
        }

        var horizon = tx.Environment.Slot + tx.Environment.ForecastSlots;
        if (upper > horizon)
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "OutsideForecast", $"SlotNo {upper}", $"SlotNo {horizon}"));
        }
    }
}
