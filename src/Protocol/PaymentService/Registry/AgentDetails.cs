using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>What an entry is to say about an agent: the part that registering and updating have in common.</summary>
public sealed record AgentDetails(
    ImmutableArray<AdvertisedSource>? Sources,
    ImmutableArray<AgentVerification>? Verifications,
    ImmutableArray<ExampleOutput> ExampleOutputs,
    ImmutableArray<string> Tags,
    string Name,
    AgentType Type,
    string? ApiBaseUrl,
    string? OpenApiSpecUrl,
    string? X402ResourcesUrl,
    string Description,
    AgentCapability Capability,
    AgentPricing? Pricing,
    AgentLegal? Legal,
    AgentAuthor Author
)
{
    private const int MostSources = 25;
    private const int MostVerifications = 10;

    /// <summary>Its members, among those of a request.</summary>
    internal static AgentDetails Within<T>(Members<T> s, Func<T, AgentDetails> of)
        where T : class =>
        new(
            s.Optional(
                "supportedPaymentSources",
                Shapes.List(AdvertisedSource.RequestShape, 1, MostSources),
                r => of(r).Sources,
                "V2: the ways in which the agent is paid, each with its price. An update that leaves it out keeps them"
            ),
            s.Optional(
                "verifications",
                Shapes.List(AgentVerification.Shape, 0, MostVerifications),
                r => of(r).Verifications,
                "V2: claims of identity. An update that leaves it out keeps them, an empty list drops them"
            ),
            s.Required("ExampleOutputs", Shapes.List(ExampleOutput.Shape, 0, ExampleOutput.Most), r => of(r).ExampleOutputs, "Samples of its work"),
            s.Required("Tags", Shapes.List(Shapes.Text(0, 63), 1, 15), r => of(r).Tags),
            s.Required("name", ProfileText.Line, r => of(r).Name),
            s.Default(
                "type",
                Shapes.Word<AgentType>(),
                AgentType.Standard,
                r => of(r).Type,
                "How the agent is reached: each type needs its own URL, and no other"
            ),
            s.Optional("apiBaseUrl", Url, r => of(r).ApiBaseUrl, "Standard: where its routes begin"),
            s.Optional("openApiSpecUrl", Url, r => of(r).OpenApiSpecUrl, "OpenApi: where its OpenAPI document is"),
            s.Optional("x402ResourcesUrl", Url, r => of(r).X402ResourcesUrl, "X402: where the list of its resources is"),
            s.Required("description", ProfileText.Line, r => of(r).Description),
            s.Required("Capability", AgentCapability.RequestShape, r => of(r).Capability, "The model or program that does the work"),
            s.Optional("AgentPricing", AgentPricing.RequestShape, r => of(r).Pricing, "V1: what a job costs. V2 has prices within supportedPaymentSources"),
            s.Optional("Legal", AgentLegal.RequestShape, r => of(r).Legal, "An update that leaves a member out keeps it"),
            s.Required("Author", AgentAuthor.RequestShape, r => of(r).Author)
        );

    private static Shape<string> Url => Shapes.Url(250);
}
