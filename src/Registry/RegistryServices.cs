using System.Security.Cryptography;
using Masumi.Chain;
using Masumi.Storage;

namespace Masumi.Registry;

/// <summary>How the registry behaves.</summary>
public sealed record RegistryOptions
{
    /// <summary>How often the chain is asked for its tip.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often an agent's endpoint is asked whether it answers.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an agent has to answer; those that start on demand take their time.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True on a devnet, where agents live on this machine. Otherwise only public addresses are asked.</summary>
    public bool AllowLoopbackAgents { get; init; }
}

/// <summary>What the registry service works with.</summary>
public sealed record RegistryServices(IDatabase Database, IChain Chain, TimeProvider Time, RandomNumberGenerator Random, RegistryOptions Options);
