using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;

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

    /// <summary>
    /// A row that is free now, below the ports that systems give to whoever asks for any: it is likely to be free the next time too.
    /// </summary>
    public static MarketPorts Free()
    {
        const int Lowest = 20_000;
        const int Rows = 1_200;
        var start = BitConverter.ToUInt16(Chance.Bytes(2)) % Rows;
        return Enumerable.Range(0, Rows).Select(i => From(Lowest + ((start + i) % Rows * 10))).FirstOrDefault(ports => ports.Refusals().Count == 0)
            ?? throw new FormatException($"no {Count} ports in a row are free from {Lowest} on");
    }

    /// <summary>Which of them cannot be listened on, and why.</summary>
    public IReadOnlyList<SettingProblem> Refusals() =>
        [
            .. WebServer
                .Refusals(All.Select(p => (p.What, new IPEndPoint(IPAddress.Loopback, p.Port))))
                .Select(r => new SettingProblem("ports", $"{r.Setting}: {r.Problem}")),
        ];

    /// <summary>As it is kept.</summary>
    public JsonArray ToJson() => new([.. All.Select(p => (JsonNode)p.Port)]);

    /// <summary>As it was kept; null when that is something else.</summary>
    public static MarketPorts? FromJson(JsonNode? json) =>
        json is JsonArray { Count: Count } ports && ports.All(p => p is JsonValue v && v.TryGetValue<int>(out var port) && port is > 0 and <= ushort.MaxValue)
            ? Of([.. ports.Select(p => (int)p!)])
            : null;

    /// <summary>Whether both name the same.</summary>
    public bool SameAs(MarketPorts other) => All.SequenceEqual(other.All);

    private static MarketPorts Of(ImmutableArray<int> p) => new(p[0], p[1], p[2], p[3], [p[4], p[5]], p[6]);
}
