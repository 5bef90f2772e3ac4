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
        var keep = new Option<bool>("--keep") { Description = "Leave everything running at the end and print the addresses." };
        var verbose = new Option<bool>("--verbose") { Description = "Print what the nodes log." };
        var crash = new Option<bool>("--crash") { Description = "Run the nodes as processes of their own, and kill and restart both after every step." };
        var command = new Command("demo", "One agent hires another, paid through escrow on a development chain in this process.")
        {
            json,
            keep,
            verbose,
            crash,
        };
        command.SetAction(
            (parsed, cancellation) => RunAsync(parsed.GetValue(json), parsed.GetValue(keep), parsed.GetValue(verbose), parsed.GetValue(crash), cancellation)
        );
        return command;
    }

    private static async Task<int> RunAsync(bool json, bool keep, bool verbose, bool crash, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var colour = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
        var report = new DemoReport(Console.Out, json, colour);
        using var loggers = LoggerFactory.Create(b =>
        {
            if (verbose)
            {
                b.AddSimpleConsole(o => o.SingleLine = true);
                b.SetMinimumLevel(LogLevel.Debug);
            }
        });
        string? error = null;
        await using var world = await DemoWorld.StartAsync(loggers, fixedPorts: keep, crash, cancellation);
        try
        {
            await world.StartNodesAsync(cancellation);
            await new DemoStory(world, report, cancellation).PlayAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            error = e is TimeoutException or Client.MasumiApiException ? e.Message : e.ToString();
        }

        var code = report.Finish(TimeProvider.System.GetElapsedTime(started), Environment.WorkingSet, error);
        if (keep && code == 0)
        {
            await KeepAsync(world, cancellation);
        }

        return code;
    }

    private static async Task KeepAsync(DemoWorld world, CancellationToken cancellation)
    {
        Console.WriteLine();
        Console.WriteLine("  Still running; Ctrl+C ends it.");
        Console.WriteLine($"  payment service   {world.Seller.BaseUrl}docs   (token: {world.SellerKey})");
        Console.WriteLine($"  buyer's node      {world.Buyer.BaseUrl}docs   (token: {world.BuyerKey})");
        Console.WriteLine($"  registry          {world.Registry.BaseUrl}docs   (token: {world.RegistryKey})");
        foreach (var agent in world.AgentUrls)
        {
            Console.WriteLine($"  agent             {agent}availability");
        }

        Console.WriteLine($"  devnet            {world.DevnetUrl}api/v0/blocks/latest");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is the way out.
        }
    }
}
