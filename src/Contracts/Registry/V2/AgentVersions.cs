using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Registry.V2;

/// <summary>The identifiers of a V2 agent: each update gives it the next one (spec registry.md 5.2).</summary>
public static class AgentVersions
{
    /// <summary>The identifier that an update gives; null when the versions are used up, or when this is none that has versions.</summary>
    public static AgentIdentifier? Next(AgentIdentifier agent) => NameOf(agent)?.Next() is { } next ? With(agent, next) : null;

    /// <summary>The identifier before the last update; null when there was none.</summary>
    public static AgentIdentifier? Previous(AgentIdentifier agent) => NameOf(agent)?.Previous() is { } previous ? With(agent, previous) : null;

    /// <summary>Whether one is the same agent's as another, of a later version.</summary>
    public static bool IsLater(AgentIdentifier agent, AgentIdentifier than) =>
        NameOf(agent) is { } one
        && NameOf(than) is { } other
        && agent.ToAsset().Policy == than.ToAsset().Policy
        && (one.Nonce, one.Root) == (other.Nonce, other.Root)
        && one.Version > other.Version;

    private static AgentNameV2? NameOf(AgentIdentifier agent) => AgentNameV2.Of(agent.ToAsset().Name);

    private static AgentIdentifier With(AgentIdentifier agent, AgentNameV2 name) => AgentIdentifier.Parse($"{agent.ToAsset().Policy}{name.ToAssetName()}");
}
