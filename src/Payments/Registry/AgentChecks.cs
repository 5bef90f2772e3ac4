using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;
using static Masumi.Protocol.PaymentService.Registry.RegistryRefusals;
using Entries = Masumi.Contracts.Registry.Common;

namespace Masumi.Payments.Registry;

/// <summary>
/// What is looked at before a registration costs anything (finding A3, spec payment-service-api.md 6.6): what is written on chain is there for good. Pure; what the
/// chain has to be asked for, <see cref="Agents"/> asks.
/// </summary>
internal static class AgentChecks
{
    private const string UnitTwice = "Invalid unit: it stands in the list already";

    /// <summary>Which members the generation of the contract needs, and which it has no place for.</summary>
    public static Refusal? OfGeneration(AgentDetails details, EscrowFamily family) =>
        (family, details) switch
        {
            (EscrowFamily.V1, { Sources: not null }) => SourcesOnV1.With(),
            (EscrowFamily.V1, { Pricing: null }) => PricingMissingOnV1.With(),
            (EscrowFamily.V1, { Verifications: { IsEmpty: false } }) => VerificationsOnV1.With(),
            (EscrowFamily.V1, _) => null,
            (_, { Pricing: not null }) => PricingOnV2.With(),
            (_, { Sources: null }) => SourcesMissingOnV2.With(),
            _ => null,
        };

    /// <summary>Each type of entry has one URL.</summary>
    public static Refusal? OfUrls(AgentDetails details)
    {
        var needed = FieldOf(details.Type);
        if (AgentEntries.UrlOf(details) is null)
        {
            return UrlMissing.With(("type", Word.Text(details.Type)), ("field", needed));
        }

        foreach (
            var (type, given) in new[]
            {
                (AgentType.Standard, details.ApiBaseUrl),
                (AgentType.OpenApi, details.OpenApiSpecUrl),
                (AgentType.X402, details.X402ResourcesUrl),
            }
        )
        {
            if (type != details.Type && given is not null)
            {
                return UrlOfOtherType.With(("field", FieldOf(type)), ("type", Word.Text(details.Type)), ("needed", needed));
            }
        }

        return null;
    }

    /// <summary>The ways of paying, in their order.</summary>
    /// <param name="sources">The ways.</param>
    /// <param name="network">Of the registry.</param>
    /// <param name="mayUse">Whether the key may advertise an EVM chain.</param>
    public static Refusal? OfSources(ImmutableArray<AdvertisedSource> sources, Network network, Func<string, bool> mayUse)
    {
        foreach (var (index, source) in sources.Index())
        {
            if (IsDuplicate(sources, index))
            {
                return DuplicateSource.With(("index", $"{index}"));
            }

            var refusal = source switch
            {
                AdvertisedSource.OnCardano c when c.Network != network => SourceOnOtherNetwork.With(),
                AdvertisedSource.OnCardano { PaymentSourceType: not PaymentSourceType.Web3CardanoV2 } => SourceNotV2.With(),
                AdvertisedSource.OnCardano c when !IsPayable(c.Address, network) => SourceAddressInvalid.With(("index", $"{index}")),
                AdvertisedSource.OnEvm e when !mayUse(e.Network) => ChainNotAllowed.With(),
                _ => null,
            };
            if (refusal is not null)
            {
                return refusal;
            }
        }

        // Nothing is settled by x402 here, so that nobody is told that it were.
        var chains = sources.OfType<AdvertisedSource.OnEvm>().Select(e => e.Network).Distinct().ToList();
        return chains.Count > 0 ? ChainNotAvailable.With(("networks", string.Join(", ", chains))) : null;
    }

