using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Books;

/// <summary>Rules about wallets' balances as services work with them.</summary>
public sealed class BalanceBook(SettlementStore store, IChain chain, ChainClock clock, ISettlementSignal signal)
{
    /// <summary>All rules of wallets that are not removed, by wallet and asset.</summary>
    public Task<ImmutableArray<BalanceRule>> ListAsync(CancellationToken cancellation) => store.Balances.ListAsync(cancellation);

    /// <summary>
    /// Enters a rule after a look at the balance, of which nobody is told; where the chain does not answer, the engine looks later. Null when the wallet has a
    /// rule for the asset.
    /// </summary>
    public async Task<BalanceRule?> EnterAsync(BalanceRule rule, HotWallet wallet, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(wallet);
        var now = clock.GetUtcNow();
        var balance = await BalanceAsync(wallet, cancellation);
        var entered = balance is null
            ? rule with
            {
                CreatedAt = now,
                NextAt = rule.IsEnabled ? now : null,
            }
            : BalanceRules.Look(rule with { CreatedAt = now }, rule.In(balance), now).Rule with
            {
                AlertedAt = null,
            };
        if (!await store.Balances.AddAsync(entered, cancellation))
        {
            return null;
        }

        signal.Wake();
        return entered;
    }

    /// <summary>A rule, or null.</summary>
    public Task<BalanceRule?> GetAsync(string id, CancellationToken cancellation) => store.Balances.GetAsync(id, cancellation);

    /// <summary>Changes a rule, of which nothing is known then until the next look. Null when there is none, or <paramref name="change"/> made none.</summary>
    public async Task<BalanceRule?> ChangeAsync(string id, Func<BalanceRule, BalanceRule?> change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        var changed = await store.Balances.ChangeAsync(
            id,
            rule => change(rule) is { } after ? BalanceRules.Changed(after, clock.GetUtcNow()) : null,
            cancellation
        );
        if (changed is not null)
        {
            signal.Wake();
        }

        return changed;
    }

    /// <summary>Forgets a rule; when it did, or null when there is none.</summary>
    public async Task<DateTimeOffset?> DeleteAsync(string id, CancellationToken cancellation) =>
        await store.Balances.DeleteAsync(id, cancellation) ? clock.GetUtcNow() : null;

    /// <summary>All that is at a wallet's addresses on chain; null when the chain does not answer.</summary>
    public async Task<Value?> BalanceAsync(HotWallet wallet, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wallet);
        try
        {
            var listed = await chain.GetUtxosAsync(wallet.Address, cancellation);
            var more = wallet.EnterpriseAddress == wallet.Address ? [] : await chain.GetUtxosAsync(wallet.EnterpriseAddress, cancellation);
            return listed.AddRange(more).Aggregate(Value.Zero, (sum, coin) => sum + coin.Output.Value);
        }
        catch (ChainUnavailableException)
        {
            return null;
        }
    }
}
