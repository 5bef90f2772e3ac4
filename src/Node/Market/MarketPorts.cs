using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Node.Hosting;

namespace Masumi.Node.Market;

/// <summary>Where the parts of a market listen, all on this machine.</summary>
/// <param name="Registry">The registry service.</param>
/// <param name="Seller">The seller's payment service.</param>
/// <param name="Buyer">The buyer's payment service.</param>
/// <param name="Devnet">The development chain.</param>
/// <param name="Agents">The sample agents.</param>
/// <param name="Page">The page that links all.</param>
internal sealed record MarketPorts(int Registry, int Seller, int Buyer, int Devnet, ImmutableArray<int> Agents, int Page)
{
    /// <summary>How many there are from the base on.</summary>
    public const int Count = 7;

    private IEnumerable<(string What, int Port)> All =>
        [("registry", Registry), ("seller", Seller), ("buyer", Buyer), ("devnet", Devnet), .. Agents.Select(a => ("agent", a)), ("page", Page)];

    /// <summary>One after the other: 3000 gives the documented ones.</summary>
    public static MarketPorts From(int first) => Of([.. Enumerable.Range(first, Count)]);

    /// <summary>Ports that are free now.</summary>
    public static MarketPorts Free()
    {
        // All at once, so that no two are the same.
        var listeners = Enumerable.Range(0, Count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(l => l.Start());
            return Of([.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)]);
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }

    /// <summary>Which of them cannot be listened on, and why, a line each.</summary>
    public IEnumerable<string> Refusals() =>
        All.Select(p => WebServer.Refusal(new IPEndPoint(IPAddress.Loopback, p.Port)) is { } refusal ? $"{p.What}: {refusal}" : null).OfType<string>();

    /// <summary>As it is kept.</summary>
    public JsonArray ToJson() => new([.. All.Select(p => (JsonNode)p.Port)]);

    /// <summary>As it was kept; null when that is something else.</summary>
    public static MarketPorts? FromJson(JsonNode? json) => json is JsonArray { Count: Count } ports ? Of([.. ports.Select(p => (int)p!)]) : null;

    /// <summary>Whether both name the same.</summary>
    public bool SameAs(MarketPorts other) => All.SequenceEqual(other.All);

    private static MarketPorts Of(ImmutableArray<int> p) => new(p[0], p[1], p[2], p[3], [p[4], p[5]], p[6]);
}
