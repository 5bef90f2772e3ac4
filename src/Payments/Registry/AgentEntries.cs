using System.Collections.Immutable;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Tokens;
using Entries = Masumi.Contracts.Registry.Common;

namespace Masumi.Payments.Registry;

/// <summary>What the API says of an agent as the records that the chain's entries are written from.</summary>
internal static class AgentEntries
{
    /// <summary>The entry of a request. EVM ways of paying are refused before (<see cref="AgentChecks"/>), and left out here.</summary>
    public static Entries.AgentMetadata Of(AgentDetails details, EscrowFamily family) =>
        new()
        {
            MetadataVersion = family == EscrowFamily.V1 ? 1 : 2,
            Type = Of(details.Type),
            Name = details.Name,
            Description = details.Description,
            ApiBaseUrl = UrlOf(details) ?? "",
            ExampleOutputs = [.. details.ExampleOutputs.Select(e => new Entries.ExampleOutput(e.Name, e.MimeType, e.Url))],
            Capability = new Entries.AgentCapability(details.Capability.Name ?? "", details.Capability.Version ?? ""),
            Author = new Entries.AgentAuthor(details.Author.Name, details.Author.ContactEmail, details.Author.ContactOther, details.Author.Organization),
            Legal = details.Legal is { } legal ? new Entries.AgentLegal(legal.PrivacyPolicy, legal.Terms, legal.Other, legal.Dpa) : new Entries.AgentLegal(),
            Tags = details.Tags,
            Pricing = details.Pricing is { } own ? Of(own) : null,
            PaymentSources = details.Sources is { } sources ? [.. sources.OfType<AdvertisedSource.OnCardano>().Select(Of)] : null,
            Verifications = details.Verifications is { } claims ? [.. claims.Select(Of)] : null,
        };

    /// <summary>The same as an update of what stands: what the request leaves out is kept.</summary>
    public static Entries.AgentMetadata Of(AgentDetails details, EscrowFamily family, Entries.AgentMetadata before)
    {
        var asked = Of(details, family);
        var (author, legal) = (before.Author, before.Legal);
        return asked with
        {
            PaymentSources = asked.PaymentSources ?? before.PaymentSources,
            Verifications = asked.Verifications ?? before.Verifications,
            Author = asked.Author with
            {
                ContactEmail = asked.Author.ContactEmail ?? author.ContactEmail,
                ContactOther = asked.Author.ContactOther ?? author.ContactOther,
                Organization = asked.Author.Organization ?? author.Organization,
            },
            Legal = new Entries.AgentLegal(
                asked.Legal.PrivacyPolicy ?? legal.PrivacyPolicy,
                asked.Legal.Terms ?? legal.Terms,
                asked.Legal.Other ?? legal.Other,
                asked.Legal.Dpa ?? legal.Dpa
            ),
        };
    }

    /// <summary>The one URL that the type of entry has.</summary>
    public static string? UrlOf(AgentDetails details) =>
        details.Type switch
        {
            AgentType.OpenApi => details.OpenApiSpecUrl,
            AgentType.X402 => details.X402ResourcesUrl,
            _ => details.ApiBaseUrl,
        };

    /// <summary>An agent as the chain describes it.</summary>
    public static AgentMetadata Shown(Entries.AgentMetadata entry, Network network)
    {
        var sources = SourcesOf(entry);
        return new(
            entry.Name,
            entry.Description,
            Shown(entry.Type),
            UrlAs(entry, Entries.AgentEntryType.Standard) ?? "",
            UrlAs(entry, Entries.AgentEntryType.OpenApi),
            UrlAs(entry, Entries.AgentEntryType.X402),
            ExamplesOf(entry),
            entry.Tags,
            entry.Capability is { } capability ? new AgentCapability(capability.Name, capability.Version) : null,
            AuthorOf(entry),
            LegalOf(entry),
            entry.MetadataVersion == 1 ? PricingOf(entry, network) : null,
            entry.Image,
            entry.MetadataVersion,
            sources is { } all && all.Where(s => Holds(s, network)).ToImmutableArray() is { IsEmpty: false } held ? held : null,
            sources?.Select((s, i) => IndexedSource.Of(i, s)).ToImmutableArray(),
            VerificationsOf(entry)
        );
    }

