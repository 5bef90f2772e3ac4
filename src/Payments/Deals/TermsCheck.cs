using System.Collections.Immutable;
using System.Globalization;
using Masumi.Api;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;
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

/// <summary>The checks both sides make on what was agreed, with the messages of spec payment-service-api.md 6.1 and 6.2.</summary>
internal static class TermsCheck
{
    /// <summary>The first broken deadline rule, or null.</summary>
    public static ApiResult? Deadlines(Deadlines deadlines, DateTimeOffset now, DeadlineLimits limits) =>
        DeadlineRules.Check(deadlines, now, limits) is [var first, ..] ? ApiResult.BadRequest(first.Message) : null;

    /// <summary>The refusal of terms under which a lock that comes at the last moment has its confirmations too late for the seller (decision 3), or null.</summary>
    public static ApiResult? Confirmations(Confirmations confirmations, Value price, Deadlines deadlines)
    {
        var latest = confirmations.LatestPayBy(price, deadlines.SubmitResult);
        if (deadlines.PayBy <= latest)
        {
            return null;
        }

        var margin = (deadlines.SubmitResult - latest).TotalMinutes;
        var blocks = confirmations.Of(price);
        return ApiResult.BadRequest(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Pay by time must be before submit result time (min. {margin:0.#} minutes: {blocks} confirmation{(blocks == 1 ? "" : "s")} at this price, and 10 minutes)"
            )
        );
    }

    /// <summary>The source a buyer chose, or the refusal. A V1 agent has one price, and no choice.</summary>
    public static (AdvertisedSource? Source, ApiResult? Refusal) Select(AgentAdvert advert, int? index, PaymentSource source, bool buying)
    {
        if (source.Family == EscrowFamily.V1)
        {
            return (advert.Own ?? new AdvertisedSource("Cardano", source.Network, null, null, null, []), null);
        }

        AdvertisedSource? selected;
        if (index is { } i)
        {
            selected = i < advert.Sources.Length ? advert.Sources[i] : null;
            if (selected is null)
            {
                return (null, ApiResult.BadRequest($"supportedPaymentSourceIndex {i} is not advertised by this agent"));
            }

            if (selected.Chain != "Cardano")
            {
                return (null, ApiResult.BadRequest($"supportedPaymentSourceIndex {i} does not select a Cardano payment source"));
            }
        }
        else
        {
            selected = advert.Sources.FirstOrDefault(s => s.Chain == "Cardano");
            if (selected is null)
            {
                return (null, ApiResult.BadRequest("Agent metadata does not advertise a Cardano payment source"));
            }
        }

        if (selected.Network != source.Network)
        {
            return (null, ApiResult.BadRequest("Selected Cardano payment source network does not match the request network"));
        }

        if (selected.Type != PaymentSourceType.Web3CardanoV2 || (buying && selected.Address != source.ContractAddress.ToString()))
        {
            return (
                null,
                ApiResult.BadRequest(
                    buying
                        ? "Selected Cardano payment source settlement does not match the signed smartContractAddress"
                        : "Selected Cardano payment source settlement is incomplete or unsupported"
                )
            );
        }

        return (selected, null);
    }
}
