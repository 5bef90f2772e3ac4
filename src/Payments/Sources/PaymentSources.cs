using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Payments.Wallets;
using Masumi.Protocol.PaymentService.Sources;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Sources;

/// <summary>Payment sources: contracts this node settles on, with the wallets it has there (spec payment-service-api.md 6.5).</summary>
internal sealed class PaymentSources(MoneyContext context)
{
    private const string CollectionAddress = "collectionAddress";

    public async Task<Reply<PaymentSourceList>> ListAsync(ListSourcesRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var sources = (await context.SourcesAsync(cancellation)).Where(s => caller.Allows(s.Network)).Reverse();
        return new PaymentSourceList([
            .. MoneyContext.Page(sources, request.CursorId, request.Take, s => s.Id).Select(s => SourceRowText.Row(s, context.Clock.Tip?.Time)),
        ]);
    }

    public async Task<Reply<ExtendedSourceList>> ListAsync(ListExtendedSourcesRequest request, CancellationToken cancellation)
    {
        var sources = (await context.SourcesAsync(cancellation)).Where(s => request.Network is not { } network || s.Network == network).Reverse();
        var wallets = await context.WalletsAsync(cancellation);
        return new ExtendedSourceList([
            .. MoneyContext.Page(sources, request.CursorId, request.Take, s => s.Id).Select(s => SourceRowText.Extended(s, context, wallets)),
        ]);
    }

    /// <summary>Adds a source, whose contract follows from its parameters, with its wallets: all of it or nothing.</summary>
    public async Task<Reply<ExtendedSourceRow>> CreateAsync(CreateSourceRequest request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.Authentication.RefuseNetworkAsync(caller, request.Network, cancellation) is { } notAllowed)
        {
            return notAllowed;
        }

        SourceContract? contract;
        Refusal? refusal;
        try
        {
            (contract, refusal) = await SourceContract.FindAsync(request, context.Chain, cancellation);
        }
        catch (ChainUnavailableException)
        {
            return SourceRefusals.ChainUnavailable;
        }

        if (contract is null)
        {
            return refusal!;
        }

        var source = context.Keyring.WithProviderKey(
            PaymentSource.Of(context.Ids.Next(), request.Network, contract.Contract, contract.Policy, context.Time.GetUtcNow()),
            request.PaymentSourceConfig.RpcProviderApiKey
        );
        var (wallets, refused) = Seal(source, [(WalletRole.Purchasing, request.PurchasingWallets), (WalletRole.Selling, request.SellingWallets)]);
        if (refused is not null)
        {
            return refused;
        }

