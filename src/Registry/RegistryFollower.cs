using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Registry.Agents;
using Microsoft.Extensions.Logging;

namespace Masumi.Registry;

/// <summary>Keeps the registry in step with the chain, and asks agents whether they answer. The two never wait for each other.</summary>
public sealed class RegistryFollower : IDisposable
{
    private readonly RegistryServices _services;
    private readonly RegistryStore _store;
    private readonly ILogger _logger;
    private readonly AgentProbe _probe;

    /// <summary>A follower; <see cref="RunAsync"/> starts it.</summary>
    public RegistryFollower(RegistryServices services, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _logger = logger;
        _store = new RegistryStore(services.Database, services.Time);
        _probe = new AgentProbe(services, _store);
    }

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _probe.Dispose();

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(LoopAsync("following the registry", FollowAsync, cancellation), LoopAsync("asking agents", ProbeAsync, cancellation));

    /// <summary>One pass over every policy. One that fails does not keep the others waiting; it continues where it was.</summary>
    internal async Task FollowAsync(CancellationToken cancellation)
    {
        foreach (var source in await _store.ListSourcesAsync(cancellation))
        {
            try
            {
                await FollowAsync(source, cancellation);
            }
            catch (ChainUnavailableException e)
            {
                _logger.LogWarning("Following policy {Policy}: {Message}", source.Policy, e.Message);
            }
        }
    }

    /// <summary>Asks the agents whose turn it is.</summary>
    internal Task ProbeAsync(CancellationToken cancellation) => _probe.CheckDueAsync(cancellation);

    private async Task LoopAsync(string what, Func<CancellationToken, Task> once, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await once(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _logger.LogWarning("{What}: {Message}", what, e.Message);
            }

            try
            {
                await Task.Delay(_services.Options.PollInterval, _services.Time, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(RegistrySource source, CancellationToken cancellation)
    {
        var points = await _store.ListPointsAsync(source.Id, cancellation);
        var rolledBack = false;
        BlockPoint? stands = null;
        var changes = new List<TokenChange>();
        await foreach (var e in _services.Chain.FollowPolicyAsync(source.Policy, points, cancellation))
        {
            switch (e)
            {
                case ChainEvent.RolledBack back:
                    (rolledBack, stands) = (true, back.To);
                    break;
                case ChainEvent.Included { Transaction: { IsValid: true } found }:
                    changes.AddRange(Changes(source, found));
                    break;
                case ChainEvent.CaughtUp { Tip: var tip } when rolledBack || changes.Count > 0 || points.IsEmpty || tip.Hash != points[0].Hash:
                    await _store.RecordAsync(source, new ChainPass(rolledBack, stands, changes, tip), cancellation);
                    (rolledBack, stands) = (false, null);
                    changes.Clear();
                    break;
            }
        }
    }

    private static IEnumerable<TokenChange> Changes(RegistrySource source, ChainTransaction found)
    {
        foreach (var (asset, quantity) in found.Transaction.Body.Mint.Assets.Where(a => a.Key.Policy == source.Policy))
        {
            if (asset.ToAgentIdentifier() is not { } agent)
            {
                continue;
            }

            var metadata = quantity > 0 ? AgentMetadataReader.FindEntry(found.Transaction.AuxiliaryData, asset) : null;

            // Inboxes of the agent messenger are minted under the same policies and are no agents (spec registry.md 10).
            if (metadata is null || AgentMetadataReader.Read(metadata) is not MetadataReading.Inbox)
            {
                yield return new TokenChange(agent, checked((long)quantity), metadata, found.Transaction.Id, found.Block, found.Index);
            }
        }
    }
}
