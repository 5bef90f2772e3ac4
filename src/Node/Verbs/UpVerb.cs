using System.CommandLine;
using Masumi.Devnet.Storage;
using Masumi.Node.Market;
using Masumi.Node.Settings;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi up</c>: a whole market on this machine, to build against.</summary>
internal static class UpVerb
{
    private const int Failed = 1;
    private const int Unusable = 2;

    public static Command Create()
    {
        var ports = new Option<int?>("--ports")
        {
            Description = $"The first of {MarketPorts.Count} ports in a row: registry, seller, buyer, devnet, two agents, page. Any free ones by default.",
        };
        var state = new Option<string?>("--state") { Description = "A folder to keep the market in, and to go on from." };
        var agents = new Option<string>("--agents")
        {
            Description = "sample: a sample agent for each generation of contracts; none: none.",
            DefaultValueFactory = _ => "sample",
        };
        agents.AcceptOnlyFromAmong("sample", "none");
        var json = new Option<bool>("--json") { Description = "Print everything that a program needs as one line of JSON, then stay." };
        var env = new Option<bool>("--env") { Description = "Print variables in the form of each client, then stay." };
        var verbose = new Option<bool>("--verbose") { Description = "Print what the nodes log, on standard error." };
        var command = new Command("up", "A whole market on this machine: devnet, seller's and buyer's node, registry, sample agents.")
        {
            ports,
            state,
            agents,
            json,
            env,
            verbose,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    if (parsed.GetValue(json) && parsed.GetValue(env))
                    {
                        throw new FormatException("--json and --env are two forms of the same; one of them is needed");
                    }

                    var options = new MarketOptions(
                        StateOf(parsed.GetValue(state)),
                        PortsOf(parsed.GetValue(ports)),
                        HasAgents: parsed.GetValue(agents) == "sample"
                    );
                    Func<LocalMarket, string> show =
                        parsed.GetValue(json) ? m => MarketText.Json(m).ToJsonString()
                        : parsed.GetValue(env) ? MarketText.Environment
                        : MarketText.Human;
                    return await RunAsync(options, show, parsed.GetValue(verbose), cancellation);
                }
                catch (Exception e) when (Refusals(e, parsed.GetValue(state) is not null) is { } lines)
                {
                    foreach (var line in lines)
                    {
                        await Console.Error.WriteLineAsync($"masumi up: {line.TrimEnd('.')}");
                    }

                    return e is MarketException ? Failed : Unusable;
                }
            }
        );
        return command;
    }

    // What its user can do something about, a line each; null: a bug, which shows where.
    private static IEnumerable<string>? Refusals(Exception e, bool hasFolder) =>
        e switch
        {
            IOException or UnauthorizedAccessException when hasFolder => [$"--state: {e.Message}"],
            SettingsException { Problems: var problems } => problems.Select(p => $"{p}"),
            MarketException or FormatException or DevnetStateException or StorageUnavailableException or MigrationException or System.Text.Json.JsonException =>
                [e.Message],
            _ => null,
        };

    private static async Task<int> RunAsync(MarketOptions options, Func<LocalMarket, string> show, bool verbose, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(b =>
            b.AddSimpleConsole(ServiceRun.OneLine)
                .AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace)
                .SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Error)
                .AddFilter("Microsoft", LogLevel.Warning)
        );
        try
        {
            await using var market = await LocalMarket.StartAsync(options, loggers, cancellation);
            using var pointer = MarketPointer.Leave(market);
            Console.WriteLine(show(market).TrimEnd('\n'));
            await ServiceRun.UntilStoppedAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped while it started; with a folder it goes on from there.
        }

        return 0;
    }

    private static string? StateOf(string? folder) =>
        folder is not null && string.IsNullOrWhiteSpace(folder) ? throw new FormatException("--state: a folder is needed") : folder;

    private static MarketPorts? PortsOf(int? first) =>
        first is null ? null
        : first is >= 1 && first <= ushort.MaxValue - MarketPorts.Count + 1 ? MarketPorts.From(first.Value)
        : throw new FormatException($"--ports: 1 to {ushort.MaxValue - MarketPorts.Count + 1}, got {first}");
}
