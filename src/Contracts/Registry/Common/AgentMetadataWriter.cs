using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.OnChain.Language;
using Masumi.Protocol;
using static Masumi.Contracts.Registry.Common.EntryText;

namespace Masumi.Contracts.Registry.Common;

/// <summary>Metadata that could be minted but not read again, or not minted at all.</summary>
public sealed record MetadataRefusal(string Path, string Supplied, string Required)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{Path}: {Supplied}; required: {Required}";
}

/// <summary>Writes an agent's metadata as the reference does, member by member (spec registry.md 7, 8).</summary>
public static class AgentMetadataWriter
{
    /// <summary>Most payment sources of an entry.</summary>
    public const int MaxPaymentSources = 25;

    /// <summary>Most prices of a fixed Cardano price.</summary>
    public const int MaxPrices = 5;

    /// <summary>Most claimed credentials.</summary>
    public const int MaxVerifications = 10;

    private const string CipVersion = "1";
    private const string InboxVersion = "1";

    // How an agent is reached: the word of its entry (none for the usual way, so that such entries are as they always were) and the key of the URL.
    private static readonly FrozenDictionary<AgentEntryType, (string? Word, string Url)> Types = new Dictionary<AgentEntryType, (string? Word, string Url)>
    {
        [AgentEntryType.Standard] = (null, "api_base_url"),
        [AgentEntryType.OpenApi] = ("OpenAPI", "openapi_spec_url"),
        [AgentEntryType.X402] = ("x402V1", "x402_resources_url"),
    }.ToFrozenDictionary();

    /// <summary>Everything that would make the token unreadable or the transaction invalid; empty when the metadata may be minted.</summary>
    public static ImmutableArray<MetadataRefusal> Check(AgentMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var refusals = ImmutableArray.CreateBuilder<MetadataRefusal>();
        Need(metadata.MetadataVersion is 1 or 2, "metadata_version", $"{metadata.MetadataVersion}", "1 or 2");
        Need(metadata.Name.Length > 0, "name", "empty", "a name");
        Need(Types.ContainsKey(metadata.Type), "type", $"{metadata.Type}", "a type that is written");
        Need(metadata.ApiBaseUrl.Length > 0, UrlKey(metadata.Type), "empty", "a URL");
        Need(metadata.Author.Name.Length > 0, "author.name", "empty", "a name");

        // Readers take these as one piece only, and tags are never cut.
        AtMost(PieceBytes, "capability.version", metadata.Capability?.Version);
        foreach (var example in metadata.ExampleOutputs)
        {
            AtMost(PieceBytes, "example_output.name", example.Name);
            AtMost(PieceBytes, "example_output.mime_type", example.MimeType);
            Need(example.MimeType.Length > 0, "example_output.mime_type", "empty", "a type");
        }

        Need(!metadata.Tags.IsEmpty, "tags", "none", "at least one");
        foreach (var tag in metadata.Tags)
        {
            AtMost(Metadatum.MaxLength, "tags", tag);
            Need(tag.Length > 0, "tags", "an empty tag", "a text");
        }

        if (metadata.MetadataVersion == 2)
        {
            var count = metadata.PaymentSources?.Length ?? 0;
            Need(count is > 0 and <= MaxPaymentSources, "supported_payment_sources", $"{count}", $"1 to {MaxPaymentSources}");
            Need(metadata.Pricing is null, "agentPricing", "given", "none; version 2 prices each source");
            Need(
                (metadata.Verifications?.Length ?? 0) <= MaxVerifications,
                "verifications",
                $"{metadata.Verifications?.Length}",
                $"at most {MaxVerifications}"
            );
            if (metadata.PaymentSources is { } sources && PaymentSourceReader.FindDuplicate(sources) is { } duplicate)
            {
                refusals.Add(new MetadataRefusal($"supported_payment_sources[{duplicate}]", "an earlier payment option", "no duplicates"));
            }
        }
        else
        {
            Need(metadata.Pricing is not null, "agentPricing", "none", "a price");
            Need(metadata.PaymentSources is null, "supported_payment_sources", "given", "none in version 1");
            Need(metadata.Verifications is null or { Length: 0 }, "verifications", "given", "none; version 1 does not carry them");
        }

        // What was written must be what everybody reads.
        if (refusals.Count == 0 && AgentMetadataReader.Read(Write(metadata)) is MetadataReading.Refused unreadable)
        {
            refusals.Add(unreadable.Reason);
        }

        return refusals.ToImmutable();

        void AtMost(int limit, string path, string? text)
        {
            var bytes = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
            Need(bytes <= limit, path, $"{bytes} bytes", $"at most {limit} bytes");
        }

        void Need(bool holds, string path, string supplied, string required)
        {
            if (!holds)
            {
                refusals.Add(new MetadataRefusal(path, supplied, required));
            }
        }
    }

