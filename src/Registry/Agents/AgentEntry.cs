using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Contracts.Registry;

namespace Masumi.Registry.Agents;

/// <summary>An agent as the registry knows it.</summary>
internal sealed record AgentEntry(
    string Id,
    string SourceId,
    string Network,
    string PolicyId,
    AssetId Agent,
    AgentMetadata? Metadata,
    string Status,
    DateTimeOffset StatusUpdatedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastUptimeCheck,
    long UptimeCount,
    long CheckCount
)
{
    public string PaymentType =>
        Price is AgentPricing.Free ? "None"
        : Metadata?.MetadataVersion == 2 ? "Web3CardanoV2"
        : "Web3CardanoV1";

    private AgentPricing? Price => Metadata?.CardanoPrice(null);

    /// <summary>As <c>/registry-entry</c> shows it; without <c>statusUpdatedAt</c> and source id as <c>/payment-information</c> does.</summary>
    public JsonObject ToJson(bool forPayment = false)
    {
        var m = Metadata;
        var json = new JsonObject
        {
            ["id"] = Id,
            ["createdAt"] = Iso(CreatedAt),
            ["updatedAt"] = Iso(UpdatedAt),
            ["agentIdentifier"] = Agent.ToString(),
            ["name"] = m?.Name ?? "",
            ["description"] = m?.Description,
            ["status"] = Status,
            ["lastUptimeCheck"] = LastUptimeCheck is { } check ? Iso(check) : null,
            ["uptimeCount"] = UptimeCount,
            ["uptimeCheckCount"] = CheckCount,
            ["apiBaseUrl"] = m?.ApiBaseUrl ?? "",
            ["authorName"] = m?.Author.Name,
            ["authorOrganization"] = m?.Author.Organization,
            ["authorContactEmail"] = m?.Author.ContactEmail,
            ["authorContactOther"] = m?.Author.ContactOther,
            ["image"] = m?.Image,
            ["privacyPolicy"] = m?.Legal.PrivacyPolicy,
            ["termsAndCondition"] = m?.Legal.Terms,
            ["otherLegal"] = m?.Legal.Other,
            ["tags"] = m is null ? null : new JsonArray([.. m.Tags.Select(t => (JsonNode)t)]),
            ["paymentType"] = PaymentType,
            ["RegistrySource"] = forPayment
                ? new JsonObject { ["policyId"] = PolicyId, ["url"] = null }
                : new JsonObject
                {
                    ["id"] = SourceId,
                    ["policyId"] = PolicyId,
                    ["url"] = null,
                },
            ["Capability"] = m?.Capability is { } capability ? new JsonObject { ["name"] = capability.Name, ["version"] = capability.Version } : null,
            ["AgentPricing"] = Pricing(Price),
            ["ExampleOutput"] = new JsonArray([
                .. (m?.ExampleOutputs ?? []).Select(e =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = e.Name,
                            ["mimeType"] = e.MimeType,
                            ["url"] = e.Url,
                        }
                ),
            ]),
            ["metadataVersion"] = m?.MetadataVersion ?? 1,
        };
        if (!forPayment)
        {
            json["statusUpdatedAt"] = Iso(StatusUpdatedAt);
        }

        if (m?.PaymentSources is { } sources)
        {
            // Their position is the index that payments name.
            json["supportedPaymentSources"] = new JsonArray([
                .. sources.Select(s =>
                    s is PaymentSourceEntry.Cardano c
                        ? (JsonNode)
                            new JsonObject
                            {
                                ["chain"] = "Cardano",
                                ["network"] = c.Network,
                                ["paymentSourceType"] = c.PaymentSourceType,
                                ["address"] = c.Address,
                                ["pricing"] = Pricing(c.Pricing),
                            }
                        : new JsonObject { ["chain"] = "EVM", ["network"] = ((PaymentSourceEntry.Evm)s).Network }
                ),
            ]);
        }

        return json;
    }

    private static JsonObject? Pricing(AgentPricing? pricing) =>
        pricing switch
        {
            null => null,
            AgentPricing.Fixed f => new JsonObject
            {
                ["pricingType"] = "Fixed",
                ["FixedPricing"] = new JsonObject
                {
                    ["Amounts"] = new JsonArray([
                        .. f.Amounts.Select(a => (JsonNode)new JsonObject { ["amount"] = a.Amount.ToString(CultureInfo.InvariantCulture), ["unit"] = a.Unit }),
                    ]),
                },
            },
            _ => new JsonObject { ["pricingType"] = pricing.TypeName },
        };

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