    /// <summary>Whether nothing is paid, in none of its ways; null where that is not told.</summary>
    public static bool? IsFree(Entries.AgentMetadata entry)
    {
        var types = (entry.PaymentSources ?? [])
            .Select(s => s is Entries.PaymentSourceEntry.Cardano c ? c.Pricing.Type : ((Entries.PaymentSourceEntry.Evm)s).Pricing.Type)
            .ToList();
        if (entry.Pricing is { } own && (entry.MetadataVersion == 1 || types.Count == 0))
        {
            types = [own.Type];
        }

        return types.Count == 0 ? null : types.TrueForAll(t => t == PricingType.Free);
    }

    public static AgentType Shown(Entries.AgentEntryType type) =>
        type switch
        {
            Entries.AgentEntryType.OpenApi => AgentType.OpenApi,
            Entries.AgentEntryType.X402 => AgentType.X402,
            _ => AgentType.Standard,
        };

    /// <summary>The URL of an entry where it is of a type; null where it is of another.</summary>
    public static string? UrlAs(Entries.AgentMetadata entry, Entries.AgentEntryType type) => entry.Type == type ? entry.ApiBaseUrl : null;

    public static ImmutableArray<ExampleOutput> ExamplesOf(Entries.AgentMetadata entry) =>
        [.. entry.ExampleOutputs.Select(e => new ExampleOutput(e.Name, e.Url, e.MimeType))];

    public static AgentAuthor AuthorOf(Entries.AgentMetadata entry) =>
        new(entry.Author.Name, entry.Author.ContactEmail, entry.Author.ContactOther, entry.Author.Organization);

    public static AgentLegal LegalOf(Entries.AgentMetadata entry) => new(entry.Legal.PrivacyPolicy, entry.Legal.Terms, entry.Legal.Other, entry.Legal.Dpa);

    public static AgentPricing? PricingOf(Entries.AgentMetadata entry, Network network) =>
        entry.Pricing switch
        {
            Entries.AgentPricing.Fixed f => new AgentPricing.Fixed([.. f.Amounts.Select(a => Shown(a, network))]),
            Entries.AgentPricing.Free => new AgentPricing.Free(),
            Entries.AgentPricing.Dynamic => new AgentPricing.Dynamic(),
            _ => null,
        };

    public static ImmutableArray<AdvertisedSource>? SourcesOf(Entries.AgentMetadata entry) => entry.PaymentSources?.Select(Shown).ToImmutableArray();

    public static ImmutableArray<AgentVerification>? VerificationsOf(Entries.AgentMetadata entry) =>
        entry.Verifications is { IsEmpty: false } claims
            ?
            [
                .. claims.Select(v => new AgentVerification(
                    v.Method,
                    v.SchemaVersion,
                    new VerificationParty(v.IssuerAid, v.IssuerOobi),
                    new VerificationDocument(v.SchemaSaid, v.SchemaOobi),
                    new VerificationCredential(v.CredentialSaid, v.CredentialOobi, v.CredentialRegistry),
                    new VerificationParty(v.HolderAid, v.HolderOobi),
                    v.BaseUrl
                )),
            ]
            : null;

    private static Entries.AgentEntryType Of(AgentType type) =>
        type switch
        {
            AgentType.OpenApi => Entries.AgentEntryType.OpenApi,
            AgentType.X402 => Entries.AgentEntryType.X402,
            _ => Entries.AgentEntryType.Standard,
        };

