using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>LEDGER: body key 21, when present, must be the treasury.</summary>
internal static class TreasuryValue
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Body.CurrentTreasury is { } supplied && supplied != tx.State.Treasury)
        {
            failures.Add(new LedgerFailure(LedgerRule.Ledger, "ConwayTreasuryValueMismatch", $"Coin {supplied}", $"Coin {tx.State.Treasury}"));
        }
    }
}
