using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Books;

/// <summary>The contract instances that a node settles on and its wallets there, as services work with them.</summary>
public sealed class Holdings(SettlementStore store)
{
    /// <summary>Every source, disabled ones too, oldest first.</summary>
    public Task<ImmutableArray<PaymentSource>> ListSourcesAsync(CancellationToken cancellation) => store.Sources.ListAsync(cancellation);

    /// <summary>Every wallet, removed ones too, oldest first.</summary>
    public Task<ImmutableArray<HotWallet>> ListWalletsAsync(CancellationToken cancellation) => store.Wallets.ListAsync(cancellation);

    /// <summary>Sets where the money goes that a wallet collects; null means the wallet itself. False when there is no such wallet.</summary>
    public Task<bool> SetCollectionAddressAsync(string walletId, Address? address, CancellationToken cancellation) =>
        store.Wallets.SetCollectionAddressAsync(walletId, address, cancellation);
}
