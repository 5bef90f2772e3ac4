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
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using static Masumi.Protocol.PaymentService.Payments.PaymentRefusals;

namespace Masumi.Payments.Payments;

/// <summary>
/// A new payment: that this node sells the agent is checked, the terms are signed with the selling wallet, and the payment is stored (spec payment-service-api.md 6.1, in that
/// order). Nothing goes on chain here.
/// </summary>
internal sealed class PaymentEntry(PaymentsContext context, DealDesk<PaymentRow> desk)
{
    // What is sold, through which contract, and for how much.
    private sealed record Sale(AgentAdvert Advert, PaymentSource Source, PricingType Pricing, Value Price, ImmutableArray<WrittenAmount>? Asked);

    public async Task<Reply<PaymentRow>> EnterAsync(NewPayment request, ApiKey caller, CancellationToken cancellation)
    {
        if (
            (
                TermsCheck.Address("sellerReturnAddress", request.SellerReturnAddress, request.Network, out var sellerReturn)
                ?? await context.RefuseNetworkAsync(caller, request.Network, cancellation)
            ) is
            { } refused
        )
        {
            return refused;
        }

        var sources = await context.SourcesAsync(request.Network, cancellation);
        var now = context.Clock.GetUtcNow();
        var deadlines = Deadlines.WithDefaults(
            request.PayByTime ?? now.AddHours(12),
            request.SubmitResultTime ?? now.AddHours(24),
            request.UnlockTime,
            request.ExternalDisputeUnlockTime
        );
        var registry = sources.FirstOrDefault(s => s.DisabledAt is null && s.PolicyId.ToString() == request.AgentIdentifier[..56]);
        if (registry is null || !AgentIdentifier.TryParse(request.AgentIdentifier, out var agent))
        {
            return PolicyUnsupported;
        }

        var (nonce, hash, unreadable) = Read(request, registry.Family);
        if (nonce is null || hash is null)
        {
            return unreadable!;
        }

        if (TermsCheck.Deadlines(deadlines, now, context.Settlement.Deadlines) is { } badDeadlines)
        {
            return badDeadlines;
        }

        var (sale, noSale) = await SellAsync(request, agent, registry, sources, cancellation);
        if (sale is null)
        {
            return noSale!;
        }

        var (wallet, noWallet) = await WalletAsync(sale, deadlines, caller, cancellation);
        if (wallet is null)
        {
            return noWallet!;
        }

        if (Payout(sale.Source, wallet, caller, ref sellerReturn) is { } notThere)
        {
            return notThere;
        }

        var offer = new EscrowOffer
        {
            Family = sale.Source.Family,
            AgentIdentifier = agent,
            BuyerNonce = nonce,
            InputHash = hash.ToString(),
            Deadlines = deadlines,
            Seller = sale.Advert.Holder,
            RequestedFunds = sale.Asked,
            SellerReturn = sellerReturn,
            Escrow = sale.Source.ContractAddress,
            SupportedPaymentSourceIndex = (int?)request.SupportedPaymentSourceIndex,
            PaymentForceLayer = request.ForceLayer,
        };
        return await StoreAsync(request, offer, hash, sale, wallet, caller, now, cancellation);
    }

    private static (BuyerNonce? Nonce, InputHash? Hash, Refusal? Refusal) Read(NewPayment request, EscrowFamily family)
    {
        var refusal =
            request.PaymentSourceType is { } type && type != family.ToSourceType() ? SourceTypeMismatch.With()
            : request.ForceLayer != SettlementLayer.Hydra ? null
            : family == EscrowFamily.V1 ? LayerNeedsV2.With()
            : DealRefusals.LayerUnavailable.With(("field", "forceLayer"));
        if (refusal is not null)
        {
            return (null, null, refusal);
        }

        return !BuyerNonce.TryParse(request.IdentifierFromPurchaser, out var nonce) ? (null, null, DealRefusals.PurchaserNotHex.With())
            : !InputHash.TryParse(request.InputHash, out var hash) ? (null, null, DealRefusals.InputHashNotHex.With())
            : (nonce, hash, null);
    }

