using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Chain;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>A node whose settings do not fit its database or its chain does not start and changes nothing; one that is stopped leaves one complete file.</summary>
public sealed class NodeStartTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-node-").FullName;
    private DevnetServer _devnet = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "node.db");

    public async ValueTask InitializeAsync() => _devnet = await DevnetServer.StartAsync(new DevnetOptions(), cancellation: Stop);

    public async ValueTask DisposeAsync()
    {
        await _devnet.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_database_is_looked_into_before_anything_is_changed()
    {
        await using (await StartAsync(Good())) { }

        var other = WalletKeys.FromMnemonic(TestSettings.Mnemonic(2)).BaseAddress(NetworkId.Testnet);
        await RefusedAsync(j => j["secret"] = "another secret of the operator", "secret: it does not open");
        await RefusedAsync(j => j["adminKey"] = "another-admin-key-000", "adminKey: the database has another admin key");
        await RefusedAsync(j => j["mnemonic"] = TestSettings.Mnemonic(2), $"mnemonic: the database has the Selling wallet at ");
        await RefusedAsync(j => j["mnemonic"] = TestSettings.Mnemonic(2), $"got {other}");
        await RefusedAsync(j => j["role"] = "Purchasing", "role: the database has this wallet for Selling, got Purchasing");
        await RefusedAsync(j => j["family"] = "V1", "databaseFile: ");
        await RefusedAsync(j => j["requiredAdmins"] = 1, "databaseFile: ");
        await RefusedAsync(j => j["policyId"] = new string('1', 56), "policyId: ");
        var problems = await ProblemsAsync(j => (j["adminKey"], j["mnemonic"]) = ("another-admin-key-000", TestSettings.Mnemonic(2)));
        Assert.Equal(["adminKey", "mnemonic"], problems.Select(p => p.Setting));

        await using var again = await StartAsync(Good());
        Assert.Single(await again.Store.ListWalletsAsync(Stop));
        Assert.Single(await again.Store.ListSourcesAsync(Stop));
    }

    [Fact]
    public async Task An_admin_key_is_changed_as_the_refusal_says()
    {
        string made;
        await using (var node = await StartAsync(Good()))
        {
            made = await KeyAsync(node, "Admin");
            var reader = await KeyAsync(node, "Read");
            await RefusedAsync(j => j["adminKey"] = reader, "adminKey: this key is no admin key", running: true);
            var keys = await CallAsync(node, HttpMethod.Get, "api-key?take=100", made, null);
            var first = keys["ApiKeys"]!.AsArray().Single(k => ((string)k!["token"]!).EndsWith(TestSettings.AdminKey[^4..], StringComparison.Ordinal))!;
            await CallAsync(node, HttpMethod.Delete, "api-key", made, new JsonObject { ["id"] = (string)first["id"]! });
        }

        await RefusedAsync(_ => { }, "adminKey: this key was revoked");
        await using var changed = await StartAsync(Good(j => j["adminKey"] = made));
        await CallAsync(changed, HttpMethod.Get, "api-key-status", made, null);
    }

    [Theory]
    [InlineData("Mainnet")]
    [InlineData("Preprod")]
    public async Task A_provider_of_another_network_is_refused(string network)
    {
        await RefusedAsync(j => j["network"] = network, $"network: the chain provider's network has the magic 42, which goes with Devnet, got {network}");
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task What_the_chain_does_not_have_is_refused_before_a_database_is_made()
    {
        await RefusedAsync(j => j["referenceScripts"] = new JsonArray($"{new string('0', 64)}#0"), "referenceScripts: the chain does not know");
        var nobodys = Address.Create(NetworkId.Testnet, Credential.Script(default));
        await RefusedAsync(j => j["contractAddress"] = nobodys.ToString(), "contractAddress: the chain does not know the script");
        await Assert.ThrowsAsync<ChainUnavailableException>(() => StartAsync(Good(j => j["chainUrl"] = "http://127.0.0.1:1/api/v0")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_before_a_database_is_made()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await RefusedAsync(j => j["port"] = port, $"port: {port} on 127.0.0.1 cannot be listened on");
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task The_same_contract_is_not_served_twice()
    {
        var options = PaymentNodeOptions.Of(TestSettings.Read(Good()));
        var twice = options with { Sources = [.. options.Sources, .. options.Sources] };
        var refused = await Assert.ThrowsAsync<SettingsException>(() => PaymentNode.StartAsync(twice, NullLoggerFactory.Instance, Stop));
        Assert.Equal("sources", Assert.Single(refused.Problems).Setting);
    }

    [Fact]
    public async Task What_is_no_database_of_this_service_is_refused()
    {
        await using (await StartAsync(Good())) { }

        var registry = new RegistryNodeOptions
        {
            DatabaseFile = Path.Combine(_folder, "registry.db"),
            ChainUrl = new Uri(_devnet.BaseUrl, "api/v0"),
            Key = "a-key-of-the-registry",
            Network = Protocol.Network.Preprod,
            Policy = default,
            Port = 0,
        };
        await using (await RegistryNode.StartAsync(registry, NullLoggerFactory.Instance, Stop)) { }

        Assert.Equal([File, registry.DatabaseFile], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
        await RefusedAsync(j => j["databaseFile"] = registry.DatabaseFile, "databaseFile: ");
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Stop);
        await System.IO.File.WriteAllBytesAsync(File, bytes[..5000], Stop);
        await RefusedAsync(_ => { }, "databaseFile: ");
        bytes.AsSpan(4096, 20_000).Fill(0xff);
        await System.IO.File.WriteAllBytesAsync(File, bytes, Stop);
        await RefusedAsync(_ => { }, "databaseFile: ");
    }

    // With and without another process that has the file open: the file itself is complete.
    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    [InlineData("-HUP")]
    [InlineData("-QUIT")]
    public async Task A_signal_leaves_one_complete_file(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such signals.");
            return;
        }

        using var process = ProgramTests.StartListening("node");
        try
        {
            await process.StandardInput.WriteAsync(Good().ToJsonString());
            process.StandardInput.Close();
            var ready = await process.StandardOutput.ReadLineAsync(Stop);
            Assert.StartsWith("ready ", ready, StringComparison.Ordinal);
            var url = new Uri(ready!["ready ".Length..]);
            for (var i = 0; i < 5; i++)
            {
                await KeyAsync(url, "Read");
            }

            using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal([File], Directory.GetFiles(_folder));
        var copy = Path.Combine(_folder, "copy.db");
        System.IO.File.Copy(File, copy);
        await using var node = await StartAsync(Good(j => j["databaseFile"] = copy));
        var keys = await CallAsync(node, HttpMethod.Get, "api-key?take=100", TestSettings.AdminKey, null);
        Assert.Equal(6, keys["ApiKeys"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_node_that_does_not_come_up_leaves_one_complete_file_too()
    {
        await using (await StartAsync(Good())) { }

        // Between the check and the start somebody takes the port.
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            PaymentNode.StartAsync(PaymentNodeOptions.Of(TestSettings.Read(Good())), NullLoggerFactory.Instance, ended.Token)
        );
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_program_says_every_mistake_in_a_line_of_its_own_and_ends_with_2()
    {
        var json = Good(j => (j["port"], j["network"], j["adminKey"]) = (70_000, "Foo", "abcd"));
        var (code, output, error) = await ProgramTests.RunAsync(json.ToJsonString(), "node");
        Assert.Equal((2, ""), (code, output));
        var lines = error.TrimEnd().Split('\n');
        Assert.Equal(["masumi node: adminKey", "masumi node: port", "masumi node: network"], lines.Select(l => string.Join(':', l.Split(':')[..2])));
        (code, output, error) = await ProgramTests.RunAsync(Good(j => j["chainUrl"] = "http://127.0.0.1:1/api/v0").ToJsonString(), "node");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("masumi node: chainUrl: 127.0.0.1:1", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_file_of_settings_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        var path = Path.Combine(_folder, "settings.json");
        await System.IO.File.WriteAllTextAsync(path, Good(j => j["port"] = -1).ToJsonString(), Stop);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var (code, _, error) = await ProgramTests.RunAsync("", "node", "--settings", path);
        Assert.Equal(2, code);
        Assert.Contains($"{path} has mode 0644", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (code, _, error) = await ProgramTests.RunAsync("", "node", "--settings", path);
        Assert.Equal(2, code);
        Assert.StartsWith("masumi node: port: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        (code, _, error) = await ProgramTests.RunAsync("", "node", "--settings", Path.Combine(_folder, "nowhere"));
        Assert.Equal(2, code);
        Assert.Contains("nowhere", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private JsonObject Good(Action<JsonObject>? change = null)
    {
        var json = TestSettings.Good(_folder, new Uri(_devnet.BaseUrl, "api/v0").ToString());
        change?.Invoke(json);
        return json;
    }

    private static Task<PaymentNode> StartAsync(JsonObject json) =>
        PaymentNode.StartAsync(PaymentNodeOptions.Of(TestSettings.Read(json)), NullLoggerFactory.Instance, Stop);

    private async Task<IReadOnlyList<SettingProblem>> ProblemsAsync(Action<JsonObject> change) =>
        (await Assert.ThrowsAsync<SettingsException>(() => StartAsync(Good(change)))).Problems;

    private async Task RefusedAsync(Action<JsonObject> change, string said, bool running = false)
    {
        var before = running ? [] : Files();
        var problems = await ProblemsAsync(change);
        var line = Assert.Single(problems).ToString();
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain(TestSettings.Secret, line, StringComparison.Ordinal);
        if (!running)
        {
            Assert.Equal(before, Files());
        }
    }

    private List<string> Files() =>
        [
            .. Directory
                .GetFiles(_folder)
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.IO.File.ReadAllBytes(f)))}"),
        ];

    private static Task<string> KeyAsync(PaymentNode node, string permission) => KeyAsync(node.BaseUrl, permission);

    private static async Task<string> KeyAsync(Uri node, string permission)
    {
        var body = new JsonObject
        {
            ["permission"] = permission,
            ["usageLimited"] = "false",
            ["UsageCredits"] = new JsonArray(),
        };
        return (string)(await CallAsync(node, HttpMethod.Post, "api-key", TestSettings.AdminKey, body))["token"]!;
    }

    private static Task<JsonNode> CallAsync(PaymentNode node, HttpMethod method, string path, string key, JsonObject? body) =>
        CallAsync(node.BaseUrl, method, path, key, body);

    private static async Task<JsonNode> CallAsync(Uri node, HttpMethod method, string path, string key, JsonObject? body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(node, "api/v1/" + path));
        request.Headers.Add("token", key);
        request.Content = body is null ? null : JsonContent.Create((JsonNode)body);
        using var response = await http.SendAsync(request, Stop);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
        return answer["data"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }
}