    /// <summary>Prices in each unit once: who reads the list must not have to wonder whether they add up.</summary>
    public static Refusal? OfPrices(AgentDetails details)
    {
        var lists = (details.Sources ?? [])
            .Select((s, i) => ($"supportedPaymentSources[{i}].pricing.fixed", "asset", UnitsOf(s.Pricing)))
            .Append(("AgentPricing.Pricing", "unit", details.Pricing is AgentPricing.Fixed own ? [.. own.Prices.Select(p => p.Unit)] : []));
        foreach (var (path, member, units) in lists)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (index, unit) in units.Index())
            {
                if (!seen.Add(Folded(unit)))
                {
                    return CommonRefusals.InvalidInput.With(("issues", $"{path}[{index}].{member}: {UnitTwice}"));
                }
            }
        }

        return null;
    }

    /// <summary>The units of all fixed Cardano prices, each once, as they were asked.</summary>
    public static ImmutableArray<string> UnitsOf(AgentDetails details) =>
        [
            .. (details.Sources ?? [])
                .OfType<AdvertisedSource.OnCardano>()
                .SelectMany(c => UnitsOf(c.Pricing))
                .Concat(details.Pricing is AgentPricing.Fixed own ? own.Prices.Select(p => p.Unit) : [])
                .DistinctBy(Folded),
        ];

    /// <summary>Whether the entry can be carried by a transaction, and read by everybody afterwards.</summary>
    public static Refusal? OfEntry(Entries.AgentMetadata entry)
    {
        foreach (var (field, text, limit) in BoundedTexts(entry))
        {
            var bytes = Encoding.UTF8.GetByteCount(text);
            if (bytes > limit)
            {
                return TextTooLong.With(("field", field), ("bytes", $"{bytes}"), ("limit", $"{limit}"));
            }
        }

        if (Entries.AgentMetadataWriter.Check(entry) is [var first, ..])
        {
            return CommonRefusals.InvalidInput.With(("issues", first.ToString()));
        }

        return OfSize(Entries.AgentMetadataWriter.Write(entry));
    }

    /// <summary>Whether a transaction can carry it.</summary>
    public static Refusal? OfSize(Metadatum entry) => entry.ToCbor().Length > RegistryTransactions.MostEntryBytes ? MetadataTooLarge.With() : null;

    /// <summary>Whether money can lie at an address of the network: a stake address, or one of Byron's, cannot be paid to.</summary>
    public static bool IsPayable(string text, Network network) =>
        Address.TryParse(text, out var address) && address.Network == network.ToNetworkId() && address.Payment is not null;

    // Readers take these as one piece, and tags are never cut (spec registry.md 15, traps 3 and 4).
    private static IEnumerable<(string Field, string Text, int Limit)> BoundedTexts(Entries.AgentMetadata entry)
    {
        yield return ("Capability.version", entry.Capability?.Version ?? "", 60);
        foreach (var (index, example) in entry.ExampleOutputs.Index())
        {
            yield return ($"ExampleOutputs[{index}].name", example.Name, 60);
            yield return ($"ExampleOutputs[{index}].mimeType", example.MimeType, 60);
        }

        foreach (var (index, tag) in entry.Tags.Index())
        {
            yield return ($"Tags[{index}]", tag, 64);
        }
    }

    private static string FieldOf(AgentType type) =>
        type switch
        {
            AgentType.OpenApi => "openApiSpecUrl",
            AgentType.X402 => "x402ResourcesUrl",
            _ => "apiBaseUrl",
        };

    private static ImmutableArray<string> UnitsOf(SourcePricing pricing) => pricing is SourcePricing.Fixed f ? [.. f.Prices.Select(p => p.Asset)] : [];

    private static bool IsDuplicate(ImmutableArray<AdvertisedSource> sources, int index)
    {
        var key = Key(sources[index]);
        return sources.Take(index).Any(s => Key(s) == key);
    }

    // All but spelling: letter case of addresses and units, zeros in front of amounts, the order of prices.
    private static string Key(AdvertisedSource source) =>
        source switch
        {
            AdvertisedSource.OnCardano c => string.Join('|', "Cardano", c.Network, c.PaymentSourceType, c.Address, Key(c.Pricing)),
            AdvertisedSource.OnEvm e => string.Join('|', "EVM", e.Network, e.Scheme, e.PayTo.ToLowerInvariant(), e.Resource, Key(e.Pricing)),
            _ => throw new ArgumentException($"Not a payment source: {source}.", nameof(source)),
        };

    private static string Key(SourcePricing pricing) =>
        pricing switch
        {
            SourcePricing.Fixed f => "Fixed:"
                + string.Join(',', f.Prices.Select(p => $"{Folded(p.Asset)}={p.Amount.TrimStart('0')}:{p.Decimals}").Order(StringComparer.Ordinal)),
            SourcePricing.Dynamic { Assets: [var one] } => $"Dynamic:{Folded(one.Asset)}:{one.Decimals}",
            SourcePricing.Free => "Free",
            _ => "Dynamic",
        };

    private static string Folded(string unit) => Unit.TryParse(unit, out var known) ? known.ToString() : unit.ToLowerInvariant();
}