    /// <summary>One agent's entry.</summary>
    public static Metadatum Write(AgentMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        List<(string Key, Metadatum Value)> members = [];
        if (Types.GetValueOrDefault(metadata.Type).Word is { } type)
        {
            members.Add(("type", Raw(type)));
        }

        members.AddRange(
            ("name", ForcedList(metadata.Name)),
            ("description", ForcedList(metadata.Description ?? "")),
            (UrlKey(metadata.Type), ForcedList(metadata.ApiBaseUrl)),
            ("example_output", new Metadatum.List([.. metadata.ExampleOutputs.Select(Example)]))
        );
        if (metadata.Capability is { Name.Length: > 0, Version.Length: > 0 } capability)
        {
            members.Add(("capability", Metadatum.MapOf(("name", ForcedList(capability.Name)), ("version", ForcedList(capability.Version)))));
        }

        var author = metadata.Author;
        members.Add(
            (
                "author",
                Present(
                    ("name", author.Name),
                    ("contact_email", author.ContactEmail),
                    ("contact_other", author.ContactOther),
                    ("organization", author.Organization)
                )
            )
        );
        var legal = metadata.Legal;
        members.Add(("legal", Present(("privacy_policy", legal.PrivacyPolicy), ("terms", legal.Terms), ("other", legal.Other), ("dpa", legal.Dpa))));
        members.Add(("tags", new Metadatum.List([.. metadata.Tags.Select(t => (Metadatum)new Metadatum.Text(t))])));
        if (metadata.MetadataVersion == 1 && metadata.Pricing is { } pricing)
        {
            members.Add(("agentPricing", PriceV1(pricing)));
        }

        members.Add(("image", ForcedList(metadata.Image)));
        members.Add(("metadata_version", Raw(metadata.MetadataVersion.ToString(CultureInfo.InvariantCulture))));
        if (metadata.MetadataVersion >= 2)
        {
            members.Add(("supported_payment_sources", new Metadatum.List([.. (metadata.PaymentSources ?? []).Select(Source)])));
            if (metadata.Verifications is { Length: > 0 } verifications)
            {
                members.Add(("verifications", new Metadatum.List([.. verifications.Select(Verification)])));
            }
        }

        return Metadatum.MapOf([.. members]);
    }

    /// <summary>One inbox's entry (spec registry.md 10).</summary>
    public static Metadatum Write(InboxMetadata inbox)
    {
        ArgumentNullException.ThrowIfNull(inbox);
        List<(string Key, Metadatum Value)> members = [("type", Raw(inbox.Type)), ("name", ForcedList(inbox.Name))];
        if (inbox.Description is { } description)
        {
            members.Add(("description", ForcedList(description)));
        }

        return Metadatum.MapOf([.. members, ("agentslug", ForcedList(inbox.Slug)), ("metadata_version", Raw(InboxVersion))]);
    }

    /// <summary>The value of label 721 for new tokens of one policy (CIP-25 version 1, names as hex text).</summary>
    public static KeyValuePair<ulong, Metadatum> Envelope(PolicyId policy, params IEnumerable<(AssetName Name, AgentMetadata Metadata)> agents) =>
        Envelope(policy, agents.Select(a => (a.Name, Write(a.Metadata))));

    /// <summary>The same of entries that are written already.</summary>
    public static KeyValuePair<ulong, Metadatum> Envelope(PolicyId policy, IEnumerable<(AssetName Name, Metadatum Entry)> entries) =>
        new(
            TransactionMetadata.NftLabel,
            Metadatum.MapOf((policy.ToString(), Metadatum.MapOf([.. entries.Select(e => (e.Name.ToString(), e.Entry))])), ("version", Raw(CipVersion)))
        );

    private static string UrlKey(AgentEntryType type) => Types.GetValueOrDefault(type).Url ?? "api_base_url";

    private static Metadatum.Map Example(ExampleOutput example) =>
        Metadatum.MapOf(("name", ForcedList(example.Name)), ("mime_type", ForcedList(example.MimeType)), ("url", ForcedList(example.Url)));

    // An object whose members are all absent is still written, as an empty map.
    private static Metadatum.Map Present(params IEnumerable<(string Key, string? Value)> members) =>
        Metadatum.MapOf([.. members.Where(m => m.Value is not null).Select(m => (m.Key, ForcedList(m.Value!)))]);

