using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;

namespace Masumi.Registry.Agents;

/// <summary>Asks agents' endpoints whether they answer, and as whom (spec registry-service-api.md 6).</summary>
internal sealed class AgentProbe : IDisposable
{
    private const int MostPerRound = 50;
    private const int AtOnce = 16;
    private readonly RegistryServices _services;
    private readonly RegistryStore _store;
    private readonly HttpClient _http;

    public AgentProbe(RegistryServices services, RegistryStore store)
    {
        _services = services;
        _store = store;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ConnectCallback = ConnectAsync,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            }
        )
        {
            MaxResponseContentBufferSize = 64 * 1024,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks those not asked for the longest time, if their time has come.</summary>
    public async Task CheckDueAsync(CancellationToken cancellation)
    {
        var now = _services.Time.GetUtcNow();
        var due = (await _store.ListAsync(null, cancellation))
            .Where(e => CanBeAsked(e) && now - (e.LastUptimeCheck ?? DateTimeOffset.MinValue) >= IntervalOf(e))
            .OrderBy(e => e.LastUptimeCheck ?? DateTimeOffset.MinValue)
            .Take(MostPerRound);
        await CheckAsync(due, counts: true, cancellation);
    }

    /// <summary>Asks these now.</summary>
    public Task CheckAsync(IEnumerable<AgentEntry> entries, bool counts, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            entries.Where(CanBeAsked),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (entry, stop) => await _store.SaveProbeAsync(entry, await AskAsync(entry, stop), counts, stop)
        );

    // One that is down is asked more often than one that is up, so that it is listed soon after it starts. One that is wrong is never given up.
    private TimeSpan IntervalOf(AgentEntry entry) => entry.Status == AgentStatus.Offline ? _services.Options.PollInterval : _services.Options.ProbeInterval;

    private static bool CanBeAsked(AgentEntry entry) => entry.Metadata is not null && entry.Status != AgentStatus.Deregistered;

    private async Task<AgentStatus> AskAsync(AgentEntry entry, CancellationToken cancellation)
    {
        if (EndpointOf(entry.Metadata!) is not { } url)
        {
            return AgentStatus.Invalid;
        }

        using var late = new CancellationTokenSource(_services.Options.ProbeTimeout, _services.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            // Redirects are not followed: only 2xx is an answer.
            var text = await _http.GetStringAsync(url, limit.Token);
            return entry.Metadata!.Type == AgentEntryType.Standard ? Judge(entry, text) : AgentStatus.Online;
        }
        catch (Exception e) when (e is HttpRequestException or IOException && Causes(e).OfType<NotPublicException>().Any())
        {
            return AgentStatus.Invalid;
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or SocketException or InvalidOperationException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            return AgentStatus.Offline;
        }
    }

    /// <summary>The agent's own idea of its availability does not count; whom it says it is does.</summary>
    private static AgentStatus Judge(AgentEntry entry, string text)
    {
        JsonNode? answer;
        try
        {
            answer = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException)
        {
            return AgentStatus.Offline;
        }

        return Text(answer, "agentIdentifier") is { Length: > 0 } named
            ? named.Equals(entry.Agent.ToString(), StringComparison.OrdinalIgnoreCase)
                ? AgentStatus.Online
                : AgentStatus.Invalid
            : Text(answer, "type") == "masumi-agent"
                ? AgentStatus.Online
                : AgentStatus.Invalid;
    }

    // Properties are looked up one by one: a name that stands twice must not throw.
    private static string? Text(JsonNode? answer, string name)
    {
        try
        {
            return answer is JsonObject o && o.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text)
                ? text
                : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // Other types name a document, whose being there is all there is to ask (spec registry.md 8.6).
    private Uri? EndpointOf(AgentMetadata metadata)
    {
        var text = metadata.ApiBaseUrl.Trim();
        return
            Uri.TryCreate(text, UriKind.Absolute, out var given)
            && given.Scheme is "http" or "https"
            && given.Query.Length == 0
            && given.Fragment.Length == 0
            && !text.AsSpan().ContainsAny('?', '#')
            && (!PublicAddress.IsPrivateName(given.IdnHost) || _services.Options.AllowLoopbackAgents)
            ? metadata.Type != AgentEntryType.Standard
                ? given
                : Uri.TryCreate((text.EndsWith('/') ? text[..^1] : text) + "/availability", UriKind.Absolute, out var asked)
                    ? asked
                    : null
            : null;
    }

    // Checked on the address that is really connected to, so that no second look at the name can give another.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellation);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, MayBeAsked))
        {
            throw new NotPublicException(host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool MayBeAsked(IPAddress address) => PublicAddress.IsPublic(address) || (_services.Options.AllowLoopbackAgents && IPAddress.IsLoopback(address));

    private static IEnumerable<Exception> Causes(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
