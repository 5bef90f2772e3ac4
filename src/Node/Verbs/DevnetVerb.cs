using System.CommandLine;
using Masumi.Devnet;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi devnet</c>: the development chain on its own.</summary>
internal static class DevnetVerb
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port on loopback (0: any free one).", DefaultValueFactory = _ => 3003 };
        var command = new Command("devnet", "A Cardano development chain with a Blockfrost-compatible API.") { port };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(port), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int port, CancellationToken cancellation)
    {
        await using var devnet = await DevnetServer.StartAsync(new DevnetOptions(), port, cancellation);
        Console.WriteLine($"devnet at {devnet.BaseUrl}api/v0 (faucet {devnet.Chain.FaucetAddress}); Ctrl+C ends it");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is the way out.
        }

        return 0;
    }
}
