using System.Collections.Immutable;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Books;

/// <summary>Money that moves between wallets, and out of them, without a deal, as services work with it: asked for here, moved by the engine alone.</summary>
public sealed class Treasury(SettlementStore store, SettlementEngine engine, ChainClock clock, TimeProvider time)
{
    /// <summary>How funding wallets top others up, by wallet; of those that are not removed.</summary>
    public Task<ImmutableDictionary<string, FundingSettings>> ListSettingsAsync(CancellationToken cancellation) => store.TopUps.ListSettingsAsync(cancellation);

    /// <summary>How many top-ups funding wallets have taken on that are not sent.</summary>
    public Task<ImmutableDictionary<string, long>> CountPendingAsync(CancellationToken cancellation) => store.TopUps.CountPendingAsync(cancellation);

    /// <summary>Adds a funding wallet.</summary>
    public Task<WalletAdding> AddAsync(HotWallet wallet, FundingSettings settings, CancellationToken cancellation) =>
        store.Wallets.AddAloneAsync([wallet], [settings], cancellation);

    /// <summary>Says how a funding wallet tops others up.</summary>
    public async Task SetAsync(FundingSettings settings, CancellationToken cancellation)
    {
        await store.TopUps.SetAsync(settings, cancellation);
        engine.Wake();
    }

    /// <summary>Takes a funding wallet out of use, unless money of it is on its way.</summary>
    public Task<WalletRemoval> RemoveAsync(string walletId, CancellationToken cancellation) =>
        store.Wallets.RemoveAsync([walletId], force: true, time.GetUtcNow(), cancellation);

    /// <summary>Whether a top-up that a wallet pays, or gets, is on its way.</summary>
    public Task<bool> IsInFlightAsync(string walletId, CancellationToken cancellation) => store.TopUps.IsInFlightAsync(walletId, cancellation);

    /// <summary>Top-ups, newest first.</summary>
    public Task<ImmutableArray<TopUp>> ListAsync(TopUpQuery query, CancellationToken cancellation) => store.TopUps.ListAsync(query, cancellation);

    /// <summary>Starts a round of top-ups; true when one was under way.</summary>
    public async Task<bool> HurryAsync(CancellationToken cancellation)
    {
        var isAtWork = engine.LooksAtBalances;
        await store.TopUps.HurryAsync(clock.GetUtcNow(), cancellation);
        engine.Wake();
        return isAtWork;
    }

    /// <summary>Asks for money to be sent out of a wallet; its times are set here.</summary>
    public async Task<Transfer> SendAsync(Transfer transfer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        var now = clock.GetUtcNow();
        var stored = await store.Transfers.InsertAsync(
            transfer with
            {
                CreatedAt = time.GetUtcNow(),
                NextAt = now,
                GiveUpAt = now + TransferMachine.UsualPatience,
            },
            time.GetUtcNow(),
            cancellation
        );
        engine.Wake();
        return stored;
    }

    /// <summary>A transfer, or null.</summary>
    public Task<Transfer?> GetAsync(string id, CancellationToken cancellation) => store.Transfers.GetAsync(id, cancellation);

    /// <summary>Transfers out of a wallet, newest first, from one of them on.</summary>
    public Task<ImmutableArray<Transfer>> ListTransfersAsync(string walletId, string? cursor, int limit, CancellationToken cancellation) =>
        store.Transfers.ListAsync(walletId, cursor, limit, cancellation);
}
