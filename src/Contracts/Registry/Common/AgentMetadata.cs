using System.Collections.Immutable;

namespace Masumi.Contracts.Registry.Common;

/// <summary>A sample of what an agent delivers.</summary>
public sealed record ExampleOutput(string Name, string MimeType, string Url);

/// <summary>What an agent can do, and in which version.</summary>
public sealed record AgentCapability(string Name, string Version);

/// <summary>Who answers for an agent.</summary>
public sealed record AgentAuthor(string Name, string? ContactEmail = null, string? ContactOther = null, string? Organization = null);

/// <summary>Where its legal texts are.</summary>
public sealed record AgentLegal(string? PrivacyPolicy = null, string? Terms = null, string? Other = null, string? Dpa = null);

/// <summary>A KERI credential an agent claims (spec registry.md 8.3). Nobody on chain verifies it.</summary>
public sealed record AgentVerification(
    string Method,
    string? SchemaVersion,
    string IssuerAid,
    string IssuerOobi,
    string SchemaSaid,
    string SchemaOobi,
    string CredentialSaid,
    string CredentialOobi,
    string? CredentialRegistry,
    string HolderAid,
    string HolderOobi,
    string? BaseUrl
);

/// <summary>How an agent is reached (spec registry.md 8.6).</summary>
public enum AgentEntryType
{
    /// <summary>The agentic service API, at <see cref="AgentMetadata.ApiBaseUrl"/>.</summary>
    Standard,

    /// <summary>Described by an OpenAPI document.</summary>
    OpenApi,

    /// <summary>A manifest of x402 resources.</summary>
    X402,

    /// <summary>An A2A agent card.</summary>
    A2a,

    /// <summary>An inbox of the agent messenger; no agent to hire.</summary>
    Inbox,
}

/// <summary>What the metadata of an agent's token says (label 721).</summary>
public sealed record AgentMetadata
{
    /// <summary>The image every entry carries; nobody can choose it.</summary>
    public const string DefaultImage = "ipfs://QmXXW7tmBgpQpXoJMAMEXXFe9dyQcrLFKGuzxnHDnbKC7f";

    /// <summary>1 for V1 registrations, 2 for V2.</summary>
    public required int MetadataVersion { get; init; }

    /// <summary>How it is reached; the entry's <c>type</c>.</summary>
    public AgentEntryType Type { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>Where it serves; for other types than standard the URL their own field names.</summary>
    public required string ApiBaseUrl { get; init; }

    /// <summary>Samples.</summary>
    public ImmutableArray<ExampleOutput> ExampleOutputs { get; init; } = [];

    /// <summary>Capability.</summary>
    public AgentCapability? Capability { get; init; }

    /// <summary>Author.</summary>
    public required AgentAuthor Author { get; init; }

    /// <summary>Legal texts.</summary>
    public AgentLegal Legal { get; init; } = new();

    /// <summary>Tags, at least one.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>Version 1: the price. In version 2 only the sources have prices, except in entries of an early layout.</summary>
    public AgentPricing? Pricing { get; init; }

    /// <summary>Image.</summary>
    public string Image { get; init; } = DefaultImage;

    /// <summary>Version 2: the ways to pay, in the order that gives them their index; null when absent or unreadable.</summary>
    public ImmutableArray<PaymentSourceEntry>? PaymentSources { get; init; }

    /// <summary>Version 2: claimed credentials; null when absent or unreadable.</summary>
    public ImmutableArray<AgentVerification>? Verifications { get; init; }

    /// <summary>
    /// The Cardano price (spec registry.md 8.5). With an index exactly that source's; without, the first Cardano source's, else the top-level price.
    /// Null when there is none.
    /// </summary>
    public AgentPricing? CardanoPrice(int? index)
    {
        if (index is { } chosen)
        {
            return PaymentSources is { } sources && chosen >= 0 && chosen < sources.Length ? (sources[chosen] as PaymentSourceEntry.Cardano)?.Pricing : null;
        }

        return PaymentSources?.OfType<PaymentSourceEntry.Cardano>().FirstOrDefault()?.Pricing ?? Pricing;
    }
}
