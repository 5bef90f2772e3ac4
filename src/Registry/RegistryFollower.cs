using System.Net;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Contracts.Registry;
using Masumi.Registry.Agents;
using Microsoft.Extensions.Logging;

namespace Masumi.Registry;

/// <summary>Keeps the registry in step with the chain, and asks agents whether they answer. The two never wait for each other.</summary>
public sealed class RegistryFollower : IDisposable
{
    private readonly RegistryServices _services;
    private readonly RegistryStore _store;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private Hash32? _tip;

    /// <summary>A follower; <see cref="RunAsync"/> starts it.</summary>
    public RegistryFollower(RegistryServices services, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _logger = logger;
        _store = new RegistryStore(services.Database, services.Time);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectCallback = ConnectAsync,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            }
        )
        {
            MaxResponseContentBufferSize = 64 * 1024,
        };
    }

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _http.Dispose();

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(LoopAsync("following the registry", FollowAsync, cancellation), LoopAsync("asking agents", ProbeAsync, cancellation));

    private async Task LoopAsync(string what, Func<CancellationToken, Task> once, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await once(cancellation).ConfigureAwait(false);
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
                await Task.Delay(_services.Options.PollInterval, _services.Time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var tip = await _services.Chain.GetTipAsync(cancellation).ConfigureAwait(false);
        if (tip.Hash == _tip)
        {
            return;
        }

        foreach (var source in await _store.ListSourcesAsync(cancellation).ConfigureAwait(false))
        {
            await FollowAsync(source, cancellation).ConfigureAwait(false);
        }

        _tip = tip.Hash;
    }

    private async Task FollowAsync(RegistrySource source, CancellationToken cancellation)
    {
        var points = await _store.ListPointsAsync(source.Id, cancellation).ConfigureAwait(false);
        var changes = new List<TokenChange>();
        await foreach (var e in _services.Chain.FollowPolicyAsync(source.Policy, points, cancellation).ConfigureAwait(false))
        {
            switch (e)
            {
                case ChainEvent.RolledBack:
                    await _store.ForgetAsync(source.Id, cancellation).ConfigureAwait(false);
                    return;
                case ChainEvent.Included { Transaction: { IsValid: true } found }:
                    changes.AddRange(Changes(source, found));
                    break;
                case ChainEvent.CaughtUp caughtUp:
                    await _store.AppendAsync(source, changes, caughtUp.Tip, cancellation).ConfigureAwait(false);
                    changes.Clear();
                    break;
            }
        }
    }

    private static IEnumerable<TokenChange> Changes(RegistrySource source, ChainTransaction found)
    {
        foreach (var (asset, quantity) in found.Transaction.Body.Mint.Assets.Where(a => a.Key.Policy == source.Policy))
        {
            AgentMetadata? agent = null;
            if (
                quantity > 0
                && AgentMetadataReader.Read(found.Transaction.AuxiliaryData, new AgentIdentifier(asset.Policy, asset.Name)) is MetadataReading.Agent read
            )
            {
                agent = read.Metadata;
            }

            yield return new TokenChange(
                asset,
                checked((long)quantity),
                agent is null ? null : AgentMetadataWriter.Write(agent),
                agent?.Name ?? "",
                found.Block.Height
            );
        }
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        var now = _services.Time.GetUtcNow();
        foreach (var entry in await _store.ListAsync(null, cancellation).ConfigureAwait(false))
        {
            // One that is down is asked more often than one that is up, so that it is listed soon after it starts.
            var interval = entry.Status == "Online" ? _services.Options.ProbeInterval : _services.Options.PollInterval;
            if (entry.Status is "Online" or "Offline" && entry.Metadata is not null && now - (entry.LastUptimeCheck ?? DateTimeOffset.MinValue) >= interval)
            {
                await _store.SaveProbeAsync(entry, await AnswersAsync(entry, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> AnswersAsync(AgentEntry entry, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(entry.Metadata!.ApiBaseUrl.TrimEnd('/') + "/availability", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_services.Options.ProbeTimeout);
        try
        {
            var text = await _http.GetStringAsync(url, limit.Token).ConfigureAwait(false);
            var answer = System.Text.Json.Nodes.JsonNode.Parse(text);

            // An endpoint that names another agent is not this agent's.
            return (string?)answer?["agentIdentifier"] is not { } named || named.Equals(entry.Agent.ToString(), StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e)
            when (e is HttpRequestException or System.Text.Json.JsonException or InvalidOperationException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            return false;
        }
    }

    // Metadata is written by strangers: nothing inside our network may be asked on their behalf. Checked on the address that is really connected to.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation).ConfigureAwait(false);
        var address =
            addresses.FirstOrDefault(a => IsPublic(a) || (_services.Options.AllowLoopbackAgents && IPAddress.IsLoopback(a)))
            ?? throw new HttpRequestException($"{context.DnsEndPoint.Host} is not a public address.");
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast)
        {
            return false;
        }

        var b = address.GetAddressBytes();
        return b.Length == 16
            ? !address.Equals(IPAddress.IPv6Any)
            : b[0] is not (0 or 10 or 127 or >= 224)
                && !(b[0] == 172 && b[1] is >= 16 and <= 31)
                && !(b[0] == 192 && b[1] is (168 or 0))
                && !(b[0] == 169 && b[1] == 254)
                && !(b[0] == 100 && b[1] is >= 64 and <= 127)
                && !(b[0] == 198 && b[1] is (18 or 19));
    }
}
