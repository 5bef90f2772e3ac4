using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano.Metadata;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Registry.Agents;

/// <summary>An agent as the registry knows it.</summary>
internal sealed record AgentEntry(
    string Id,
    string SourceId,
    Network Network,
    string PolicyId,
    AgentIdentifier Agent,
    string? RawMetadata,
    AgentMetadata? Metadata,
    AgentStatus Status,
    DateTimeOffset StatusUpdatedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastUptimeCheck,
    long UptimeCount,
    long CheckCount
)
{
    /// <summary>How it is paid; <c>None</c> when nothing is to be paid or there is no way to pay on Cardano (spec registry-service-api.md 11).</summary>
    public string PaymentType =>
        Price is AgentPricing.Free ? NoPayment
        : Metadata?.MetadataVersion != 2 ? Word.Text(PaymentSourceType.Web3CardanoV1)
        : Price is null ? NoPayment
        : Word.Text(PaymentSourceType.Web3CardanoV2);

    /// <summary>The payment type of agents that are not paid.</summary>
    public const string NoPayment = "None";

    private AgentPricing? Price => Metadata?.CardanoPrice(null);

    /// <summary>What an entry's metadata (CBOR in hex) says; null when it is no agent's.</summary>
    public static AgentMetadata? Read(string? raw) =>
        raw is not null && AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(raw))) is MetadataReading.Agent agent ? agent.Metadata : null;

    /// <summary>As <c>/registry-entry</c> shows it; without <c>statusUpdatedAt</c> and source id as <c>/payment-information</c> does.</summary>
    [SuppressMessage(
        "Maintainability",
        "CA1502",
        Justification = "One line for each field of the answer; it comes from a declaration with the registry's own issue (18)."
    )]
    [SuppressMessage(
        "Design",
        "MA0051",
        Justification = "One line for each field of the answer; it comes from a declaration with the registry's own issue (18)."
    )]
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
            ["status"] = Word.Text(Status),
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
            ["AgentPricing"] = Pricing(Price, Network),
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
                                ["network"] = Word.Text(c.Network),
                                ["paymentSourceType"] = Word.Text(c.PaymentSourceType),
                                ["address"] = c.Address,
                                ["pricing"] = Pricing(c.Pricing, c.Network),
                            }
                        : new JsonObject { ["chain"] = "EVM", ["network"] = ((PaymentSourceEntry.Evm)s).Network }
                ),
            ]);
        }

        return json;
    }

    private static JsonObject? Pricing(AgentPricing? pricing, Network network) =>
        pricing switch
        {
            null => null,
            AgentPricing.Fixed f => new JsonObject
            {
                ["pricingType"] = Word.Text(f.Type),
                ["FixedPricing"] = new JsonObject
                {
                    ["Amounts"] = new JsonArray([
                        .. f.Amounts.Select(a =>
                            (JsonNode)
                                new JsonObject { ["amount"] = a.Amount.ToString(CultureInfo.InvariantCulture), ["unit"] = a.Unit }.Labelled(a.Unit, network)
                        ),
                    ]),
                },
            },
            _ => new JsonObject { ["pricingType"] = Word.Text(pricing.Type) },
        };

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
