using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Tests;

namespace Masumi.Node.Tests;

/// <summary>A market in one command: it says where everything is, goes on from where it was stopped, and its clock is moved only when somebody moves it.</summary>
public sealed class UpTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-market-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Everything_a_program_needs_is_one_line_and_goes_on_from_its_folder()
    {
        string before;
        using (var process = ProgramTests.StartListening("up", "--json", "--state", State))
        using (new EndsWithTest(process))
        {
            before = await LineAsync(process);
            var market = JsonNode.Parse(before)!;
            Assert.Equal(2, market["agents"]!.AsArray().Count);
            Assert.Equal(12, market["wallets"]!.AsArray().Count);
            foreach (var service in new[] { "seller", "buyer", "registry" })
            {
                Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+$", (string)market[service]!["url"]!);
                Assert.Matches("^[A-Za-z0-9_+/=-]{16,512}$", (string)market[service]!["key"]!);
            }

            // The clock is the machine's.
            var time = DateTimeOffset.Parse((string)(await CallAsync(market, "seller", "health"))["chainTime"]!, null);
            Assert.InRange(time, DateTimeOffset.UtcNow.AddSeconds(-30), DateTimeOffset.UtcNow.AddSeconds(30));
            foreach (var agent in market["agents"]!.AsArray())
            {
                var found = await CallAsync(market, "registry", $"payment-information?agentIdentifier={agent!["agentIdentifier"]}");
                Assert.Equal((string)agent["url"]!, ((string)found["apiBaseUrl"]!).TrimEnd('/'));
                Assert.Equal((string)agent["sellerVkey"]!, (string)found["sellerWallet"]!["vkey"]!);
            }

            var (code, output, error) = await ProgramTests.RunAsync("", "advance", "2h", "--url", (string)market["devnet"]!["url"]!);
            Assert.True(code == 0, output + error);
            time = DateTimeOffset.Parse((string)(await CallAsync(market, "buyer", "health"))["chainTime"]!, null);
            Assert.InRange(time, DateTimeOffset.UtcNow.AddMinutes(119), DateTimeOffset.UtcNow.AddMinutes(121));
            await EndAsync(process, "-TERM");
            Assert.Equal(0, process.ExitCode);
        }

        Assert.Equal(["buyer.db", "jobs-V1.jsonl", "jobs-V2.jsonl", "market.json", "market.lock", "registry.db", "seller.db"], Files());
        using (var process = ProgramTests.StartListening("up", "--json", "--state", State))
        using (new EndsWithTest(process))
        {
            Assert.Equal(before, await LineAsync(process));
            await EndAsync(process, "-INT");
        }

        Assert.Equal(["buyer.db", "jobs-V1.jsonl", "jobs-V2.jsonl", "market.json", "market.lock", "registry.db", "seller.db"], Files());
    }

    // At whatever moment: what was done is not done twice, and what was not is done.
    [Theory]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(1500)]
    [InlineData(2500)]
    public async Task A_market_that_was_killed_while_it_started_goes_on(int milliseconds)
    {
        using (var process = ProgramTests.StartListening("up", "--json", "--state", State))
        using (new EndsWithTest(process))
        {
            await Task.Delay(milliseconds, Stop);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(Stop);
        }

        using var again = ProgramTests.StartListening("up", "--json", "--state", State);
        using var ends = new EndsWithTest(again);
        var market = JsonNode.Parse(await LineAsync(again))!;
        foreach (var type in new[] { "Web3CardanoV1", "Web3CardanoV2" })
        {
            var registrations = await CallAsync(market, "seller", $"registry?network=Preprod&filterPaymentSourceType={type}");
            Assert.Single(registrations["Assets"]!.AsArray());
        }

        await EndAsync(again, "-TERM");
    }

    [Fact]
    public async Task Without_agents_on_ports_in_a_row_with_variables()
    {
        var first = FreeRow();
        using var process = ProgramTests.StartListening("up", "--env", "--agents", "none", "--ports", $"{first}");
        using var ends = new EndsWithTest(process);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Stop) is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("export MASUMI_REGISTRY_TOKEN=", StringComparison.Ordinal))
            {
                break;
            }
        }

        Assert.Contains($"export PAYMENT_SERVICE_URL=http://127.0.0.1:{first + 1}/api/v1", lines);
        Assert.Contains($"export MASUMI_PAYMENT_URL=http://127.0.0.1:{first + 2}/api/v1", lines);
        Assert.Contains($"export MASUMI_REGISTRY_URL=http://127.0.0.1:{first}/api/v1", lines);
        Assert.Contains("export NETWORK=Preprod", lines);
        Assert.Contains("# export AGENT_IDENTIFIER=...", lines);
        using var http = new HttpClient();
        var page = await http.GetStringAsync(new Uri($"http://127.0.0.1:{first + 6}/"), Stop);
        Assert.Contains($"href=\"http://127.0.0.1:{first + 1}/docs\"", page, StringComparison.Ordinal);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{first + 6}/market.json") { Headers = { Host = "evil.example" } };
        using var refused = await http.SendAsync(foreign, Stop);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);

        var (code, output, error) = await ProgramTests.RunAsync("", "up", "--ports", $"{first}");
        Assert.Equal((2, ""), (code, output));
        Assert.All(error.TrimEnd().Split('\n'), l => Assert.Matches("^masumi up: ports: [a-z]+: [0-9]+ on 127.0.0.1 cannot be listened on", l));
        await EndAsync(process, "-TERM");
    }

    [Theory]
    [InlineData("--ports: 1 to", "--ports", "65535")]
    [InlineData("holds something else than a market", "--state", "/")]
    [InlineData("--state: a folder is needed", "--state", "")]
    public async Task What_cannot_be_is_one_line(string said, params string[] arguments)
    {
        var (code, output, error) = await ProgramTests.RunAsync("", ["up", .. arguments]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(said, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_is_not_moved_where_there_is_no_market()
    {
        var (code, _, error) = await ProgramTests.RunAsync("", "advance", "2h", "--url", "http://127.0.0.1:1");
        Assert.Equal(2, code);
        Assert.Contains("does not answer", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        (code, _, error) = await ProgramTests.RunAsync("", "advance", "soon");
        Assert.Equal(2, code);
        Assert.Contains("a duration such as", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private string[] Files() => [.. Directory.GetFiles(State).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static async Task<string> LineAsync(Process process)
    {
        var line = await process.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        return line ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Stop));
    }

    private static async Task EndAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
    }

    private static async Task<JsonNode> CallAsync(JsonNode market, string service, string path)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{market[service]!["url"]}/api/v1/{path}");
        request.Headers.Add("token", (string)market[service]!["key"]!);
        using var response = await http.SendAsync(request, Stop);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
        return answer["data"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    // Below what systems give out by themselves, so that no other test is given one of them meanwhile.
    private static int FreeRow()
    {
        for (var first = 21_000 + (System.Environment.ProcessId % 900 * 10); ; first += 10)
        {
            var listeners = Enumerable.Range(first, 7).Select(p => new TcpListener(IPAddress.Loopback, p)).ToList();
            try
            {
                listeners.ForEach(l => l.Start());
                return first;
            }
            catch (SocketException)
            {
                // Taken; another row.
            }
            finally
            {
                listeners.ForEach(l => l.Dispose());
            }
        }
    }
}