    private static Entries.AgentPricing Of(AgentPricing pricing) =>
        pricing switch
        {
            AgentPricing.Fixed f => new Entries.AgentPricing.Fixed([.. f.Prices.Select(p => Amount(p.Unit, p.Amount))]),
            AgentPricing.Free => new Entries.AgentPricing.Free(),
            _ => new Entries.AgentPricing.Dynamic(),
        };

    private static Entries.PaymentSourceEntry Of(AdvertisedSource.OnCardano source) =>
        new Entries.PaymentSourceEntry.Cardano(
            source.Network,
            source.PaymentSourceType,
            source.Address,
            source.Pricing switch
            {
                SourcePricing.Fixed f => new Entries.AgentPricing.Fixed([.. f.Prices.Select(p => Amount(p.Asset, p.Amount))]),
                SourcePricing.Free => new Entries.AgentPricing.Free(),
                _ => new Entries.AgentPricing.Dynamic(),
            }
        );

    private static Entries.AgentVerification Of(AgentVerification v) =>
        new(
            v.Method,
            v.SchemaVersion,
            v.Issuer.Aid,
            v.Issuer.Oobi,
            v.Schema.Said,
            v.Schema.Oobi,
            v.Credential.Said,
            v.Credential.Oobi,
            v.Credential.Registry,
            v.Holder.Aid,
            v.Holder.Oobi,
            v.BaseUrl
        );

    private static AdvertisedSource Shown(Entries.PaymentSourceEntry source) =>
        source switch
        {
            Entries.PaymentSourceEntry.Cardano c => new AdvertisedSource.OnCardano(c.Network, c.PaymentSourceType, c.Address, Shown(c.Pricing, c.Network)),
            Entries.PaymentSourceEntry.Evm e => new AdvertisedSource.OnEvm(
                e.Network,
                null,
                null,
                SourceScheme.Exact,
                e.PayTo,
                e.Resource,
                MetadataJson.Of(e.Extra),
                Shown(e.Pricing)
            ),
            _ => throw new ArgumentException($"Not a payment source: {source}.", nameof(source)),
        };

    private static SourcePricing Shown(Entries.AgentPricing pricing, Network network) =>
        pricing switch
        {
            Entries.AgentPricing.Fixed f => new SourcePricing.Fixed([
                .. f.Amounts.Select(a => new SourcePrice(a.Unit, Text(a.Amount), null) { Symbol = TokenOf(a.Unit, network)?.Symbol }),
            ]),
            Entries.AgentPricing.Free => new SourcePricing.Free(),
            _ => new SourcePricing.Dynamic(null),
        };

    private static SourcePricing Shown(Entries.EvmPricing pricing) =>
        pricing switch
        {
            { Type: PricingType.Fixed, Asset: { } asset, Amount: { } amount } => new SourcePricing.Fixed([
                new SourcePrice(asset, Text(amount), pricing.Decimals),
            ]),
            { Type: PricingType.Free } => new SourcePricing.Free(),
            { Asset: { } accepted } => new SourcePricing.Dynamic([new SourceAsset(accepted, pricing.Decimals)]),
            _ => new SourcePricing.Dynamic(null),
        };

    private static AgentPrice Shown(WrittenAmount amount, Network network) =>
        TokenOf(amount.Unit, network) is { } token
            ? new(amount.Unit, Text(amount.Amount)) { Symbol = token.Symbol, Decimals = token.Decimals }
            : new(amount.Unit, Text(amount.Amount));

    private static Token? TokenOf(string unit, Network network) => Unit.TryParse(unit, out var known) ? Token.Find(known, network) : null;

    // A Cardano way of paying on another network, or at no address, pays nobody here.
    private static bool Holds(AdvertisedSource source, Network network) =>
        source is not AdvertisedSource.OnCardano c || (c.Network == network && AgentChecks.IsPayable(c.Address, network));

    // One unit has one spelling on chain: readers compare texts.
    private static WrittenAmount Amount(string unit, string amount) =>
        new(Unit.TryParse(unit, out var known) ? known.ToString() : unit, Digits.ReadSigned<long>(amount));

    private static string Text(long amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
