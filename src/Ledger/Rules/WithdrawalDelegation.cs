using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>LEDGER, from protocol version 10 on: who withdraws with a key has delegated the account's vote. By the state before the transaction.</summary>
internal static class WithdrawalDelegation
{
    private const int BootstrapPhase = 9;

    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Parameters.ProtocolMajor <= BootstrapPhase)
        {
            return;
        }

        var undelegated = tx
            .Body.Withdrawals.Select(w => w.Key.Stake)
            .Where(c => c is { IsKey: true } key && tx.State.Certs.Accounts.GetValueOrDefault(key)?.DRep is null)
            .Select(c => c!.Value.Hash)
            .Distinct()
            .Order()
            .ToArray();
        if (undelegated.Length > 0)
        {
            failures.Add(
                LedgerFailure.Of(
                    LedgerRule.Ledger,
                    "ConwayWdrlNotDelegatedToDRep",
                    string.Join(", ", undelegated.Select(h => $"KeyHash {h}")),
                    "accounts delegated to a DRep"
                )
            );
        }
    }
}
