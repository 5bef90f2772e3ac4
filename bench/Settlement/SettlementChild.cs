using System.Diagnostics;
using System.Globalization;
using Masumi.Settlement.Engine;
using Masumi.Storage.Sqlite;

namespace Masumi.Bench.Settlement;

/// <summary>
/// An engine in a process of its own, which has done nothing before, on a database that stands; prints numbers by name. It asks for a block by printing
/// <c>mine</c> and goes on when it is told that there is one.
/// </summary>
internal static class SettlementChild
{
    private const int Idle = 21;

    public static async Task<int> RunAsync(string file, Uri devnet)
    {
        var started = Process.GetCurrentProcess().StartTime;
        await using var node = await BenchNode.OpenAsync(
            SqliteDatabase.Open(file, TimeProvider.System),
            devnet,
            TimeProvider.System,
            TimeProvider.System,
            new SettlementOptions()
        );
        await node.Engine.RunRoundAsync(default);
        Print("start", (DateTime.Now - started).TotalMilliseconds);
        Print("first-round-calls", node.Chain.Calls.Total);
        await MineAsync();
        await node.Engine.RunRoundAsync(default);

        // A new block each time, and none.
        using var self = Process.GetCurrentProcess();
        var processor = self.TotalProcessorTime;
        var withBlock = new List<double>();
        var without = new List<double>();
        var calls = node.Chain.Calls.Total;
        for (var i = 0; i < Idle; i++)
        {
            await MineAsync();
            withBlock.Add(await RoundAsync());
        }

        self.Refresh();
        Print("idle-block-processor", (self.TotalProcessorTime - processor).TotalMilliseconds / Idle);
        Print("idle-block-calls", (node.Chain.Calls.Total - calls) / (double)Idle);
        calls = node.Chain.Calls.Total;
        for (var i = 0; i < Idle; i++)
        {
            without.Add(await RoundAsync());
        }

        Print("idle-calls", (node.Chain.Calls.Total - calls) / (double)Idle);
        Print("idle-block", withBlock.Order().ElementAt(Idle / 2));
        Print("idle-block-max", withBlock.Max());
        Print("idle", without.Order().ElementAt(Idle / 2));
        Print("idle-max", without.Max());
        self.Refresh();
        Print("rss", self.WorkingSet64 / 1e6);
        return 0;

        async Task<double> RoundAsync()
        {
            var from = Stopwatch.GetTimestamp();
            await node.Engine.RunRoundAsync(default);
            return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }
    }

    private static async Task MineAsync()
    {
        Console.WriteLine("mine");
        await Console.In.ReadLineAsync();
    }

    private static void Print(string name, double number) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {number}"));
}
