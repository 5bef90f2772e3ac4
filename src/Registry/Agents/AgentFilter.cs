using Masumi.Protocol;

namespace Masumi.Registry.Agents;

/// <summary>What an entry must be; everything that is set must hold (spec registry-service-api.md 3.1).</summary>
internal sealed record AgentFilter
{
    public required IReadOnlyList<AgentStatus> Statuses { get; init; }

    public IReadOnlyList<string>? PaymentTypes { get; init; }

    public string? PolicyId { get; init; }

    public string? Agent { get; init; }

    /// <summary>One of these at least; none of none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    public string? CapabilityName { get; init; }

    public string? CapabilityVersion { get; init; }

    public bool Matches(AgentEntry e) =>
        Statuses.Contains(e.Status)
        && PaymentTypes?.Contains(e.PaymentType) != false
        && (PolicyId is null || e.PolicyId == PolicyId)
        && (Agent is null || e.Agent.ToString() == Agent)
        && (Tags is null || e.Metadata?.Tags.Any(Tags.Contains) == true)
        && (CapabilityName is null || e.Metadata?.Capability?.Name == CapabilityName)
        && (CapabilityVersion is null || e.Metadata?.Capability?.Version == CapabilityVersion);

    /// <summary>What a search looks in (spec 3.2).</summary>
    public static string TextOf(AgentEntry e) =>
        e.Metadata is { } m
            ? Normal(
                string.Join(
                    ' ',
                    [
                        m.Name,
                        m.Description,
                        m.Author.Name,
                        m.Author.Organization,
                        m.ApiBaseUrl,
                        e.Agent.ToString(),
                        m.Capability?.Name,
                        m.Capability?.Version,
                        .. m.Tags,
                    ]
                )
            )
            : e.Agent.ToString();

    /// <summary>Lower case, single spaces, none at the ends.</summary>
    public static string Normal(string text) => string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
