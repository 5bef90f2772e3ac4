using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Books;

/// <summary>The contract instances that a node settles on and its wallets there, as services work with them.</summary>
public sealed class Holdings(SettlementStore store, TimeProvider time, ISettlementSignal signal)
{
    /// <summary>Every source, disabled ones too, oldest first.</summary>
    public Task<ImmutableArray<PaymentSource>> ListSourcesAsync(CancellationToken cancellation) => store.Sources.ListAsync(cancellation);

    /// <summary>Every wallet, removed ones too, oldest first.</summary>
    public Task<ImmutableArray<HotWallet>> ListWalletsAsync(CancellationToken cancellation) => store.Wallets.ListAsync(cancellation);

    /// <summary>Sets where the money goes that a wallet collects; null means the wallet itself. False when there is no such wallet.</summary>
    public Task<bool> SetCollectionAddressAsync(string walletId, Address? address, CancellationToken cancellation) =>
        store.Wallets.SetCollectionAddressAsync(walletId, address, cancellation);

    /// <summary>
    /// Adds a source with its wallets, all or nothing; one that was removed is there again, under its own id. Null when the network has one with this contract
    /// address.
    /// </summary>
    public async Task<(WalletAdding Wallets, PaymentSource Source)?> AddAsync(
        PaymentSource source,
        IReadOnlyCollection<HotWallet> wallets,
        CancellationToken cancellation
    )
    {
        var added = await store.Sources.AddAsync(source, wallets, cancellation);
        signal.Wake();
        return added;
    }

    /// <summary>Changes a source's notes and its wallets, all or nothing. Null when there is no such source.</summary>
    public async Task<(WalletRemoval Removed, WalletAdding Added)?> ChangeAsync(PaymentSource source, SourceWallets wallets, CancellationToken cancellation)
    {
        var changed = await store.Sources.ChangeAsync(source, wallets, time.GetUtcNow(), cancellation);
        signal.Wake();
        return changed;
    }

    /// <summary>Removes a source with its wallets; what is open is followed to its end (F43).</summary>
    public Task<WalletRemoval> RemoveSourceAsync(string id, bool force, CancellationToken cancellation) =>
        store.Sources.RemoveAsync(id, force, time.GetUtcNow(), cancellation);

    /// <summary>The transaction of a wallet that waits for its block; null when none does. The newest where several do.</summary>
    public async Task<Attempt?> PendingAsync(string walletId, CancellationToken cancellation) =>
        (await store.Attempts.ListSentAsync(walletId, cancellation)).LastOrDefault();
}
