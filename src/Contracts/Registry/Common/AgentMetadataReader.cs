using System.Collections.Immutable;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using static Masumi.Contracts.Registry.Common.EntryText;

namespace Masumi.Contracts.Registry.Common;

/// <summary>An inbox of the agent messenger: minted under the same policies, but no agent to hire (spec registry.md 10).</summary>
/// <param name="Type"><c>MasumiInboxV1</c> or <c>MasumiInboxV2</c>.</param>
/// <param name="Name">Display name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Slug">Its name in the messenger.</param>
public sealed record InboxMetadata(string Type, string Name, string? Description, string Slug);

/// <summary>What a token's metadata turned out to be.</summary>
public abstract record MetadataReading
{
    private MetadataReading() { }

    /// <summary>An agent.</summary>
    public sealed record Agent(AgentMetadata Metadata) : MetadataReading;

    /// <summary>An inbox.</summary>
    public sealed record Inbox(InboxMetadata Metadata) : MetadataReading;

    /// <summary>Nothing readable. Normal: anyone can mint under the policies.</summary>
    public sealed record Refused(MetadataRefusal Reason) : MetadataReading;
}

/// <summary>
/// Reads agents' metadata of both versions (spec registry.md 7.4, 8.5, 8.6). It is written by strangers, so nothing it holds can make this throw; unknown
/// members are ignored, and the shape counts more than the version number.
/// </summary>
public static class AgentMetadataReader
{
    private const int MaxPricesV1 = 25;
    private const int MaxSingleLength = 60;

    /// <summary>Reads the entry of a token in the metadata of the transaction that minted it.</summary>
    public static MetadataReading Read(AuxiliaryData? auxiliaryData, AssetId agent)
    {
        if (auxiliaryData is null || !auxiliaryData.Metadata.TryGetValue(TransactionMetadata.NftLabel, out var nfts))
        {
            return Refuse("721", "absent", "CIP-25 metadata");
        }

        if (Find(nfts, agent.Policy.ToString(), agent.Policy.ToArray()) is not { } policy)
        {
            return Refuse("721", "no entry for the policy", $"{agent.Policy}");
        }

        return Find(policy, agent.Name.ToString(), agent.Name.Bytes) is { } entry
            ? Read(entry)
            : Refuse($"721.{agent.Policy}", "no entry for the name", $"{agent.Name}");
    }

    /// <summary>The entry of a token as it stands in the metadata of the transaction that minted it; null when there is none.</summary>
    public static Metadatum? FindEntry(AuxiliaryData? auxiliaryData, AssetId agent) =>
        auxiliaryData is not null
        && auxiliaryData.Metadata.TryGetValue(TransactionMetadata.NftLabel, out var nfts)
        && Find(nfts, agent.Policy.ToString(), agent.Policy.ToArray()) is { } policy
            ? Find(policy, agent.Name.ToString(), agent.Name.Bytes)
            : null;

    /// <summary>Reads one entry.</summary>
    public static MetadataReading Read(Metadatum entry)
    {
        var type = Text(entry.Get("type"));
        if (type is "MasumiInboxV1" or "MasumiInboxV2")
        {
            return ReadNonEmpty(entry.Get("name")) is { } inbox && ReadNonEmpty(entry.Get("agentslug")) is { } slug
                ? new MetadataReading.Inbox(new InboxMetadata(type, inbox, Text(entry.Get("description")), slug))
                : Refuse("agentslug", "no name or slug", "both");
        }

        var reader = new Entry(
            entry,
            type switch
            {
                "OpenAPI" => AgentEntryType.OpenApi,
                "x402V1" => AgentEntryType.X402,
                "a2aV1" => AgentEntryType.A2a,
                _ => AgentEntryType.Standard,
            }
        );
        var metadata = reader.Read();
        return reader.Refusal is { } refusal ? new MetadataReading.Refused(refusal) : new MetadataReading.Agent(metadata);
    }

    private static MetadataReading.Refused Refuse(string path, string supplied, string required) => new(new MetadataRefusal(path, supplied, required));

    // Names stand as hex text under CIP-25 version 1 and as bytes under version 2.
    private static Metadatum? Find(Metadatum metadatum, string hex, ReadOnlyMemory<byte> bytes)
    {
        if (metadatum is not Metadatum.Map map)
        {
            return null;
        }

        foreach (var (key, value) in map.Entries)
        {
            if (
                key is Metadatum.Text text && text.Value.Equals(hex, StringComparison.OrdinalIgnoreCase)
                || key is Metadatum.Bytes raw && raw.Value.Span.SequenceEqual(bytes.Span)
            )
            {
                return value;
            }
        }

        return null;
    }