    private async Task<(Sale? Sale, Refusal? Refusal)> SellAsync(
        NewPayment request,
        AgentIdentifier agent,
        PaymentSource registry,
        ImmutableArray<PaymentSource> sources,
        CancellationToken cancellation
    )
    {
        var found = await context.Agents.FindAsync(agent, cancellation);
        if (found is not AgentLookup.Found { Advert: var advert })
        {
            var why =
                found is AgentLookup.NotFound ? DealRefusals.AgentNotFound
                : found is AgentLookup.NoMetadata ? MetadataMissing
                : MetadataInvalid;
            return (null, why.With());
        }

        var isV1 = registry.Family == EscrowFamily.V1;
        if (isV1 == request.SupportedPaymentSourceIndex is not null)
        {
            return (null, (isV1 ? IndexForbidden : IndexRequired).With());
        }

        var (selected, notSelected) = TermsCheck.Select(advert, request.SupportedPaymentSourceIndex, registry, buying: false);
        if (selected is null)
        {
            return (null, notSelected);
        }

        var source = isV1
            ? registry
            : sources.FirstOrDefault(s => s.DisabledAt is null && s.Family == EscrowFamily.V2 && s.ContractAddress.ToString() == selected.Address);
        if (source is null)
        {
            return (null, SourceNotConfigured.With());
        }

        var asked = TermsCheck.Amounts(request.RequestedFunds);
        var (pricing, price, noPrice) = Price(selected, asked);
        return price is null ? (null, noPrice) : (new Sale(advert, source, pricing, price, pricing == PricingType.Dynamic ? asked : null), null);
    }

    private static (PricingType Pricing, Value? Price, Refusal? Refusal) Price(AdvertisedSource selected, ImmutableArray<WrittenAmount>? funds)
    {
        switch (selected.Pricing)
        {
            case null:
                return (default, null, PricingMissing.With());

            case PricingType.Free:
                return (default, null, PricingFree.With());

            case PricingType.Fixed:
                return funds is not null ? (default, null, FundsForFixedPrice.With())
                    : WrittenAmount.TrySum(selected.Price, out var advertised) ? (PricingType.Fixed, advertised, null)
                    : (default, null, PricingMissing.With());

            default:
                return funds is not { IsEmpty: false } asked ? (default, null, FundsRequired.With())
                    : WrittenAmount.TrySum(asked, out var sum) ? (PricingType.Dynamic, sum, null)
                    : (default, null, (asked.Any(a => a.Amount <= 0) ? FundsNotPositive : FundsTooLarge).With());
        }
    }

    private async Task<(HotWallet? Wallet, Refusal? Refusal)> WalletAsync(Sale sale, Deadlines deadlines, ApiKey caller, CancellationToken cancellation)
    {
        if (TermsCheck.Confirmations(context.Settlement.Confirmations, sale.Price, deadlines) is { } tooTight)
        {
            return (null, tooTight);
        }

        var wallet = (await context.Holdings.ListWalletsAsync(cancellation)).FirstOrDefault(w =>
            w.SourceId == sale.Source.Id && w is { Role: WalletRole.Selling, DeletedAt: null } && w.KeyHash == sale.Advert.Holder.Payment?.AsKey
        );
        return wallet is null ? (null, SellingWalletNotFound.With())
            : caller.MayUse(wallet.Id) ? (wallet, null)
            : (null, DealRefusals.OutOfScope.With());
    }

    // V1 has no return addresses: where the wallet collects is its own affair.
    private Refusal? Payout(PaymentSource source, HotWallet wallet, ApiKey caller, ref Address? sellerReturn)
    {
        var named = sellerReturn;
        sellerReturn = source.Family == EscrowFamily.V1 ? null : named ?? wallet.CollectionAddress;
        return PayeeRule.Refuse("sellerReturnAddress", named, caller, [wallet], context.Payees) is { } notThere ? notThere
            : sellerReturn is not null && !OfferVerification.IsParty(sellerReturn, source.NetworkId, source.ContractAddress)
                ? DealRefusals.ReturnAddressWithoutKey.With(("field", "sellerReturnAddress"))
            : null;
    }

    private async Task<Reply<PaymentRow>> StoreAsync(
        NewPayment request,
        EscrowOffer offer,
        InputHash hash,
        Sale sale,
        HotWallet wallet,
        ApiKey caller,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var identifier = offer.Sign(context.Wallets.Open(wallet).Payment, SellerNonce.From(context.Ids.Bytes(32)));
        if (EscrowBounds.Check(identifier, offer) is [var tooLarge, ..])
        {
            return DealRefusals.OutOfBounds.With(("field", tooLarge.Field), ("sentence", tooLarge.Sentence));
        }

        var deal = new Deal
        {
            Id = context.Ids.Next(),
            Side = DealSide.Payment,
            SourceId = sale.Source.Id,
            Terms = new DealTerms(
                BlockchainIdentifier.Parse(identifier.Encode()),
                offer.AgentIdentifier,
                sale.Pricing,
                sale.Price,
                hash,
                offer.Deadlines,
                offer.Seller,
                offer.SellerReturn,
                null
            ),
            AgentName = sale.Advert.Name,
            WalletId = wallet.Id,
            Metadata = request.Metadata,
            RequestedBy = caller.Id,
            ForceLayer = request.ForceLayer,
            CreatedAt = now,
            Family = sale.Source.Family,
        };
        return await context.Deals.EnterAsync(deal, cancellation) is InsertOutcome.Stored stored
            ? await desk.RowAsync(stored.Deal, withHistory: false, cancellation)
            : Exists;
    }
}
