using System.CommandLine;
using Masumi.Node.Demo;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi demo</c>: the whole purpose of the product, in one command.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document at the end instead of the story." };
        var verbose = new Option<bool>("--verbose") { Description = "Print what the nodes log." };
        var crash = new Option<bool>("--crash") { Description = "Run the nodes as processes of their own, and kill and restart both after every step." };
        var command = new Command("demo", "One agent hires another, paid through escrow on a development chain in this process.") { json, verbose, crash };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(json), parsed.GetValue(verbose), parsed.GetValue(crash), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool json, bool verbose, bool crash, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var colour = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
        var report = new DemoReport(Console.Out, json, colour);
        using var loggers = LoggerFactory.Create(b =>
        {
            if (verbose)
            {
                b.AddSimpleConsole(ServiceRun.OneLine);
                b.SetMinimumLevel(LogLevel.Debug);
            }
        });
        string? error = null;
        await using var world = await DemoWorld.StartAsync(loggers, crash, cancellation);
        try
        {
            await world.StartNodesAsync(cancellation);
            await new DemoStory(world, report, cancellation).PlayAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            error = e is TimeoutException or Client.MasumiApiException ? e.Message : e.ToString();
        }

        return report.Finish(TimeProvider.System.GetElapsedTime(started), Environment.WorkingSet, error);
    }
}
