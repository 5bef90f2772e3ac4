using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Devnet.Http;

namespace Masumi.Bench;

/// <summary>One measurement of the devnet in a process of its own, which has done nothing before; it prints numbers by name.</summary>
internal static class DevnetChild
{
    private const int WarmUp = 5_000;
    private const int Measured = 20_000;

    public static async Task<int> RunAsync(string what, string folder)
    {
        switch (what)
        {
            case "start":
                await StartAsync(folder);
                break;
            case "throughput":
                Throughput(folder);
                break;
            case "http":
                await HttpAsync();
                break;
            case "advance":
                Advance();
                break;
            case "fill-outputs":
                await FillAsync(folder, chain => DevnetLoad.Fill(chain, 100_000));
                break;
            case "fill-payments":
                var payments = DevnetLoad.Payments(100_000);
                await FillAsync(folder, chain => DevnetLoad.Run(chain, payments, chain.Parameters.MaxBlockBodySize));
                break;
            case "restore":
                await RestoreAsync(folder);
                break;
            default:
                return 2;
        }

        return 0;
    }

    // A payment signed elsewhere is at hand; everything else begins here.
    private static async Task StartAsync(string folder)
    {
        var payment = await File.ReadAllBytesAsync(Path.Combine(folder, "payment"));
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        await using var devnet = await DevnetServer.StartAsync(DevnetLoad.Options(BlockProduction.Interval));
        Since("served", started);
        DevnetLoad.Accept(devnet.Chain, payment);
        Since("accepted", started);
        self.Refresh();
        Print("cpu", (self.TotalProcessorTime - before).TotalMilliseconds);
    }

    private static void Throughput(string folder)
    {
        // One core for everything: submission, collection of garbage, compilation.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = 1;
        }

        var payments = DevnetLoad.Payments(Measured);
        var each = DevnetLoad.Options(BlockProduction.PerTransaction);
        var asked = DevnetLoad.Options(BlockProduction.OnDemand);
        foreach (
            var (name, options, blockBytes) in new[]
            {
                ("each", each, 0),
                ("full", asked, asked.Parameters.MaxBlockBodySize),
                ("disk", each with { StateDirectory = Path.Combine(folder, "throughput") }, 0),
            }
        )
        {
            using (var warm = new DevnetChain(options))
            {
                DevnetLoad.Run(warm, payments.AsSpan(0, WarmUp), blockBytes);
                warm.Reset();
            }

            using var chain = new DevnetChain(options);
            var (times, all, processor) = DevnetLoad.Run(chain, payments, blockBytes);
            Print(name, times, all);
            Print($"{name}-processor", times.Length / processor.TotalSeconds);
        }
    }

    private static async Task HttpAsync()
    {
        var payments = DevnetLoad.Payments(Measured);
        foreach (var clients in new[] { 1, 8 })
        {
            for (var round = 0; round < 2; round++)
            {
                await using var devnet = await DevnetServer.StartAsync(DevnetLoad.Options(BlockProduction.PerTransaction));
                using var http = new HttpClient { BaseAddress = devnet.BaseUrl };
                var times = new double[round == 0 ? WarmUp : Measured];
                var started = Stopwatch.GetTimestamp();
                await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => SubmitAsync(http, payments, times, client, clients))));
                if (round > 0)
                {
                    Print($"http{clients}", times, Stopwatch.GetElapsedTime(started));
                }
            }
        }
    }

    // Payments of one payer follow each other at a distance that is a multiple of any number of clients here, so no client waits for another.
    private static async Task SubmitAsync(HttpClient http, byte[][] payments, double[] times, int client, int clients)
    {
        for (var i = client; i < times.Length; i += clients)
        {
            var before = Stopwatch.GetTimestamp();
            using var content = new ByteArrayContent(payments[i]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
            using var response = await http.PostAsync(new Uri("api/v0/tx/submit", UriKind.Relative), content);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"Not accepted: {await response.Content.ReadAsStringAsync()}");
            }

            times[i] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }
    }

    private static void Advance()
    {
        var waiting = DevnetLoad.Payments(1000);
        using var chain = new DevnetChain(DevnetLoad.Options(BlockProduction.OnDemand));
        DevnetLoad.Fill(chain, 100_000);
        foreach (var payment in waiting)
        {
            DevnetLoad.Accept(chain, payment);
        }

        for (var i = 0; i < 11; i++)
        {
            var started = Stopwatch.GetTimestamp();
            chain.Advance(TimeSpan.FromDays(30));
            Since($"advance{i}", started);
        }
    }

    private static async Task FillAsync(string folder, Action<DevnetChain> fill)
    {
        await using var devnet = await DevnetServer.StartAsync(
            DevnetLoad.Options(BlockProduction.OnDemand) with
            {
                StateDirectory = Path.Combine(folder, "state"),
            }
        );
        fill(devnet.Chain);
        devnet.Chain.Mine();
        Print("transactions", devnet.Chain.Blocks.Sum(b => (long)b.Transactions.Length));
        Print("rss", await RestingAsync());
        Print("disk", new DirectoryInfo(Path.Combine(folder, "state")).GetFiles().Sum(f => f.Length) / 1e6);
    }

    private static async Task RestoreAsync(string folder)
    {
        var options = DevnetLoad.Options(BlockProduction.OnDemand) with { StateDirectory = Path.Combine(folder, "state") };
        var started = Stopwatch.GetTimestamp();
        await using var devnet = await DevnetServer.StartAsync(options);
        if (devnet.Chain.Fund(devnet.Chain.FaucetAddress, Value.Of(Lovelace.FromAda(5))) is not DevnetFunding.Paid)
        {
            throw new InvalidOperationException("The faucet has nothing.");
        }

        Since("accepted", started);
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(devnet.BaseUrl, $"api/v0/addresses/{devnet.Chain.FaucetAddress}/utxos"))).EnsureSuccessStatusCode();
        Since("answered", started);
        using var self = Process.GetCurrentProcess();
        Print("cpu", self.TotalProcessorTime.TotalMilliseconds);
        Print("rss", await RestingAsync());
    }

    // Megabytes, some seconds after the work was done.
    private static async Task<double> RestingAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        return Environment.WorkingSet / 1e6;
    }

    private static void Since(string name, long started) => Print(name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);

    private static void Print(string name, double[] times, TimeSpan all)
    {
        Array.Sort(times);
        Print($"{name}-rate", times.Length / all.TotalSeconds);
        Print($"{name}-median", times[times.Length / 2]);
        Print($"{name}-p99", times[times.Length * 99 / 100]);
        Print($"{name}-max", times[^1]);
    }

    private static void Print(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:F3}"));
}
