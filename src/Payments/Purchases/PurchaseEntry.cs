using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using static Masumi.Protocol.PaymentService.Purchases.PurchaseRefusals;

namespace Masumi.Payments.Purchases;

/// <summary>
/// A new purchase: everything that the seller signed is verified against the request, the chain and this node's own configuration, then the purchase is stored with the intent
/// to lock (spec payment-service-api.md 6.2, in that order). Nothing is sent here; the engine does that.
/// </summary>
internal sealed class PurchaseEntry(PaymentsContext context, DealDesk<PurchaseRow> desk)
{
    public async Task<Reply<PurchaseRow>> EnterAsync(NewPurchase request, ApiKey caller, CancellationToken cancellation)
    {
        var notBuyers = TermsCheck.Address("buyerReturnAddress", request.BuyerReturnAddress, request.Network, out var buyerReturn);
        var notSellers = TermsCheck.Address("sellerReturnAddress", request.SellerReturnAddress, request.Network, out var sellerReturn);
        if ((notBuyers ?? notSellers ?? await context.RefuseNetworkAsync(caller, request.Network, cancellation)) is { } refused)
        {
            return refused;
        }

        var sources = await context.SourcesAsync(request.Network, cancellation);
        if (await context.Deals.FindAsync(DealSide.Purchase, [.. sources.Select(s => s.Id)], request.BlockchainIdentifier, cancellation) is { } existing)
        {
            return await ExistsAsync(existing, caller, cancellation);
        }

        var (identifier, source, unfit) = PurchaseTerms.Identify(request, sources);
        if (identifier is null || source is null)
        {
            return unfit!;
        }

        var wallets = await context.Holdings.ListWalletsAsync(cancellation);
        var deadlines = new Deadlines(request.PayByTime, request.SubmitResultTime, request.UnlockTime, request.ExternalDisputeUnlockTime);
        if (
            (
                Payers(wallets, source, caller)
                ?? PayeeRule.Refuse("buyerReturnAddress", buyerReturn, caller, wallets.Where(w => caller.MayUse(w.Id)), context.Payees)
                ?? TermsCheck.Deadlines(deadlines, context.Clock.GetUtcNow(), context.Settlement.Deadlines)
            ) is
            { } early
        )
        {
            return early;
        }

        var (advert, selected, unknown) = await LookAsync(request, source, cancellation);
        if (advert is null)
        {
            return unknown!;
        }

        var amounts = TermsCheck.Amounts(request.Amounts);
        var (pricing, price, noPrice) = PurchaseTerms.Price(selected!, amounts);
        if ((noPrice ?? PurchaseTerms.VerifyNames(identifier, request)) is { } wrong)
        {
            return wrong;
        }

        // When the seller is a wallet of this very node, its collection address is what it signed. V1 has no return addresses.
        sellerReturn = source.Family == EscrowFamily.V1 ? null : sellerReturn ?? Seller(wallets, advert)?.CollectionAddress;
        var offer = new EscrowOffer
        {
            Family = source.Family,
            AgentIdentifier = AgentIdentifier.Parse(request.AgentIdentifier),
            BuyerNonce = BuyerNonce.Parse(request.IdentifierFromPurchaser.ToLowerInvariant()),
            InputHash = request.InputHash,
            Deadlines = deadlines,
            Seller = advert.Holder,
            RequestedFunds = pricing == PricingType.Dynamic ? amounts : null,
            SellerReturn = sellerReturn,
            Escrow = source.ContractAddress,
            SupportedPaymentSourceIndex = (int?)request.SupportedPaymentSourceIndex,
            PaymentForceLayer = request.PaymentForceLayer,
        };
        return PurchaseTerms.Verify(identifier, offer, advert.Holder.Payment!.Value.AsKey!.Value, buyerReturn) is { } notSigned
            ? notSigned
            : await StoreAsync(request, offer, source, advert.Name, pricing, price!, buyerReturn, caller, cancellation);
    }

    private static Refusal? Payers(ImmutableArray<HotWallet> wallets, PaymentSource source, ApiKey caller)
    {
        if (caller.Wallets is { IsEmpty: true })
        {
            return ScopeEmpty.With();
        }

        var payers = wallets.Where(w => w.SourceId == source.Id && w is { Role: WalletRole.Purchasing, DeletedAt: null } && caller.MayUse(w.Id)).ToList();
        return payers.Count == 0 ? NoPurchasingWallet.With() : null;
    }

    private static HotWallet? Seller(ImmutableArray<HotWallet> wallets, AgentAdvert advert) =>
        wallets.FirstOrDefault(w =>
            w is { Role: WalletRole.Selling, DeletedAt: null } && w.KeyHash == advert.Holder.Payment?.AsKey && w.Address == advert.Holder
        );

    private async Task<(AgentAdvert? Advert, AdvertisedSource? Selected, Refusal? Refusal)> LookAsync(
        NewPurchase request,
        PaymentSource source,
        CancellationToken cancellation
    )
    {
        var found = await context.Agents.FindAsync(AgentIdentifier.Parse(request.AgentIdentifier), cancellation);
        if (found is AgentLookup.NotFound)
        {
            return (null, null, DealRefusals.AgentNotFound.With());
        }

        if (found.Holder?.Payment?.AsKey is not { } holder || holder.ToString() != request.SellerVkey)
        {
            return (null, null, SellerVkeyInvalid.With());
        }

        if (found is not AgentLookup.Found { Advert: var advert })
        {
            return (null, null, MetadataInvalid.With());
        }

        var (selected, notSelected) = TermsCheck.Select(advert, request.SupportedPaymentSourceIndex, source, buying: true);
        return selected is null ? (null, null, notSelected) : (advert, selected, null);
    }

    private async Task<Reply<PurchaseRow>> StoreAsync(
        NewPurchase request,
        EscrowOffer offer,
        PaymentSource source,
        string agentName,
        PricingType pricing,
        Value price,
        Address? buyerReturn,
        ApiKey caller,
        CancellationToken cancellation
    )
    {
        var deal = new Deal
        {
            Id = context.Ids.Next(),
            Side = DealSide.Purchase,
            SourceId = source.Id,
            Terms = new DealTerms(
                BlockchainIdentifier.Parse(request.BlockchainIdentifier),
                offer.AgentIdentifier,
                pricing,
                price,
                InputHash.Parse(request.InputHash),
                offer.Deadlines,
                offer.Seller,
                offer.SellerReturn,
                buyerReturn
            ),
            AgentName = agentName,
            AllowedWallets = caller.Wallets ?? [],
            Metadata = request.Metadata,
            RequestedBy = caller.Id,
            ForceLayer = request.ForceLayer,
            PaymentForceLayer = request.PaymentForceLayer,
            CreatedAt = context.Clock.GetUtcNow(),
            Family = source.Family,
        };
        return await context.Keys.EnterAsync(context.Deals, deal, caller, Amounts.ToList(price), cancellation) switch
        {
            InsertOutcome.Stored stored => await desk.RowAsync(stored.Deal, withHistory: false, cancellation),
            InsertOutcome.Exists exists => await ExistsAsync(exists.Deal, caller, cancellation),
            _ => CreditsExhausted,
        };
    }

    // That there is one every key hears, for money is locked once; the row is shown to those who may see it.
    private async Task<Reply<PurchaseRow>> ExistsAsync(Deal existing, ApiKey caller, CancellationToken cancellation) =>
        DealDesk<PurchaseRow>.CanSee(caller, existing)
            ? Reply.Exists(Exists.With(), existing.Id, await desk.RowAsync(existing, withHistory: false, cancellation))
            : Exists;
}