        return await context.Holdings.AddAsync(source, wallets, cancellation) switch
        {
            (WalletAdding.Added, var added) => await RowAsync(added.Id, cancellation),
            (WalletAdding.IsRegistered, _) => WalletRefusals.WalletRegistered,
            _ => SourceRefusals.Exists,
        };
    }

    /// <summary>Adds and removes wallets of a source and sets its notes: all of it or nothing.</summary>
    public async Task<Reply<ExtendedSourceRow>> UpdateAsync(UpdateSourceRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var (source, refusal) = await FindAsync(request.Id, caller, cancellation);
        if (source is null)
        {
            return refusal!;
        }

        var (added, refused) = Seal(
            source,
            [(WalletRole.Purchasing, request.AddPurchasingWallets ?? []), (WalletRole.Selling, request.AddSellingWallets ?? [])]
        );
        if (refused is not null)
        {
            return refused;
        }

        var own = (await context.WalletsAsync(cancellation)).Where(w => w.SourceId == source.Id).ToDictionary(w => w.Id, StringComparer.Ordinal);
        (WalletRole Role, string Id)[] named =
        [
            .. (request.RemovePurchasingWallets ?? []).Select(w => (WalletRole.Purchasing, w.Id)),
            .. (request.RemoveSellingWallets ?? []).Select(w => (WalletRole.Selling, w.Id)),
        ];
        if (named.Any(n => own.TryGetValue(n.Id, out var wallet) && wallet.Role == WalletRole.Funding))
        {
            return SourceRefusals.FundingWallet;
        }

        // Ids of the wrong list or of nothing are passed over.
        var removed = named
            .Where(n => own.TryGetValue(n.Id, out var wallet) && wallet.Role == n.Role)
            .Select(n => n.Id)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var keyed = request.PaymentSourceConfig is { } config ? context.Keyring.WithProviderKey(source, config.RpcProviderApiKey) : source;
        var changed = request.LastIdentifierChecked.IsGiven ? keyed with { LastIdentifierChecked = request.LastIdentifierChecked.Value } : keyed;
        return await context.Holdings.ChangeAsync(changed, new SourceWallets(added, removed, request.Force is true), cancellation) switch
        {
            (WalletRemoval.InFlight, _) => SourceRefusals.DistributionInFlight,
            (WalletRemoval.InUse, _) => SourceRefusals.WalletInUse,
            (_, WalletAdding.IsRegistered) => WalletRefusals.WalletRegistered,
            (_, WalletAdding.Added) => await RowAsync(source.Id, cancellation),
            _ => SourceRefusals.NotFound,
        };
    }

    /// <summary>Removes a source with its wallets: nothing new is taken, and what is open of a forced one is followed to its end (F43).</summary>
    public async Task<Reply<ExtendedSourceRow>> DeleteAsync(DeleteSourceRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var (source, refusal) = await FindAsync(request.Id, caller, cancellation);
        if (source is null)
        {
            return refusal!;
        }

        var row = await RowAsync(source.Id, cancellation);
        return await context.Holdings.RemoveSourceAsync(source.Id, request.Force is true, cancellation) switch
        {
            WalletRemoval.Removed => row,
            WalletRemoval.InFlight => SourceRefusals.DistributionInFlight,
            WalletRemoval.InUse => SourceRefusals.InUse,
            _ => SourceRefusals.NotFound,
        };
    }

    /// <summary>Keys of providers that were left with sources.</summary>
    public async Task<Reply<RpcKeyList>> ListAsync(ListRpcKeysRequest request, CancellationToken cancellation) =>
        new RpcKeyList([
            .. MoneyContext
                .Page(await context.SourcesAsync(cancellation), request.CursorId, request.Limit, s => s.Id)
                .Select(s => new RpcKeyRow(s.Id, context.Keyring.RevealProviderKey(s), RpcProvider.Blockfrost, s.CreatedAt, s.CreatedAt, s.Network)),
        ]);

    private async Task<(PaymentSource? Source, Refusal? Refusal)> FindAsync(string id, ApiKey caller, CancellationToken cancellation) =>
        (await context.SourcesAsync(cancellation)).FirstOrDefault(s => s.Id == id) is not { } source ? (null, SourceRefusals.NotFound.With())
        : await context.Authentication.RefuseNetworkAsync(caller, source.Network, cancellation) is { } refusal ? (null, refusal)
        : (source, null);

    private async Task<ExtendedSourceRow> RowAsync(string id, CancellationToken cancellation) =>
        SourceRowText.Extended(
            (await context.Holdings.ListSourcesAsync(cancellation)).Single(s => s.Id == id),
            context,
            await context.WalletsAsync(cancellation)
        );

    private (List<HotWallet> Wallets, Refusal? Refusal) Seal(PaymentSource source, IEnumerable<(WalletRole Role, ImmutableArray<NewWallet> Wallets)> asked)
    {
        var wallets = new List<HotWallet>();
        foreach (var (role, wallet) in asked.SelectMany(a => a.Wallets.Select(w => (a.Role, w))))
        {
            Address? collection = null;
            if (
                wallet.CollectionAddress is { Length: > 0 } text
                && (!Address.TryParse(text, out collection) || !OfferVerification.IsParty(collection, source.NetworkId, null))
            )
            {
                return ([], SourceRefusals.InvalidAddress.With(("member", CollectionAddress)));
            }

            if (context.Seal(source, role, wallet.WalletMnemonic, collection, wallet.Note) is not { } made)
            {
                return ([], WalletRefusals.InvalidMnemonic.With());
            }

            wallets.Add(made);
        }

        return (wallets, null);
    }
}
