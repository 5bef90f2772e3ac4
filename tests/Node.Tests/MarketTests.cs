using System.Diagnostics;
using System.Text.Json.Nodes;
using Masumi.Node.Market;
using Masumi.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>A market's folder and start: one process has it, what is not whole is refused, and what does not come is said.</summary>
public sealed class MarketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-market-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_folder, "state");

    private string Plan => Path.Combine(State, "market.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_agent_that_was_deregistered_is_registered_again_and_on_a_chain_that_stands_still_the_start_ends_with_a_line()
    {
        List<string> before;
        await using (var market = await StartAsync())
        {
            before = [.. market.Agents.Select(a => a.Identifier.ToString())];
            await DeregisterAsync(market);
        }

        await using (var market = await StartAsync())
        {
            Assert.Equal(2, market.Agents.Length);
            Assert.Empty(before.Intersect(market.Agents.Select(a => a.Identifier.ToString())));
            await DeregisterAsync(market);
            using var http = new HttpClient();
            using var paused = await http.PostAsync(new Uri(market.DevnetUrl, "devnet/pause"), new StringContent("{}"), Stop);
            Assert.True(paused.IsSuccessStatusCode);
        }

        var refused = await Assert.ThrowsAsync<MarketException>(() => StartAsync(TimeSpan.FromSeconds(20)));
        Assert.Matches(
            "^the sample agent '[A-Za-z ]+' is not registered \\(Registration[A-Za-z]+(: [^\\n]+)?\\) after 20 seconds: the chain is paused; start with --agents none, [^\\n]+$",
            refused.Message
        );

        // What it said helps.
        await using (var market = await StartAsync(agents: false))
        {
            using var http = new HttpClient();
            using var resumed = await http.PostAsync(new Uri(market.DevnetUrl, "devnet/resume"), new StringContent("{}"), Stop);
            Assert.True(resumed.IsSuccessStatusCode);
        }

        await using (var market = await StartAsync())
        {
            Assert.Equal(2, market.Agents.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(80)]
    public async Task Of_two_that_start_on_a_new_folder_one_has_it_and_it_goes_on(int milliseconds)
    {
        string kept;
        using (var first = ProgramTests.StartListening("up", "--json", "--agents", "none", "--state", State))
        using (new EndsWithTest(first))
        {
            await Task.Delay(milliseconds, Stop);
            using var second = ProgramTests.StartListening("up", "--json", "--agents", "none", "--state", State);
            using var ends = new EndsWithTest(second);
            var lines = await Task.WhenAll(LineAsync(first), LineAsync(second));
            kept = Assert.Single(lines.OfType<string>());
            var (running, refused) = lines[0] is null ? (second, first) : (first, second);
            await refused.WaitForExitAsync(Stop);
            Assert.Equal(2, refused.ExitCode);
            var error = await refused.StandardError.ReadToEndAsync(Stop);
            Assert.Contains("runs already, or is just being started", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
            await EndAsync(running, "-TERM");
            Assert.Equal(0, running.ExitCode);
        }

        using var again = ProgramTests.StartListening("up", "--json", "--agents", "none", "--state", State);
        using var endsToo = new EndsWithTest(again);
        Assert.Equal(kept, await LineAsync(again));
        await EndAsync(again, "-TERM");
    }

    [Fact]
    public async Task A_folder_with_parts_missing_is_refused_with_their_names()
    {
        await using (await StartAsync()) { }

        foreach (var (part, name) in new[] { ("devnet", "devnet/chain.log"), ("seller.db", ""), ("buyer.db", ""), ("registry.db", ""), ("jobs-V1.jsonl", "") })
        {
            var (here, aside) = (Path.Combine(State, part), Path.Combine(_folder, "aside"));
            Directory.Move(here, aside);
            var files = Directory.GetFileSystemEntries(State).Order().ToList();
            var refused = await Assert.ThrowsAsync<FormatException>(() => StartAsync());
            Assert.Contains($"is not whole: {(name.Length > 0 ? name : part)} is missing", refused.Message, StringComparison.Ordinal);
            Assert.Equal(files, Directory.GetFileSystemEntries(State).Order());
            Directory.Move(aside, here);
        }

        // An empty file is as good as none.
        var database = Path.Combine(State, "buyer.db");
        File.Move(database, Path.Combine(_folder, "buyer.db"));
        await File.WriteAllBytesAsync(database, [], Stop);
        Directory.Delete(Path.Combine(State, "devnet"), recursive: true);
        var (code, output, error) = await ProgramTests.RunAsync("", "up", "--state", State);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("devnet/chain.log, buyer.db are missing", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_in_the_plan_is_one_line_and_nothing_is_begun()
    {
        using (var folder = MarketFolder.Take(State))
        {
            MarketPlan.In(folder, told: null);
        }

        var plan = await File.ReadAllTextAsync(Plan, Stop);
        var files = Directory.GetFileSystemEntries(State);
        foreach (
            var (changed, said) in new[]
            {
                (With("ports", "[null,20001,20002,20003,20004,20005,20006]"), "ports: 7 are needed"),
                (With("ports", "[1.5,20001,20002,20003,20004,20005,20006]"), "ports: 7 are needed"),
                (With("ports", "null"), "ports: 7 are needed"),
                (With("sellerSecret", "\"\""), "sellerSecret: a text of at least 20"),
                (With("buyerSecret", "null"), "buyerSecret: a text of at least 20"),
                (With("sellerKey", "\"a key with spaces in it\""), "sellerKey: letters"),
                (With("registryKey", "7"), "registryKey: a text of at least 15"),
                (With("seed", "\"\""), "seed: a text"),
                (With("parts", "[null]"), "parts: names of files"),
                (plan.Replace("{", "{\"seed\":\"other\",", StringComparison.Ordinal), "is not what 'masumi up' wrote there"),
                ("null", "seed: a text"),
                ("[]", "seed: a text"),
                ("", "is not what 'masumi up' wrote there"),
            }
        )
        {
            await File.WriteAllTextAsync(Plan, changed, Stop);
            var refused = await Assert.ThrowsAsync<FormatException>(() => StartAsync());
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
            Assert.Equal(files, Directory.GetFileSystemEntries(State));
        }

        string With(string name, string value)
        {
            var json = JsonNode.Parse(plan)!;
            json[name] = JsonNode.Parse(value);
            return json.ToJsonString();
        }
    }

    // Each moment at which a host is just being started.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_stop_while_it_starts_leaves_no_trace(int host)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var log = new StopsAtHost(host, stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LocalMarket.StartAsync(new MarketOptions(State), log, stop.Token));
        Assert.Empty(log.Traces);
        await using var market = await StartAsync();
        Assert.Equal(2, market.Agents.Length);
    }

    private Task<LocalMarket> StartAsync(TimeSpan? patience = null, bool agents = true) =>
        LocalMarket.StartAsync(new MarketOptions(State, HasAgents: agents) { Patience = patience ?? Patience }, NullLoggerFactory.Instance, Stop);

    private static async Task DeregisterAsync(LocalMarket market)
    {
        foreach (var agent in market.Agents)
        {
            var body = new JsonObject { ["network"] = "Preprod", ["agentIdentifier"] = agent.Identifier.ToString() };
            await CallAsync(HttpMethod.Post, "registry/deregister", body);
        }

        var limit = Stopwatch.StartNew();
        foreach (var type in new[] { "Web3CardanoV1", "Web3CardanoV2" })
        {
            while (
                (await CallAsync(HttpMethod.Get, $"registry?network=Preprod&filterPaymentSourceType={type}", null))["Assets"]!
                    .AsArray()
                    .Any(a => (string)a!["state"]! != "DeregistrationConfirmed")
            )
            {
                Assert.True(limit.Elapsed < Patience);
                await Task.Delay(100, Stop);
            }
        }

        async Task<JsonNode> CallAsync(HttpMethod method, string path, JsonObject? body)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(method, new Uri(market.SellerUrl, $"api/v1/{path}"));
            request.Headers.Add("token", market.Plan.SellerKey);
            request.Content = body is null ? null : new StringContent(body.ToJsonString(), null, "application/json");
            using var response = await http.SendAsync(request, Stop);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
            return answer["data"] ?? throw new InvalidOperationException(answer.ToJsonString());
        }
    }

    private static async Task<string?> LineAsync(Process process) => await process.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop);

    private static async Task EndAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
    }

    // Presses Ctrl+C, so to speak, as a host is about to listen.
    private sealed class StopsAtHost(int host, CancellationTokenSource stop) : ILoggerFactory, ILogger
    {
        private readonly List<string> _traces = [];
        private int _hosts;

        public IReadOnlyList<string> Traces
        {
            get
            {
                lock (_traces)
                {
                    return [.. _traces];
                }
            }
        }

        // By then a host has looked whether it was stopped before it began.
        public ILogger CreateLogger(string categoryName)
        {
            if (categoryName == "Microsoft.AspNetCore.Hosting.Diagnostics" && Interlocked.Increment(ref _hosts) == host)
            {
                stop.Cancel();
            }

            return this;
        }

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
            {
                lock (_traces)
                {
                    _traces.Add($"{formatter(state, exception)} {exception}");
                }
            }
        }
    }
}