    private static Metadatum.Map PriceV1(AgentPricing pricing) =>
        pricing is AgentPricing.Fixed { Amounts: var amounts }
            ? Metadatum.MapOf(
                ("pricingType", Raw(Word.Text(pricing.Type))),
                (
                    "fixedPricing",
                    new Metadatum.List([.. amounts.Select(a => (Metadatum)Metadatum.MapOf(("unit", ForcedList(a.Unit)), ("amount", Digits(a.Amount))))])
                )
            )
            : Metadatum.MapOf(("pricingType", Raw(Word.Text(pricing.Type))));

    private static Metadatum.Map Source(PaymentSourceEntry source) =>
        source switch
        {
            PaymentSourceEntry.Cardano cardano => Metadatum.MapOf(
                ("chain", ForcedList("Cardano")),
                ("network", ForcedList(Word.Text(cardano.Network))),
                (
                    "settlement",
                    Metadatum.MapOf(("paymentSourceType", ForcedList(Word.Text(cardano.PaymentSourceType))), ("address", ForcedList(cardano.Address)))
                ),
                ("pricing", PriceV2(cardano.Pricing))
            ),
            PaymentSourceEntry.Evm evm => Metadatum.MapOf(
                ("chain", ForcedList("EVM")),
                ("network", ForcedList(evm.Network)),
                ("settlement", Metadatum.MapOf([.. EvmSettlement(evm)])),
                ("pricing", Metadatum.MapOf([.. EvmPrice(evm.Pricing)]))
            ),
            _ => throw new ArgumentException($"Not a payment source: {source}.", nameof(source)),
        };

    private static Metadatum.Map PriceV2(AgentPricing pricing) =>
        pricing is AgentPricing.Fixed { Amounts: var amounts }
            ? Metadatum.MapOf(
                ("pricingType", Raw(Word.Text(pricing.Type))),
                (
                    "fixed",
                    new Metadatum.List([.. amounts.Select(a => (Metadatum)Metadatum.MapOf(("asset", BareIfShort(a.Unit)), ("amount", Digits(a.Amount))))])
                )
            )
            : Metadatum.MapOf(("pricingType", Raw(Word.Text(pricing.Type))));

    private static IEnumerable<(string Key, Metadatum Value)> EvmSettlement(PaymentSourceEntry.Evm evm)
    {
        yield return ("scheme", ForcedList(evm.Scheme));
        yield return ("payTo", ForcedList(evm.PayTo.ToLowerInvariant()));
        if (evm.Resource is not null)
        {
            yield return ("resource", ForcedList(evm.Resource));
        }

        if (evm.Extra is not null)
        {
            yield return ("extra", evm.Extra);
        }
    }

    private static IEnumerable<(string Key, Metadatum Value)> EvmPrice(EvmPricing pricing)
    {
        yield return ("pricingType", Raw(Word.Text(pricing.Type)));
        if (pricing is { Asset: { } asset, Decimals: { } decimals })
        {
            IEnumerable<(string, Metadatum)> price = pricing.Amount is { } amount
                ? [("asset", BareIfShort(asset)), ("amount", Digits(amount)), ("decimals", Digits(decimals))]
                : [("asset", BareIfShort(asset)), ("decimals", Digits(decimals))];
            yield return (pricing.Amount is null ? "dynamic" : "fixed", new Metadatum.List([Metadatum.MapOf([.. price])]));
        }
    }

    private static Metadatum.Map Verification(AgentVerification v)
    {
        List<(string Key, Metadatum Value)> members = [("method", ForcedList(v.Method))];
        if (v.SchemaVersion is not null)
        {
            members.Add(("schemaVersion", ForcedList(v.SchemaVersion)));
        }

        members.Add(("issuer", Present(("aid", v.IssuerAid), ("oobi", v.IssuerOobi))));
        members.Add(("schema", Present(("said", v.SchemaSaid), ("oobi", v.SchemaOobi))));
        members.Add(("credential", Present(("said", v.CredentialSaid), ("oobi", v.CredentialOobi), ("registry", v.CredentialRegistry))));
        members.Add(("holder", Present(("aid", v.HolderAid), ("oobi", v.HolderOobi))));
        if (v.BaseUrl is not null)
        {
            members.Add(("baseUrl", ForcedList(v.BaseUrl)));
        }

        return Metadatum.MapOf([.. members]);
    }

    private static Metadatum.Text Raw(string text) => new(text);

    private static Metadatum.Text Digits(long number) => new(number.ToString(CultureInfo.InvariantCulture));
}