    private static string? Text(Metadatum? metadatum) => EntryText.Read(metadatum);

    /// <summary>Reads member by member and keeps the first refusal.</summary>
    private sealed class Entry(Metadatum entry, AgentEntryType type)
    {
        public MetadataRefusal? Refusal { get; private set; }

        public AgentMetadata Read()
        {
            var version = ReadInteger(entry.Get("metadata_version"));
            Need(version is 1 or 2, "metadata_version", version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none", "1 or 2");
            return new AgentMetadata
            {
                MetadataVersion = (int)(version is 1 or 2 ? version.Value : 0),
                Type = type,
                Name = NonEmpty("name", entry.Get("name")),
                Description = Optional("description", entry.Get("description")),
                ApiBaseUrl = Endpoint(),
                ExampleOutputs = Examples(),
                Capability = Capability(),
                Author = Author(),
                Legal = Legal(),
                Tags = Tags(),
                Pricing = entry.Get("agentPricing") is { } pricing ? Pricing(pricing) : null,
                Image = Required("image", entry.Get("image")),
                PaymentSources = PaymentSourceReader.Read(entry.Get("supported_payment_sources")),
                Verifications = Verifications(entry.Get("verifications")),
            };
        }

        private string Endpoint() =>
            type switch
            {
                AgentEntryType.OpenApi => NonEmpty("openapi_spec_url", entry.Get("openapi_spec_url")),
                AgentEntryType.X402 => NonEmpty("x402_resources_url", entry.Get("x402_resources_url")),
                AgentEntryType.A2a => NonEmpty("agent_card_url", entry.Get("agent_card_url")),
                _ => NonEmpty("api_base_url", entry.Get("api_base_url")),
            };

        private ImmutableArray<ExampleOutput> Examples()
        {
            if (List("example_output", entry.Get("example_output")) is not { } items)
            {
                return [];
            }

            var examples = ImmutableArray.CreateBuilder<ExampleOutput>(items.Length);
            foreach (var item in items)
            {
                var name = ReadSingle(item.Get("name"), 0, MaxSingleLength);
                var mimeType = ReadSingle(item.Get("mime_type"), 1, MaxSingleLength);
                var url = Text(item.Get("url"));
                Need(name is not null && mimeType is not null && url is not null, "example_output", "a malformed item", "name, mime_type and url");
                examples.Add(new ExampleOutput(name ?? "", mimeType ?? "", url ?? ""));
            }

            return examples.ToImmutable();
        }

        private AgentCapability? Capability()
        {
            if (entry.Get("capability") is not { } capability)
            {
                return null;
            }

            var name = Text(capability.Get("name"));
            var version = ReadSingle(capability.Get("version"), 0, MaxSingleLength);
            Need(name is not null && version is not null, "capability", "malformed", $"a name, and a version of one piece of at most {MaxSingleLength}");
            return new AgentCapability(name ?? "", version ?? "");
        }

        private AgentAuthor Author()
        {
            // Only the A2A proposal leaves the author out.
            var author = entry.Get("author");
            if (author is null && type == AgentEntryType.A2a)
            {
                return new AgentAuthor("");
            }

            return new AgentAuthor(
                NonEmpty("author.name", author.Get("name")),
                Optional("author.contact_email", author.Get("contact_email")),
                Optional("author.contact_other", author.Get("contact_other")),
                Optional("author.organization", author.Get("organization"))
            );
        }

        private AgentLegal Legal()
        {
            var legal = entry.Get("legal");
            Need(legal is null or Metadatum.Map, "legal", "no object", "an object or nothing");
            return new AgentLegal(
                Optional("legal.privacy_policy", legal.Get("privacy_policy")),
                Optional("legal.terms", legal.Get("terms")),
                Optional("legal.other", legal.Get("other")),
                Optional("legal.dpa", legal.Get("dpa"))
            );
        }

        private ImmutableArray<string> Tags()
        {
            var tags =
                entry.Get("tags") is Metadatum.List { Items: var items } && items.All(i => i is Metadatum.Text { Value.Length: > 0 })
                    ? items.Select(i => ((Metadatum.Text)i).Value).ToImmutableArray()
                    : [];
            Need(!tags.IsEmpty, "tags", "none, or one that is no text", "a list of one or more texts");
            return tags;
        }

        private AgentPricing? Pricing(Metadatum pricing)
        {
            switch (Word.TryParse<PricingType>(Text(pricing.Get("pricingType")), out var type) ? type : (PricingType?)null)
            {
                case PricingType.Free:
                    return new AgentPricing.Free();
                case PricingType.Dynamic:
                    return new AgentPricing.Dynamic();
                case PricingType.Fixed when pricing.Get("fixedPricing") is Metadatum.List { Items.Length: > 0 and <= MaxPricesV1 } prices:
                    var amounts = ImmutableArray.CreateBuilder<WrittenAmount>();
                    foreach (var price in prices.Items)
                    {
                        var unit = ReadNonEmpty(price.Get("unit"));
                        var amount = ReadInteger(price.Get("amount"));
                        Need(unit is not null, "agentPricing.unit", "malformed", "a non-empty text, or a list of such");
                        Need(amount >= 1, "agentPricing.amount", "malformed", $"1 to {long.MaxValue}");
                        amounts.Add(new WrittenAmount(unit ?? "", amount ?? 0));
                    }

                    return new AgentPricing.Fixed(amounts.ToImmutable());
                default:
                    Need(false, "agentPricing", "malformed", $"Free, Dynamic, or Fixed with 1 to {MaxPricesV1} prices");
                    return null;
            }
        }

        // All or nothing; malformed claims do not make the agent unreadable.
        private static ImmutableArray<AgentVerification>? Verifications(Metadatum? metadatum)
        {
            if (metadatum is not Metadatum.List { Items.Length: > 0 and <= AgentMetadataWriter.MaxVerifications } list)
            {
                return null;
            }

            var verifications = ImmutableArray.CreateBuilder<AgentVerification>();
            foreach (var item in list.Items)
            {
                if (
                    ReadLeaf(item.Get("method")) is not { } method
                    || ReadLeaf(item.Get("issuer").Get("aid")) is not { } issuerAid
                    || ReadLeaf(item.Get("issuer").Get("oobi")) is not { } issuerOobi
                    || ReadLeaf(item.Get("schema").Get("said")) is not { } schemaSaid
                    || ReadLeaf(item.Get("schema").Get("oobi")) is not { } schemaOobi
                    || ReadLeaf(item.Get("credential").Get("said")) is not { } credentialSaid
                    || ReadLeaf(item.Get("credential").Get("oobi")) is not { } credentialOobi
                    || ReadLeaf(item.Get("holder").Get("aid")) is not { } holderAid
                    || ReadLeaf(item.Get("holder").Get("oobi")) is not { } holderOobi
                )
                {
                    return null;
                }

                verifications.Add(
                    new AgentVerification(
                        method,
                        ReadLeaf(item.Get("schemaVersion")),
                        issuerAid,
                        issuerOobi,
                        schemaSaid,
                        schemaOobi,
                        credentialSaid,
                        credentialOobi,
                        ReadLeaf(item.Get("credential").Get("registry")),
                        holderAid,
                        holderOobi,
                        ReadLeaf(item.Get("baseUrl"))
                    )
                );
            }

            return verifications.ToImmutable();
        }

        private ImmutableArray<Metadatum>? List(string path, Metadatum? metadatum)
        {
            Need(metadatum is null or Metadatum.List, path, "no list", "a list or nothing");
            return (metadatum as Metadatum.List)?.Items;
        }

        private string NonEmpty(string path, Metadatum? metadatum) =>
            Needed(path, metadatum, ReadNonEmpty(metadatum), "a text of one character or more, or a list of such");

        private string Required(string path, Metadatum? metadatum) => Needed(path, metadatum, Text(metadatum), "a text or a list of texts");

        private string Needed(string path, Metadatum? metadatum, string? text, string required)
        {
            Need(text is not null, path, metadatum is null ? "absent" : "malformed", required);
            return text ?? "";
        }

        private string? Optional(string path, Metadatum? metadatum)
        {
            var text = Text(metadatum);
            Need(metadatum is null || text is not null, path, "malformed", "a text, a list of texts, or nothing");
            return text;
        }

        private void Need(bool holds, string path, string supplied, string required)
        {
            if (!holds)
            {
                Refusal ??= new MetadataRefusal(path, supplied, required);
            }
        }
    }
}
