using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Metadata;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using static Masumi.Contracts.Registry.Common.EntryText;

namespace Masumi.Contracts.Registry.Common;

/// <summary>Reads <c>supported_payment_sources</c> (spec registry.md 8.2, 8.5): all or nothing, since dropping one would shift the others' index.</summary>
public static class PaymentSourceReader
{
    private const int MaxResourceLength = 500;

    private static readonly string[] NoTokens = ["0x0000000000000000000000000000000000000000", "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"];

    /// <summary>The sources; null when absent or when one of them is malformed.</summary>
    public static ImmutableArray<PaymentSourceEntry>? Read(Metadatum? metadatum)
    {
        if (metadatum is not Metadatum.List { Items.Length: > 0 and <= AgentMetadataWriter.MaxPaymentSources } list)
        {
            return null;
        }

        var sources = ImmutableArray.CreateBuilder<PaymentSourceEntry>(list.Items.Length);
        foreach (var item in list.Items)
        {
            if (ReadOne(item) is not { } source)
            {
                return null;
            }

            sources.Add(source);
        }

        return sources.MoveToImmutable();
    }

    /// <summary>The index of the first source that repeats an earlier one in all but spelling; null when there is none.</summary>
    public static int? FindDuplicate(ImmutableArray<PaymentSourceEntry> sources)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < sources.Length; i++)
        {
            if (!seen.Add(Key(sources[i])))
            {
                return i;
            }
        }

        return null;
    }

    private static PaymentSourceEntry? ReadOne(Metadatum item)
    {
        var network = ReadLeaf(item.Get("network"));
        var settlement = item.Get("settlement");
        var pricing = item.Get("pricing");
        return ReadLeaf(item.Get("chain")) switch
        {
            "Cardano" when Word.TryParse<Network>(network, out var known) => ReadCardano(known, settlement, pricing),
            "EVM" when IsCaip2(network) => ReadEvm(network!, settlement, pricing),
            _ => null,
        };
    }

    private static PaymentSourceEntry.Cardano? ReadCardano(Network network, Metadatum? settlement, Metadatum? pricing) =>
        Word.TryParse<PaymentSourceType>(ReadLeaf(settlement.Get("paymentSourceType")), out var type)
        && type == PaymentSourceType.Web3CardanoV2
        && ReadLeaf(settlement.Get("address")) is { Length: > 0 and <= 250 } address
        && ReadCardanoPrice(pricing) is { } price
            ? new PaymentSourceEntry.Cardano(network, type, address, price)
            : null;

    private static AgentPricing? ReadCardanoPrice(Metadatum? pricing)
    {
        switch (ReadType(pricing))
        {
            case PricingType.Dynamic:
                return new AgentPricing.Dynamic();
            case PricingType.Free:
                return new AgentPricing.Free();
            case PricingType.Fixed when pricing.Get("fixed") is Metadatum.List { Items.Length: > 0 and <= AgentMetadataWriter.MaxPrices } prices:
                var amounts = ImmutableArray.CreateBuilder<WrittenAmount>(prices.Items.Length);
                foreach (var price in prices.Items)
                {
                    var amount = Digits(ReadLeaf(price.Get("amount"))) ?? 0;
                    if (ReadLeaf(price.Get("asset")) is not { Length: <= 250 } asset || amount <= 0 || price.Get("decimals") is not null)
                    {
                        return null;
                    }

                    amounts.Add(new WrittenAmount(asset, amount));
                }

                return new AgentPricing.Fixed(amounts.MoveToImmutable());
            default:
                return null;
        }
    }

    private static PaymentSourceEntry.Evm? ReadEvm(string network, Metadatum? settlement, Metadatum? pricing)
    {
        var resource = settlement.Get("resource") is { } given ? ReadLeaf(given) ?? "" : null;
        return
            ReadLeaf(settlement.Get("scheme")) is "Exact"
            && ReadLeaf(settlement.Get("payTo")) is { } payTo
            && IsEvmAddress(payTo)
            && (resource is null || (resource.Length <= MaxResourceLength && Uri.TryCreate(resource, UriKind.Absolute, out _)))
            && settlement.Get("extra") is null or Metadatum.Map
            && ReadEvmPrice(pricing) is { } price
            ? new PaymentSourceEntry.Evm(network, "Exact", payTo.ToLowerInvariant(), resource, settlement.Get("extra"), price)
            : null;
    }

    private static EvmPricing? ReadEvmPrice(Metadatum? pricing)
    {
        switch (ReadType(pricing))
        {
            case PricingType.Free:
                return new EvmPricing(PricingType.Free, null, null, null);
            case PricingType.Dynamic when pricing.Get("dynamic") is null:
                return new EvmPricing(PricingType.Dynamic, null, null, null);
            case PricingType.Dynamic when pricing.Get("dynamic") is Metadatum.List { Items: [var accepted] } && Token(accepted) is { } token:
                return new EvmPricing(PricingType.Dynamic, token.Asset, null, token.Decimals);
            case PricingType.Fixed
                when pricing.Get("fixed") is Metadatum.List { Items: [var price] }
                    && Token(price) is { } token
                    && Digits(ReadLeaf(price.Get("amount"))) is > 0 and var amount:
                return new EvmPricing(PricingType.Fixed, token.Asset, amount, token.Decimals);
            default:
                return null;
        }
    }

    private static PricingType? ReadType(Metadatum? pricing) => Word.TryParse<PricingType>(ReadLeaf(pricing.Get("pricingType")), out var type) ? type : null;

    private static (string Asset, int Decimals)? Token(Metadatum price) =>
        ReadLeaf(price.Get("asset")) is { } asset
        && IsEvmAddress(asset)
        && !NoTokens.Contains(asset.ToLowerInvariant())
        && Digits(ReadLeaf(price.Get("decimals"))) is >= 0 and <= 255 and var decimals
            ? (asset, (int)decimals)
            : null;

    private static bool IsEvmAddress(string text) => text.Length == 42 && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.AsSpan(2).IsHex();

    private static bool IsCaip2(string? network) =>
        network is { Length: > 7 and <= 40 }
        && network.StartsWith("eip155:", StringComparison.Ordinal)
        && network.AsSpan(7).IndexOfAnyExceptInRange('0', '9') < 0;

    private static string Key(PaymentSourceEntry source) =>
        source switch
        {
            PaymentSourceEntry.Cardano c => string.Join('|', "Cardano", c.Network, c.PaymentSourceType, c.Address, Key(c.Pricing)),
            PaymentSourceEntry.Evm e => string.Join(
                '|',
                "EVM",
                e.Network,
                e.Scheme,
                e.PayTo.ToLowerInvariant(),
                e.Resource,
                e.Pricing.Type,
                e.Pricing.Asset?.ToLowerInvariant(),
                e.Pricing.Amount?.ToString(CultureInfo.InvariantCulture),
                e.Pricing.Decimals?.ToString(CultureInfo.InvariantCulture)
            ),
            _ => throw new ArgumentException($"Not a payment source: {source}.", nameof(source)),
        };

    private static string Key(AgentPricing pricing) =>
        pricing is AgentPricing.Fixed { Amounts: var amounts }
            ? "Fixed:" + string.Join(',', amounts.Select(a => $"{a.Unit.ToLowerInvariant()}={a.Amount}").Order(StringComparer.Ordinal))
            : Word.Text(pricing.Type);
}
