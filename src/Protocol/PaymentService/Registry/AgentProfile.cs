using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

// What an entry says about an agent and those behind it. Each in up to three forms: as asked, with limits; as a row, with every member; as read from
// the chain, where anything may be missing.

/// <summary>A sample of an agent's work.</summary>
public sealed record ExampleOutput(string Name, string Url, string MimeType)
{
    /// <summary>How many an entry may have.</summary>
    public const int Most = 25;

    /// <summary>As on the wire.</summary>
    public static RecordShape<ExampleOutput> Shape { get; } =
        Shapes.Record<ExampleOutput>(s =>
            new(
                s.Required("name", Shapes.Text(0, 60), r => r.Name),
                s.Required("url", Shapes.Text(0, 250), r => r.Url),
                s.Required("mimeType", Shapes.Text(0, 60), r => r.MimeType, "Such as text/plain")
            )
        );
}

/// <summary>What does the work: a model or a program, and its version.</summary>
public sealed record AgentCapability(string? Name, string? Version)
{
    /// <summary>As asked.</summary>
    public static RecordShape<AgentCapability> RequestShape { get; } =
        Shapes.Record<AgentCapability>(s =>
            new(s.Required("name", ProfileText.Line, r => r.Name ?? ""), s.Required("version", ProfileText.Line, r => r.Version ?? "", "At most 60 bytes"))
        );

    /// <summary>As a row.</summary>
    public static RecordShape<AgentCapability> Shape { get; } =
        Shapes.Record<AgentCapability>(s =>
            new(s.RequiredOrNull("name", Shapes.AnyText, r => r.Name), s.RequiredOrNull("version", Shapes.AnyText, r => r.Version))
        );

    /// <summary>As read from the chain.</summary>
    public static RecordShape<AgentCapability> MetadataShape { get; } =
        Shapes.Record<AgentCapability>(s =>
            new(s.OptionalOrNull("name", Shapes.AnyText, r => r.Name), s.OptionalOrNull("version", Shapes.AnyText, r => r.Version))
        );
}

/// <summary>Who is behind an agent.</summary>
public sealed record AgentAuthor(string Name, string? ContactEmail, string? ContactOther, string? Organization)
{
    /// <summary>As asked.</summary>
    public static RecordShape<AgentAuthor> RequestShape { get; } =
        Shapes.Record<AgentAuthor>(s =>
            new(
                s.Required("name", ProfileText.Line, r => r.Name),
                s.Optional("contactEmail", ProfileText.Line, r => r.ContactEmail),
                s.Optional("contactOther", ProfileText.Line, r => r.ContactOther),
                s.Optional("organization", ProfileText.Line, r => r.Organization)
            )
        );

    /// <summary>As a row.</summary>
    public static RecordShape<AgentAuthor> Shape { get; } =
        Shapes.Record<AgentAuthor>(s =>
            new(
                s.Required("name", Shapes.AnyText, r => r.Name),
                s.RequiredOrNull("contactEmail", Shapes.AnyText, r => r.ContactEmail),
                s.RequiredOrNull("contactOther", Shapes.AnyText, r => r.ContactOther),
                s.RequiredOrNull("organization", Shapes.AnyText, r => r.Organization)
            )
        );

    /// <summary>As read from the chain.</summary>
    public static RecordShape<AgentAuthor> MetadataShape { get; } =
        Shapes.Record<AgentAuthor>(s =>
            new(
                s.Required("name", Shapes.AnyText, r => r.Name),
                s.OptionalOrNull("contactEmail", Shapes.AnyText, r => r.ContactEmail),
                s.OptionalOrNull("contactOther", Shapes.AnyText, r => r.ContactOther),
                s.OptionalOrNull("organization", Shapes.AnyText, r => r.Organization)
            )
        );
}

/// <summary>What an agent's users agree to.</summary>
public sealed record AgentLegal(string? PrivacyPolicy, string? Terms, string? Other, string? Dpa)
{
    private const string DpaText = "Agreement on the processing of personal data, which marketplaces show";

    /// <summary>As asked.</summary>
    public static RecordShape<AgentLegal> RequestShape { get; } =
        Shapes.Record<AgentLegal>(s =>
            new(
                s.Optional("privacyPolicy", ProfileText.Line, r => r.PrivacyPolicy),
                s.Optional("terms", ProfileText.Line, r => r.Terms),
                s.Optional("other", ProfileText.Line, r => r.Other),
                s.Optional("dpa", ProfileText.Line, r => r.Dpa, DpaText)
            )
        );

    /// <summary>As a row.</summary>
    public static RecordShape<AgentLegal> Shape { get; } =
        Shapes.Record<AgentLegal>(s =>
            new(
                s.RequiredOrNull("privacyPolicy", Shapes.AnyText, r => r.PrivacyPolicy),
                s.RequiredOrNull("terms", Shapes.AnyText, r => r.Terms),
                s.RequiredOrNull("other", Shapes.AnyText, r => r.Other),
                s.OptionalOrNull("dpa", Shapes.AnyText, r => r.Dpa, DpaText)
            )
        );

    /// <summary>As read from the chain.</summary>
    public static RecordShape<AgentLegal> MetadataShape { get; } =
        Shapes.Record<AgentLegal>(s =>
            new(
                s.OptionalOrNull("privacyPolicy", Shapes.AnyText, r => r.PrivacyPolicy),
                s.OptionalOrNull("terms", Shapes.AnyText, r => r.Terms),
                s.OptionalOrNull("other", Shapes.AnyText, r => r.Other),
                s.OptionalOrNull("dpa", Shapes.AnyText, r => r.Dpa, DpaText)
            )
        );
}

internal static class ProfileText
{
    public static Shape<string> Line { get; } = Shapes.Text(0, 250);
}
