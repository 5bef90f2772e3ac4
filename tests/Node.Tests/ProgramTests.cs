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
    public async Task The_demo_accounts_for_every_lovelace_in_one_json_document()
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
        var transactions = story["steps"]!.AsArray().Select(s => s!["transaction"]).OfType<JsonNode>().ToList();
        Assert.Equal(16, transactions.Count);
        Assert.Equal(16, transactions.Select(t => (string)t["id"]!).Distinct().Count());
        Assert.All(transactions, t => Assert.True((int)t["bytes"]! > 0 && (long)t["fee"]! > 0 && (long)t["block"]! > 0 && (long)t["slot"]! > 0));
        Assert.Equal(12, transactions.Count(t => (long)t["memory"]! > 0 && (long)t["steps"]! > 0));
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

    [Theory]
    [InlineData("{\"secret\":\"abc")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData(
        """{"databaseFile":"x.db","secret":"short","adminKey":"k","chainUrl":"http://127.0.0.1:1/","port":0,"network":"Preprod","role":"Selling","mnemonic":"a b c"}"""
    )]
    public async Task A_setup_that_is_no_setup_is_said_in_one_line_without_repeating_it(string setup)
    {
        var (code, _, error) = await RunAsync(setup, "node");
        Assert.Equal(2, code);
        Assert.StartsWith("masumi node: the setup on standard input is not usable", Assert.Single(error.Trim().Split('\n')));
        Assert.DoesNotContain("abc", error);
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
    [InlineData("--cooldown: 0 to", "contracts", "address", "escrow-v2", "--cooldown", "9223372036854775807")]
    [InlineData("--escrow", "dispute", "intent", "--chain", "http://127.0.0.1:1")]
    [InlineData("is a directory", "contracts", "verify", "/")]
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

    internal static Process Start(params string[] arguments) => ProcessRun.Start("dotnet", ["exec", Program, .. arguments]);

    // Who runs tests in a shell's background has them ignore interrupts, and a process ignores what its parent does.
    private static Process StartListening(params string[] arguments) =>
        OperatingSystem.IsLinux() ? ProcessRun.Start("env", ["--default-signal=INT", "dotnet", "exec", Program, .. arguments]) : Start(arguments);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "masumi.dll");

    internal static Task<(int Code, string Output, string Error)> RunAsync(string input, params string[] arguments) =>
        ProcessRun.RunAsync("masumi.dll", input, arguments);
}
