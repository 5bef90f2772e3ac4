using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>What the chain says about an agent, strings joined and defaults filled in.</summary>
public sealed record AgentMetadata(
    string Name,
    string? Description,
    AgentType Type,
    string ApiBaseUrl,
    string? OpenApiSpecUrl,
    string? X402ResourcesUrl,
    ImmutableArray<ExampleOutput> ExampleOutputs,
    ImmutableArray<string> Tags,
    AgentCapability? Capability,
    AgentAuthor Author,
    AgentLegal? Legal,
    AgentPricing? Pricing,
    string Image,
    long MetadataVersion,
    ImmutableArray<AdvertisedSource>? Sources,
    ImmutableArray<IndexedSource>? IndexedSources,
    ImmutableArray<AgentVerification>? Verifications
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AgentMetadata> Shape { get; } =
        Shapes.Record<AgentMetadata>(s =>
            new(
                s.Required("name", Shapes.AnyText, r => r.Name),
                s.OptionalOrNull("description", Shapes.AnyText, r => r.Description),
                s.Default(
                    "type",
                    Shapes.Word<AgentType>(),
                    AgentType.Standard,
                    r => r.Type,
                    "How the agent is reached; a type that is not known counts as Standard"
                ),
                s.Required("apiBaseUrl", Shapes.AnyText, r => r.ApiBaseUrl, "Empty where the entry names none, which another type than Standard may do"),
                s.OptionalOrNull("openApiSpecUrl", Shapes.AnyText, r => r.OpenApiSpecUrl),
                s.OptionalOrNull("x402ResourcesUrl", Shapes.AnyText, r => r.X402ResourcesUrl),
                s.Required("ExampleOutputs", Shapes.List(ExampleOutput.Shape), r => r.ExampleOutputs),
                s.Required("Tags", Shapes.List(Shapes.AnyText), r => r.Tags),
                s.OptionalOrNull("Capability", AgentCapability.MetadataShape, r => r.Capability),
                s.Required("Author", AgentAuthor.MetadataShape, r => r.Author),
                s.OptionalOrNull("Legal", AgentLegal.MetadataShape, r => r.Legal),
                s.RequiredOrNull("AgentPricing", AgentPricing.Shape, r => r.Pricing, "Version 1: what a job costs. Version 2: null"),
                s.Required("image", Shapes.AnyText, r => r.Image),
                s.Required("metadataVersion", Shapes.Integer(), r => r.MetadataVersion, "2: priced by the way of paying"),
                s.RequiredOrNull(
                    "supportedPaymentSources",
                    Shapes.List(AdvertisedSource.Shape),
                    r => r.Sources,
                    "The ways of paying that hold on this network; null where there are none, or one of them cannot be read"
                ),
                s.Optional(
                    "SupportedPaymentSources",
                    Shapes.List(IndexedSource.Shape),
                    r => r.IndexedSources,
                    "All ways of paying, flat, each with its index in the entry"
                ),
                s.RequiredOrNull("verifications", Shapes.List(AgentVerification.Shape), r => r.Verifications, "Claims of identity; checked by nobody here")
            )
        );
}

/// <summary>The token of an agent, and what the chain says about it.</summary>
/// <param name="PolicyId">Which registry.</param>
/// <param name="AssetName">In hex.</param>
/// <param name="AgentIdentifier">Both together.</param>
/// <param name="IsFree">Whether nothing is paid, in none of its ways; null where that is not told.</param>
/// <param name="Metadata">What the chain says.</param>
public sealed record RegisteredAgent(string PolicyId, string AssetName, string AgentIdentifier, bool? IsFree, AgentMetadata Metadata)
{
    /// <summary>As one of several.</summary>
    public static RecordShape<RegisteredAgent> Shape { get; } = Shapes.Record<RegisteredAgent>("AgentMetadata", Named);

    /// <summary>As the one that was asked for.</summary>
    public static RecordShape<RegisteredAgent> SingleShape { get; } = Shapes.Record<RegisteredAgent>("AgentIdentifierMetadata", Named);

    private static RegisteredAgent Named(Members<RegisteredAgent> s) =>
        new(
            s.Required("policyId", Shapes.AnyText, r => r.PolicyId, "Which registry"),
            s.Required("assetName", Shapes.AnyText, r => r.AssetName, "In hex"),
            s.Required("agentIdentifier", Shapes.AnyText, r => r.AgentIdentifier, "Both together"),
            s.Optional("isFree", Shapes.Boolean, r => r.IsFree, "Whether nothing is paid, in none of its ways"),
            s.Required("Metadata", AgentMetadata.Shape, r => r.Metadata)
        );
}

/// <summary>The agents whose tokens a wallet holds.</summary>
public sealed record RegisteredAgents(ImmutableArray<RegisteredAgent> Assets)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RegisteredAgents> Shape { get; } =
        Shapes.Record<RegisteredAgents>(s => new(s.Required("Assets", Shapes.List(RegisteredAgent.Shape), r => r.Assets)));
}
