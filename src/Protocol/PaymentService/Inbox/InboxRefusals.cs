using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Inbox;

/// <summary>How the operations about inboxes say no, where they do not as those about agents (spec payment-service-api.md 8.3).</summary>
public static class InboxRefusals
{
    private const string Canonical = "Small letters a to z and digits, single hyphens between: help-desk.";

    /// <summary>White space around the slug.</summary>
    public static RefusalKind SlugPadded { get; } = new(400, "agent_slug_padded", "agentSlug must not contain leading or trailing whitespace");

    /// <summary>A slug of nothing but signs.</summary>
    public static RefusalKind SlugMissing { get; } = new(400, "agent_slug_missing", "agentSlug is required", Canonical);

    /// <summary>A slug that is written another way.</summary>
    public static RefusalKind SlugNotCanonical { get; } = new(400, "agent_slug_not_canonical", "agentSlug must already be canonical", Canonical);

    /// <summary>A slug that web servers need for themselves.</summary>
    public static RefusalKind SlugReserved { get; } =
        new(400, "agent_slug_reserved", "agentSlug is reserved", "Take another: web servers need this one for themselves.");

    /// <summary>The token's description is not that of an inbox.</summary>
    public static RefusalKind MetadataInvalid { get; } =
        new(422, "agent_metadata_invalid", "Inbox agent metadata is invalid or malformed", "It may be an agent: ask /registry/agent-identifier.");
}
