using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>
/// Withdrawals take all there is from registered accounts. CERTS up to protocol version 10, LEDGER with two names of its own from 11 on.
/// </summary>
internal static class Withdrawals
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var accounts = tx.State.Certs.Accounts;
        var bad = tx
            .Body.Withdrawals.Select(w =>
                (
                    Address: w.Key,
                    Amount: w.Value,
                    Account: w.Key.Network == tx.Environment.Network && w.Key.Stake is { } credential ? accounts.GetValueOrDefault(credential) : null
                )
            )
            .Where(w => w.Account is null || w.Amount != w.Account.Rewards)
            .ToArray();
        if (bad.Length == 0)
        {
            return;
        }

        if (tx.Parameters.ProtocolMajor < 11)
        {
            failures.Add(
                LedgerFailure.Of(
                    LedgerRule.Certs,
                    "WithdrawalsNotInRewardsCERTS",
                    string.Join(", ", bad.Select(w => $"{w.Address}: Coin {w.Amount}")),
                    string.Join(", ", bad.Select(w => $"{w.Address}: {(w.Account is { } account ? $"Coin {account.Rewards}" : "not registered")}"))
                )
            );
            return;
        }

        var missing = bad.Where(w => w.Account is null).ToArray();
        if (missing.Length > 0)
        {
            failures.Add(
                LedgerFailure.Of(
                    LedgerRule.Ledger,
                    "ConwayWithdrawalsMissingAccounts",
                    string.Join(", ", missing.Select(w => $"{w.Address}: Coin {w.Amount}")),
                    "registered accounts of this network"
                )
            );
        }

        var incomplete = bad.Where(w => w.Account is not null).ToArray();
        if (incomplete.Length > 0)
        {
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Ledger,
                    "ConwayIncompleteWithdrawals",
                    string.Join(", ", incomplete.Select(w => $"{w.Address}: Coin {w.Amount}")),
                    string.Join(", ", incomplete.Select(w => $"{w.Address}: Coin {w.Account!.Rewards}"))
                )
            );
        }
    }
}
