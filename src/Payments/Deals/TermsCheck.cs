using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Deals;

/// <summary>One way to pay an agent, as its metadata lists it.</summary>
/// <param name="Chain"><c>Cardano</c> or another rail.</param>
/// <param name="Network">The network, on Cardano.</param>
/// <param name="Type">The generation of the escrow contract.</param>
/// <param name="Address">The escrow contract.</param>
/// <param name="Pricing">How it is priced; null when nothing usable says so.</param>
/// <param name="Price">For fixed pricing.</param>
internal sealed record AdvertisedSource(
    string Chain,
    Network? Network,
    PaymentSourceType? Type,
    string? Address,
    PricingType? Pricing,
    ImmutableArray<WrittenAmount> Price
);

/// <summary>What the chain says about an agent: who holds its token, and what its metadata offers.</summary>
/// <param name="Name">The agent's name.</param>
/// <param name="Holder">Who holds its token.</param>
/// <param name="Sources">V2: the ways to pay it.</param>
/// <param name="Own">V1: its one price, for the escrow its policy belongs to.</param>
internal sealed record AgentAdvert(string Name, Address Holder, ImmutableArray<AdvertisedSource> Sources, AdvertisedSource? Own);

/// <summary>The checks both sides make on what was agreed (spec payment-service-api.md 6.1 and 6.2).</summary>
internal static class TermsCheck
{
    /// <summary>The first broken deadline rule, or null.</summary>
    public static Refusal? Deadlines(Deadlines deadlines, DateTimeOffset now, DeadlineLimits limits) =>
        DeadlineRules.Check(deadlines, now, limits) is [var first, ..] ? DealRefusals.Of(first) : null;

    /// <summary>The refusal of terms under which a lock that comes at the last moment has its confirmations too late for the seller (decision 3), or null.</summary>
    public static Refusal? Confirmations(Confirmations confirmations, Value price, Deadlines deadlines)
    {
        var latest = confirmations.LatestPayBy(price, deadlines.SubmitResult);
        if (deadlines.PayBy <= latest)
        {
            return null;
        }

        var blocks = confirmations.Of(price);
        return PaymentRefusals.ConfirmationsTooLate.With(
            ("minutes", (deadlines.SubmitResult - latest).TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)),
            ("confirmations", string.Create(CultureInfo.InvariantCulture, $"{blocks} confirmation{(blocks == 1 ? "" : "s")}"))
        );
    }

    /// <summary>The address that a member names; a refusal where it is none of the network.</summary>
    public static Refusal? Address(string field, string? text, Network network, out Address? address)
    {
        address = null;
        return text is null || (Cardano.Addresses.Address.TryParse(text, out address) && address.Network == network.ToNetworkId())
            ? null
            : DealRefusals.AddressInvalid.With(("field", field));
    }

    /// <summary>Amounts as they are signed.</summary>
    public static ImmutableArray<WrittenAmount>? Amounts(ImmutableArray<AskedAmount>? asked) =>
        asked is { } amounts ? [.. amounts.Select(a => new WrittenAmount(a.Unit, Digits.ReadSigned<long>(a.Amount)))] : null;

    /// <summary>The source a buyer chose, or the refusal. A V1 agent has one price, and no choice.</summary>
    public static (AdvertisedSource? Source, Refusal? Refusal) Select(AgentAdvert advert, long? index, PaymentSource source, bool buying)
    {
        if (source.Family == EscrowFamily.V1)
        {
            return (advert.Own ?? new AdvertisedSource("Cardano", source.Network, null, null, null, []), null);
        }

        var (selected, refusal) = Pick(advert, index);
        if (selected is null)
        {
            return (null, refusal);
        }

        if (selected.Network != source.Network)
        {
            return (null, DealRefusals.SourceOfAnotherNetwork.With());
        }

        return selected.Type == PaymentSourceType.Web3CardanoV2 && (!buying || selected.Address == source.ContractAddress.ToString())
            ? (selected, null)
            : (null, (buying ? PurchaseRefusals.SettlementMismatch : PaymentRefusals.SettlementUnsupported).With());
    }

    private static (AdvertisedSource? Source, Refusal? Refusal) Pick(AgentAdvert advert, long? index)
    {
        if (index is not { } place)
        {
            return advert.Sources.FirstOrDefault(s => s.Chain == "Cardano") is { } first ? (first, null) : (null, PurchaseRefusals.NoCardanoSource.With());
        }

        var named = ("index", (string?)place.ToString(CultureInfo.InvariantCulture));
        return place >= advert.Sources.Length ? (null, DealRefusals.IndexNotAdvertised.With(named))
            : advert.Sources[(int)place] is { Chain: "Cardano" } source ? (source, null)
            : (null, DealRefusals.IndexNotCardano.With(named));
    }
}
