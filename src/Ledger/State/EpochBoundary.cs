using System.Collections.Immutable;
using Masumi.Cardano;

namespace Masumi.Ledger.State;

/// <summary>
/// What happens between two epochs without governance and without rewards: donations reach the treasury, changes of pools come into
/// force, retiring pools go and give their deposits back (the ledger's POOLREAP).
/// </summary>
internal static class EpochBoundary
{
    /// <summary>The state as the epoch after its own begins.</summary>
    public static LedgerState Enter(LedgerState state, long epoch)
    {
        var pools = state.Certs.Pools;
        var retired = pools.Where(p => p.Value.RetiringEpoch == epoch).ToImmutableArray();
        var changed = pools
            .Where(p => p.Value.Future is not null)
            .Select(p => KeyValuePair.Create(p.Key, p.Value with { Current = p.Value.Future, Future = null }));
        var certs = state.Certs with { Pools = pools.SetItems(changed) };
        var treasury = state.Treasury + state.Donations;
        foreach (var (id, _) in retired)
        {
            var pool = certs.Pools[id];
            var accounts = certs.Accounts;
            if (pool.Current?.RewardAccount is { } credential && accounts.TryGetValue(credential, out var account))
            {
                accounts = accounts.SetItem(credential, account with { Rewards = account.Rewards + pool.Deposit });
            }
            else
            {
                // Nobody can be paid: the ledger's unclaimed deposits.
                treasury += pool.Deposit;
            }

            accounts = accounts.SetItems(accounts.Where(a => a.Value.Pool == id).Select(a => KeyValuePair.Create(a.Key, a.Value with { Pool = null })));
            certs = certs with { Accounts = accounts, Pools = certs.Pools.Remove(id) };
        }

        return state with
        {
            Epoch = epoch,
            Certs = certs,
            Treasury = treasury,
            Donations = Lovelace.Zero,
        };
    }
}
