using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Payments.Deals;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Payments.Registry;

/// <summary>An agent's metadata between the API's JSON and the records it is written from.</summary>
internal static class AgentInput
{
    /// <summary>Reads a registration; issues are noted on the input.</summary>
    public static AgentMetadata Read(RequestInput input)
    {
        var capability = input.Object("Capability");
        var author = input.Object("Author");
        var legal = input.OptionalObject("Legal");
        var apiBaseUrl = input.Text("apiBaseUrl", 1, 250);
        if (apiBaseUrl.Length > 0 && !(Uri.TryCreate(apiBaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            input.Issue("apiBaseUrl", "Invalid URL");
        }

        var examples = input.OptionalObjects("ExampleOutputs", 0, 25);
        NeedList(input, "ExampleOutputs");

        var tags = input.OptionalTexts("Tags", 1, 15, 1, 63);
        NeedList(input, "Tags");

        return new AgentMetadata
        {
            MetadataVersion = 2,
            Name = input.Text("name", 1, 250),
            Description = input.Text("description", 0, 250),
            ApiBaseUrl = apiBaseUrl,
            ExampleOutputs = [.. (examples ?? []).Select(e => new ExampleOutput(e.Text("name", 0, 60), e.Text("mimeType", 0, 60), e.Text("url", 0, 250)))],
            Capability = new AgentCapability(capability.Text("name", 0, 250), capability.Text("version", 0, 250)),
            Author = new AgentAuthor(
                author.Text("name", 1, 250),
                author.OptionalText("contactEmail", 0, 250),
                author.OptionalText("contactOther", 0, 250),
                author.OptionalText("organization", 0, 250)
            ),
            Legal = new AgentLegal(legal?.OptionalText("privacyPolicy", 0, 250), legal?.OptionalText("terms", 0, 250), legal?.OptionalText("other", 0, 250)),
            Tags = [.. tags ?? []],
            Pricing = input.OptionalObject("AgentPricing") is { } own ? ReadPricing(own, "Pricing", "unit") : null,
            PaymentSources = Sources(input),
        };
    }

    /// <summary>A first-generation agent's price as the API shows it.</summary>
    public static JsonNode Write(AgentPricing pricing, Network network) => Pricing(pricing, "Pricing", "unit", network);

    /// <summary>Sources as the API shows them.</summary>
    public static JsonArray Write(ImmutableArray<PaymentSourceEntry> sources) =>
        new([
            .. sources.Select(s =>
                (JsonNode)(
                    s is PaymentSourceEntry.Cardano c
                        ? new JsonObject
                        {
                            ["chain"] = "Cardano",
                            ["network"] = Word.Text(c.Network),
                            ["paymentSourceType"] = Word.Text(c.PaymentSourceType),
                            ["address"] = c.Address,
                            ["pricing"] = Pricing(c.Pricing, "fixed", "asset", c.Network),
                        }
                        : new JsonObject { ["chain"] = "EVM" }
                )
            ),
        ]);

    // Sources and agents call the same things by different names.
    private static JsonObject Pricing(AgentPricing pricing, string list, string unit, Network network)
    {
        var json = new JsonObject { ["pricingType"] = Word.Text(pricing.Type) };
        if (pricing is AgentPricing.Fixed f)
        {
            json[list] = new JsonArray([
                .. f.Amounts.Select(a =>
                    (JsonNode)new JsonObject { [unit] = a.Unit, ["amount"] = a.Amount.ToString(CultureInfo.InvariantCulture) }.Labelled(a.Unit, network)
                ),
            ]);
        }

        return json;
    }

    private static ImmutableArray<PaymentSourceEntry>? Sources(RequestInput input)
    {
        if (input.OptionalObjects("supportedPaymentSources", 1, 25) is not { } items)
        {
            return null;
        }

        var sources = ImmutableArray.CreateBuilder<PaymentSourceEntry>();
        foreach (var item in items)
        {
            // Other rails are not settled by this node, so that it refuses to advertise them.
            item.Choice("chain", "Cardano");
            var network = DealInput.ReadNetwork(item);
            sources.Add(
                new PaymentSourceEntry.Cardano(
                    network,
                    Word.TryParse<PaymentSourceType>(item.Choice("paymentSourceType", DealInput.SourceTypes), out var type) ? type : default,
                    Address(item, network),
                    ReadPricing(item.Object("pricing"), "fixed", "asset")
                )
            );
        }

        return sources.ToImmutable();
    }

    // What is locked there belongs to a key or a script: a stake address, or one of Byron's, cannot be paid to.
    private static string Address(RequestInput item, Network network)
    {
        var text = item.Text("address", 1, 250);
        if (
            text.Length > 0
            && !(Cardano.Addresses.Address.TryParse(text, out var address) && address.Network == network.ToNetworkId() && address.Payment is not null)
        )
        {
            item.Issue("address", "Invalid address: an address of a key or a script on the network is needed");
        }

        return text;
    }

    private static AgentPricing ReadPricing(RequestInput pricing, string list, string unit)
    {
        string[] words = [.. Word.All<PricingType>()];
        if (!Word.TryParse<PricingType>(pricing.IsPresent("pricingType") ? pricing.OptionalChoice("pricingType", words) : null, out var type))
        {
            if (!pricing.IsPresent("pricingType"))
            {
                pricing.Choice("pricingType", words);
            }

            // Nobody knows what else there should be.
            return new AgentPricing.Dynamic();
        }

        return type switch
        {
            PricingType.Dynamic => new AgentPricing.Dynamic(),
            PricingType.Free => new AgentPricing.Free(),
            _ => new AgentPricing.Fixed(Prices(pricing, list, unit)),
        };
    }

    // Each unit stands once: who reads the list must not have to wonder whether prices add up.
    private static ImmutableArray<WrittenAmount> Prices(RequestInput pricing, string list, string unit)
    {
        NeedList(pricing, list);
        var prices = ImmutableArray.CreateBuilder<WrittenAmount>();
        var units = new HashSet<Unit>();
        foreach (var price in pricing.OptionalObjects(list, 1, 5) ?? [])
        {
            var asset = price.Text(unit, 0, 250);
            if (!Unit.TryParse(asset, out var known))
            {
                price.Issue(unit, DealInput.InvalidUnit);
            }
            else if (price.Has(unit) && !units.Add(known))
            {
                price.Issue(unit, "Invalid unit: it stands in the list already");
            }

            var text = price.Text("amount", 1, 19);
            if (Digits.TryRead<long>(text, out var amount) && amount >= 1)
            {
                prices.Add(new WrittenAmount(asset, amount));
            }
            else if (text.Length > 0)
            {
                price.Issue("amount", "Invalid amount");
            }
        }

        return prices.ToImmutable();
    }

    private static void NeedList(RequestInput input, string name)
    {
        if (!input.Has(name))
        {
            input.Issue(name, $"Invalid input: expected array, received {(input.IsPresent(name) ? "null" : "undefined")}");
        }
    }
}
