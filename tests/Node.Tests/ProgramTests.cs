using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Tests;

namespace Masumi.Node.Tests;

/// <summary>The program as its users run it: a process, its arguments, its exit code and what it prints.</summary>
public sealed class ProgramTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_demo_accounts_for_every_lovelace_and_token_in_one_json_document()
    {
        var (code, output, error) = await RunAsync("", "demo", "--json");
        Assert.True(code == 0, output + error);
        var story = JsonNode.Parse(output)!;
        Assert.True((bool)story["ok"]!);
        Assert.InRange((int)story["residentMegabytes"]!, 1, 250);
        var balances = story["balances"]!;
        var parties = balances["parties"]!.AsArray().ToDictionary(p => (string)p!["who"]!, p => (long)p!["after"]!);
        Assert.Equal(["buyer", "escrow contract", "faucet", "seller"], parties.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((long)balances["faucetTotal"]!, parties.Values.Sum() + (long)balances["fees"]!);
        var tokens = balances["parties"]!.AsArray().ToDictionary(p => (string)p!["who"]!, p => Assert.Single(p!["tokens"]!.AsArray())!);
        Assert.All(tokens.Values, t => Assert.Equal(("tUSDM", 6), ((string)t["symbol"]!, (int)t["decimals"]!)));
        Assert.Equal(
            (5_000_000, 15_000_000, 0),
            ((long)tokens["seller"]["after"]!, (long)tokens["buyer"]["after"]!, (long)tokens["escrow contract"]["after"]!)
        );
        Assert.Equal((long)balances["tokens"]![0]!["faucetTotal"]!, tokens.Values.Sum(t => (long)t["after"]!));
        var transactions = story["steps"]!.AsArray().Select(s => s!["transaction"]).OfType<JsonNode>().ToList();
        Assert.Equal(17, transactions.Count);
        Assert.Equal(17, transactions.Select(t => (string)t["id"]!).Distinct().Count());
        Assert.All(transactions, t => Assert.True((int)t["bytes"]! > 0 && (long)t["fee"]! > 0 && (long)t["block"]! > 0 && (long)t["slot"]! > 0));
        Assert.Equal(13, transactions.Count(t => (long)t["memory"]! > 0 && (long)t["steps"]! > 0));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, error) = await RunAsync("", "devnet", "--port", $"{port}");
        Assert.Equal(1, code);
        Assert.Contains("address already in use", Assert.Single(error.Trim().Split('\n')));
    }

    [Fact]
    public async Task Help_is_there_however_it_is_asked_for()
    {
        var (code, all, _) = await RunAsync("", "--help");
        Assert.Equal(0, code);
        Assert.Contains("demo", all);
        Assert.Equal((0, all, ""), await RunAsync("", "help"));
        Assert.Equal((0, all, ""), await RunAsync(""));
        var one = await RunAsync("", "contracts", "verify", "--help");
        Assert.Equal(one, await RunAsync("", "help", "contracts", "verify"));
        Assert.Contains("--expect", one.Output);
    }

    // Standard output may be redirected into a file that the next step reads.
    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("--port", "devnet", "--port", "abc")]
    [InlineData("--port: 0 to 65535, got 99999", "devnet", "--port", "99999")]
    [InlineData("--block-time", "devnet", "--block-time", "soon")]
    [InlineData("'escrow-v2'", "contracts", "show", "nosuch")]
    [InlineData("--required-admins: 1 to the 3 admins there are, got 9", "contracts", "address", "escrow-v2", "--required-admins", "9")]
    [InlineData("--required-admins: 1 to the 3 admins there are, got 0", "contracts", "address", "escrow-v1", "--required-admins", "0")]
    [InlineData("--cooldown: 0 to", "contracts", "address", "escrow-v2", "--cooldown", "9223372036854775807")]
    [InlineData("--cooldown: 0 to", "contracts", "address", "escrow-v1", "--cooldown", "-1")]
    [InlineData("--fee-permille: 0 to 1000", "contracts", "show", "escrow-v1", "--fee-permille", "1001")]
    [InlineData("--admin: ", "contracts", "address", "escrow-v1", "--admin", "abcd")]
    [InlineData("--fee-address: ", "contracts", "address", "escrow-v1", "--fee-address", "addr1wx7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsq87ujx7")]
    [InlineData("--escrow", "dispute", "intent", "--chain", "http://127.0.0.1:1")]
    [InlineData("is a directory", "contracts", "verify", "/")]
    [InlineData("--config: the path of a file is needed, got ''", "node", "--config", "")]
    [InlineData("--config: the path of a file is needed, got ''", "registry", "--config", "")]
    [InlineData("FILE: the path of a file is needed, got ''", "uplc", "eval", "")]
    [InlineData("FILE: the path of a file is needed, got ''", "tx", "evaluate", "", "--utxos", "")]
    [InlineData("--genesis: the path of a file is needed, got ''", "devnet", "--genesis", "")]
    [InlineData("--parameters: the path of a file is needed, got ''", "devnet", "--parameters", "")]
    [InlineData("FILE: the path of a file is needed, got ''", "contracts", "verify", "")]
    [InlineData("AMOUNT: Not an amount: ''", "devnet", "fund", "addr", "5 ada", "")]
    [InlineData("not both", "contracts", "verify", "x", "--hash", "00000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_command_is_one_line_on_standard_error_and_nothing_else(string said, params string[] arguments)
    {
        var (code, output, error) = await RunAsync("", arguments);
        Assert.Equal((2, ""), (code, output));
        var line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("masumi", line);
        Assert.Contains(said, line);
        Assert.DoesNotContain("System.", line);
    }

    [Fact]
    public async Task A_chain_that_cannot_be_asked_is_not_a_script_that_is_not_verified()
    {
        using var html = new TcpListener(IPAddress.Loopback, 0);
        html.Start();
        var answering = AnswerAsync(html);
        var (code, output, error) = await RunAsync("", "contracts", "verify", "--hash", new string('a', 56), "--chain", $"http://{html.LocalEndpoint}/");
        html.Stop();
        await answering;
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("nonsense", Assert.Single(error.TrimEnd().Split('\n')));

        static async Task AnswerAsync(TcpListener listener)
        {
            using var client = await listener.AcceptTcpClientAsync(Stop);
            var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: Stop);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"u8.ToArray(), Stop);
        }
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_ends_a_server_at_once_and_cleanly(string signal)
    {
        using var process = StartListening("devnet", "--port", "0");
        try
        {
            Assert.StartsWith("devnet at ", await process.StandardOutput.ReadLineAsync(Stop));
            using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
            await kill.WaitForExitAsync(Stop);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_stopped_devnet_leaves_one_complete_file()
    {
        var folder = Directory.CreateTempSubdirectory("masumi-devnet-").FullName;
        try
        {
            var (first, copied) = (Path.Combine(folder, "first"), Path.Combine(folder, "copied"));
            long height;
            using (var process = Start("devnet", "--port", "0", "--json", "--block-time", "0", "--accounts", "1", "--state", first))
            {
                var url = (string)JsonNode.Parse((await process.StandardOutput.ReadLineAsync(Stop))!)!["url"]!;
                for (var i = 0; i < 3; i++)
                {
                    Assert.Equal(0, (await RunAsync("", "devnet", "advance", "30s", "--url", new Uri(url).GetLeftPart(UriPartial.Authority))).Code);
                }

                height = await HeightAsync(url);
                using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
                await process.WaitForExitAsync(Stop);
            }

            Directory.CreateDirectory(copied);
            var file = Assert.Single(Directory.GetFiles(first));
            File.Copy(file, Path.Combine(copied, Path.GetFileName(file)));
            using var again = Start("devnet", "--port", "0", "--json", "--block-time", "0", "--accounts", "1", "--state", copied);
            var answer = (string)JsonNode.Parse((await again.StandardOutput.ReadLineAsync(Stop))!)!["url"]!;
            Assert.Equal(height, await HeightAsync(answer));
            again.Kill();
            await again.WaitForExitAsync(Stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static async Task<long> HeightAsync(string url)
        {
            using var http = new HttpClient();
            return (long)JsonNode.Parse(await http.GetStringAsync(new Uri(url + "/blocks/latest"), Stop))!["height"]!;
        }
    }

    internal static Process Start(params string[] arguments) => ProcessRun.Start("dotnet", ["exec", Program, .. arguments]);

    // Who runs tests in a shell's background has them ignore interrupts, or hangups, and a process ignores what its parent does.
    internal static Process StartListening(params string[] arguments) =>
        OperatingSystem.IsLinux() ? ProcessRun.Start("env", ["--default-signal=INT,HUP,QUIT,TERM", "dotnet", "exec", Program, .. arguments]) : Start(arguments);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "masumi.dll");

    internal static Task<(int Code, string Output, string Error)> RunAsync(string input, params string[] arguments) =>
        ProcessRun.RunAsync("masumi.dll", input, arguments);
}
