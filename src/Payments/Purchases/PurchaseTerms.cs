using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Payments.Deals;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Sources;
using static Masumi.Protocol.PaymentService.Purchases.PurchaseRefusals;

namespace Masumi.Payments.Purchases;

/// <summary>What a buyer's request says about itself, before anybody is asked: which contract it is for, at what price, and whether the seller signed that. Pure.</summary>
internal static class PurchaseTerms
{
    /// <summary>The identifier, and the source that it is for; or why it is for none.</summary>
    public static (IdentifierParts? Identifier, PaymentSource? Source, Refusal? Refusal) Identify(NewPurchase request, ImmutableArray<PaymentSource> sources)
    {
        if (!IdentifierParts.TryDecode(request.BlockchainIdentifier, out var identifier, out _))
        {
            return (null, null, IdentifierFormat.With());
        }

        var (family, address) = (identifier.Family, identifier.EscrowAddress);
        var refusal =
            request.PaymentSourceType is { } type && type != family.ToSourceType() ? SourceTypeMismatch.With()
            : Layers(request, family) is { } layer ? layer
            : family == EscrowFamily.V1 && request.SupportedPaymentSourceIndex is not null ? IndexForbidden.With()
            : request.SmartContractAddress is { Length: > 0 } given && address is not null && given != address ? ContractMismatch.With()
            : !InputHash.TryParse(request.InputHash, out _) ? DealRefusals.InputHashNotHex.With()
            : null;
        if (refusal is not null)
        {
            return (null, null, refusal);
        }

        var policy = request.AgentIdentifier[..56];
        var source = sources.FirstOrDefault(s =>
            s.Family == family && s.DisabledAt is null && s.PolicyId.ToString() == policy && (address is null || s.ContractAddress.ToString() == address)
        );
        return source is null ? (null, null, (family == EscrowFamily.V2 ? SourceNotFoundV2 : SourceNotFoundV1).With()) : (identifier, source, null);
    }

    /// <summary>The price and how it was set, or why there is none.</summary>
    public static (PricingType Pricing, Value? Price, Refusal? Refusal) Price(AdvertisedSource selected, ImmutableArray<WrittenAmount>? amounts)
    {
        switch (selected.Pricing)
        {
            case null:
                return (default, null, PricingMissing.With());

            case PricingType.Free:
                return (default, null, PricingFree.With());

            case PricingType.Fixed:
                return !WrittenAmount.TrySum(selected.Price, out var advertised) ? (default, null, PricingMissing.With())
                    : amounts is { } expected && (!WrittenAmount.TrySum(expected, out var given) || given != advertised) ? (default, null, PriceMismatch.With())
                    : (PricingType.Fixed, advertised, null);

            default:
                return amounts is not { IsEmpty: false } asked ? (default, null, AmountsRequired.With())
                    : WrittenAmount.TrySum(asked, out var sum) ? (PricingType.Dynamic, sum, null)
                    : (default, null, (asked.Any(a => a.Amount <= 0) ? AmountsNotPositive : AmountsTooLarge).With());
        }
    }

    /// <summary>Why the seller did not sign just this, or why it could never be settled; null when all is well.</summary>
    public static Refusal? Verify(IdentifierParts identifier, EscrowOffer offer, Cardano.KeyHash holder, Address? buyerReturn) =>
        OfferVerification.Verify(identifier, offer, holder, buyerReturn) is { } refusal ? Of(refusal) : null;

    /// <summary>Whether an identifier names the buyer's nonce and the agent, letter by letter as the request has them.</summary>
    public static Refusal? VerifyNames(IdentifierParts identifier, NewPurchase request) =>
        OfferVerification.VerifyNames(identifier, request.IdentifierFromPurchaser, request.AgentIdentifier) is { } refusal ? Of(refusal) : null;

    // Nobody has a head here: what is insisted on is never quietly settled otherwise.
    private static Refusal? Layers(NewPurchase request, EscrowFamily family) =>
        family == EscrowFamily.V1 && request.PaymentForceLayer == SettlementLayer.Hydra ? LayerNeedsV2.With()
        : request is { ForceLayer: { } mine, PaymentForceLayer: { } theirs } && mine != theirs ? LayerConflict.With()
        : request.PaymentForceLayer == SettlementLayer.Hydra ? DealRefusals.LayerUnavailable.With(("field", "paymentForceLayer"))
        : request.ForceLayer == SettlementLayer.Hydra ? DealRefusals.LayerUnavailable.With(("field", "forceLayer"))
        : null;

    private static Refusal Of(OfferRefusal refusal) =>
        new(
            refusal.Rule switch
            {
                OfferRule.PurchaserIdentifier => PurchaserMismatch,
                OfferRule.PurchaserHex => DealRefusals.PurchaserNotHex,
                OfferRule.SellerHex => SellerNotHex,
                OfferRule.AgentIdentifier => AgentMismatch,
                OfferRule.KeyFound => KeyNotFound,
                OfferRule.KeyMatches => KeyMismatch,
                OfferRule.EscrowPresent => ContractMissing,
                OfferRule.EscrowMatches => ContractMismatch,
                OfferRule.Signature => SignatureInvalid,
                OfferRule.PartyAddress => refusal.Message == SellerWithoutKey.Message ? SellerWithoutKey : DealRefusals.ReturnAddressWithoutKey,
                OfferRule.Bounds => DealRefusals.OutOfBounds,
                _ => IdentifierFormat,
            },
            refusal.Message,
            [("supplied", refusal.Supplied), ("required", refusal.Required)]
        );
}
