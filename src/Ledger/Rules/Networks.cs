using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: output addresses, reward accounts and body key 15 name this network.</summary>
internal static class Networks
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var expected = tx.Environment.Network;
        var wrong = tx.AllOutputs.Select(o => o.Address).Where(a => a.Network != expected).Distinct().ToArray();
        if (wrong.Length > 0)
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "WrongNetwork", string.Join(", ", wrong.Select(a => $"{a}")), $"{expected}"));
        }

        var accounts = tx.Body.Withdrawals.Select(w => w.Key).Where(a => a.Network != expected).ToArray();
        if (accounts.Length > 0)
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "WrongNetworkWithdrawal", string.Join(", ", accounts.Select(a => $"{a}")), $"{expected}"));
        }

        if (tx.Body.NetworkId is { } named && named != expected)
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "WrongNetworkInTxBody", $"{named}", $"{expected}"));
        }
    }
}
