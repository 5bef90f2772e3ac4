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
using Masumi.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>A node whose settings do not fit its database or its chain does not start and changes nothing; one that is stopped leaves one complete file.</summary>
public sealed class NodeStartTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-node-").FullName;
    private DevnetServer _devnet = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Words = "sources[0].wallets[0].mnemonic";

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
        await RefusedAsync(j => TestSettings.Set(j, Words, TestSettings.Mnemonic(2)), $"{Words}: the database has the Selling wallet at ");
        await RefusedAsync(j => TestSettings.Set(j, Words, TestSettings.Mnemonic(2)), $"got {other}");
        await RefusedAsync(
            j => TestSettings.Set(j, "sources[0].wallets[0].role", "Purchasing"),
            "sources[0].wallets[0].role: the database has this wallet for Selling, got Purchasing"
        );
        await RefusedAsync(
            j =>
            {
                TestSettings.Set(j, "sources[0].family", "V1");
                TestSettings.Set(j, "sources[0].feeAddress", other.ToString());
            },
            "database: "
        );
        await RefusedAsync(j => TestSettings.Set(j, "sources[0].cooldownMilliseconds", 1), "database: ");
        await RefusedAsync(j => TestSettings.Set(j, "sources[0].policyId", new string('1', 56)), "sources[0].policyId: ");
        var problems = await ProblemsAsync(j =>
        {
            j["adminKey"] = "another-admin-key-000";
            TestSettings.Set(j, Words, TestSettings.Mnemonic(2));
        });
        Assert.Equal(["adminKey", Words], problems.Select(p => p.Setting));

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
        await RefusedAsync(
            j => TestSettings.Set(j, "sources[0].referenceScripts", new JsonArray($"{new string('0', 64)}#0")),
            "sources[0].referenceScripts: the chain does not know"
        );
        var nobodys = Address.Create(NetworkId.Testnet, Credential.Script(default));
        await RefusedAsync(
            j => TestSettings.Set(j, "sources[0].contractAddress", nobodys.ToString()),
            "sources[0].contractAddress: the chain does not know the script"
        );
        await Assert.ThrowsAsync<ChainUnavailableException>(() => StartAsync(Good(j => j["chain"]!["url"] = "http://127.0.0.1:1/api/v0")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_before_a_database_is_made()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await RefusedAsync(j => j["listen"] = port, $"listen: {port} on 127.0.0.1 cannot be listened on");
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
    public async Task One_node_serves_both_generations_in_both_roles_with_several_wallets_and_a_registry()
    {
        var json = Good(j =>
        {
            var wallets = j["sources"]![0]!["wallets"]!.AsArray();
            wallets.Add(new JsonObject { ["role"] = "Selling", ["mnemonic"] = TestSettings.Mnemonic(2) });
            wallets.Add(new JsonObject { ["role"] = "Purchasing", ["mnemonic"] = TestSettings.Mnemonic(3) });
            var first = j["sources"]![0]!.DeepClone();
            first["family"] = "V1";
            first["feeAddress"] = WalletKeys.FromMnemonic(TestSettings.Mnemonic(4)).BaseAddress(NetworkId.Testnet).ToString();
            j["sources"]!.AsArray().Add(first);
            j["registry"] = new JsonObject { ["adminKey"] = "a-key-of-the-registry", ["listen"] = "127.0.0.1:0" };
        });
        using (var process = ProgramTests.StartListening("node", "--config", "-"))
        using (new EndsWithTest(process))
        {
            await process.StandardInput.WriteAsync(json.ToJsonString());
            process.StandardInput.Close();
            var lines = new List<string>();
            while (lines.Count == 0 || !lines[^1].StartsWith("ready ", StringComparison.Ordinal))
            {
                lines.Add(await process.StandardOutput.ReadLineAsync(Stop) ?? await process.StandardError.ReadToEndAsync(Stop));
            }

            Assert.Equal(["V2 escrow", "V1 escrow", "registry "], lines[..3].Select(l => l[..9]));
            var url = new Uri(lines[^1]["ready ".Length..]);
            Assert.Equal(6, (await CallAsync(url, HttpMethod.Get, "wallet/list?take=100", TestSettings.AdminKey, null))["Wallets"]!.AsArray().Count);
            Assert.Equal(2, (await CallAsync(url, HttpMethod.Get, "payment-source", TestSettings.AdminKey, null))["PaymentSources"]!.AsArray().Count);
            var registry = new Uri(lines[2]["registry ".Length..]);
            await CallAsync(registry, HttpMethod.Post, "registry-entry", "a-key-of-the-registry", new JsonObject { ["network"] = "Preprod", ["limit"] = 1 });
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
            Assert.Equal(0, process.ExitCode);
        }

        Assert.Equal([Path.Combine(_folder, "node-registry.db"), File], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));

        // What was set up before stays as it was; what is added is added, what is left out is asked for.
        var problems = await ProblemsAsync(_ => { });
        Assert.Equal(["sources[0].wallets", "sources[0].wallets", "database"], problems.Select(p => p.Setting));
        var more = json.DeepClone().AsObject();
        more.Remove("registry");
        more["sources"]![1]!["wallets"]!.AsArray().Add(new JsonObject { ["role"] = "Purchasing", ["mnemonic"] = TestSettings.Mnemonic(5) });
        await using var node = await StartAsync(more);
        Assert.Equal(7, (await node.Store.ListWalletsAsync(Stop)).Length);
        Assert.Equal(2, (await node.Store.ListSourcesAsync(Stop)).Length);
    }

    [Fact]
    public async Task Two_nodes_do_not_work_on_one_database_at_once()
    {
        await using (var first = await StartAsync(Good()))
        {
            var refused = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(Good()));
            Assert.StartsWith("database: another node is running on ", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
            await KeyAsync(first, "Read");
        }

        // What cannot be locked for another reason is no other node.
        Directory.CreateDirectory(File + ".lock");
        var odd = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(Good()));
        Assert.StartsWith("database: the lock beside ", Assert.Single(odd.Problems).ToString(), StringComparison.Ordinal);
        Directory.Delete(File + ".lock");

        // What a node that was killed left behind holds nobody up.
        await System.IO.File.WriteAllTextAsync(File + ".lock", "", Stop);
        await using (await StartAsync(Good())) { }

        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task What_is_wrong_with_the_registry_is_said_before_the_node_begins()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var json = Good(j =>
        {
            j["registry"] = new JsonObject { ["adminKey"] = "a-key-of-the-registry", ["listen"] = port };
            j["listen"] = port;
        });
        var (code, _, error) = await ProgramTests.RunAsync(json.ToJsonString(), "node", "--config", "-");
        Assert.Equal(2, code);
        Assert.Equal(["listen", "registry.listen"], error.TrimEnd().Split('\n').Select(l => l.Split(": ")[1]));
        taken.Stop();
        (code, _, error) = await ProgramTests.RunAsync(json.ToJsonString(), "node", "--config", "-");
        Assert.Equal((2, "registry.listen"), (code, Assert.Single(error.TrimEnd().Split('\n')).Split(": ")[1]));
        json["listen"] = $"127.0.0.1:{port}, 0.0.0.0:{port}";
        json["registry"] = null;
        (code, _, error) = await ProgramTests.RunAsync(json.ToJsonString(), "node", "--config", "-");
        Assert.Equal((2, "listen"), (code, Assert.Single(error.TrimEnd().Split('\n')).Split(": ")[1]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Another_admin_key_of_the_registry_is_refused()
    {
        var options = new RegistryNodeOptions
        {
            Database = DatabaseSettings.InFile(Path.Combine(_folder, "registry.db")),
            Chain = new ChainSettings { Url = new Uri(_devnet.BaseUrl, "api/v0") },
            Key = "a-key-of-the-registry",
            Policies = [default],
        };
        await using (await RegistryNode.StartAsync(options, NullLoggerFactory.Instance, shared: null, Stop)) { }

        var other = options with { Key = "another-key-of-the-registry" };
        var refused = await Assert.ThrowsAsync<SettingsException>(() => RegistryNode.StartAsync(other, NullLoggerFactory.Instance, shared: null, Stop));
        Assert.StartsWith("adminKey: the database has another admin key", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
    }

    // Half a request, as somebody who wants to keep a node from ending would send it.
    [Fact]
    public async Task Half_a_request_does_not_keep_a_node_from_ending()
    {
        var node = await StartAsync(Good());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.BaseUrl.Port, Stop);
        await client.GetStream().WriteAsync("GET /api/v1/health HTTP/1.1\r\nHost: x"u8.ToArray(), Stop);
        await node.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Stop);
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_node_and_its_registry_keep_their_tables_in_one_PostgreSQL_database()
    {
        var configured = Environment.GetEnvironmentVariable("MASUMI_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(configured), "MASUMI_TEST_POSTGRES is not set: no node was started on PostgreSQL");
        var schema = $"node_{Guid.NewGuid():N}";
        await using (var server = Npgsql.NpgsqlDataSource.Create(configured))
        await using (var create = server.CreateCommand($"CREATE SCHEMA {schema}"))
        {
            await create.ExecuteNonQueryAsync(Stop);
        }

        var json = Good(j =>
        {
            j["database"] = $"{configured};Search Path={schema}";
            j["registry"] = new JsonObject { ["adminKey"] = "a-key-of-the-registry", ["listen"] = "127.0.0.1:0" };
        });
        var settings = TestSettings.Read(json);
        for (var i = 0; i < 2; i++)
        {
            await using var node = await PaymentNode.StartAsync(PaymentNodeOptions.Of(settings), NullLoggerFactory.Instance, Stop);
            await using var registry = await RegistryNode.StartAsync(RegistryNodeOptions.Of(settings.Registry!), NullLoggerFactory.Instance, node.Chain, Stop);
            await KeyAsync(node, "Read");
            Assert.Single(await node.Store.ListWalletsAsync(Stop));
        }

        json["secret"] = "another secret of the operator";
        json["registry"] = null;
        var refused = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(json));
        Assert.StartsWith("secret: it does not open what the PostgreSQL database holds", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
        json["database"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=s3cret;Database=none";
        var away = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(json));
        Assert.DoesNotContain("s3cret", away.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("database: ", Assert.Single(Assert.IsType<SettingsException>(away).Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_in_the_environment_stand_over_the_file_and_are_named_when_they_are_wrong()
    {
        var (code, _, error) = await RunWithAsync(
            new()
            {
                ["MASUMI__LISTEN"] = "nowhere",
                ["MASUMI__SOURCES__0__WALLETS__0__ROLE"] = "Buying",
                ["MASUMI__NONSENSE"] = "s3cret",
            },
            Good().ToJsonString()
        );
        Assert.Equal(2, code);
        Assert.Equal(
            ["masumi node: listen: an address", "masumi node: sources[0].wallets[0].role: Selling or", "masumi node: 'NONSENSE': no setting"],
            error.TrimEnd().Split('\n').Select(l => string.Join(' ', l.Split(' ').Take(5)).TrimEnd(','))
        );
        Assert.Contains("(from MASUMI__SOURCES__0__WALLETS__0__ROLE in the environment)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
        (code, _, error) = await RunWithAsync([], null);
        Assert.Equal(2, code);
        Assert.Equal(["network", "chain.url", "database", "secret", "adminKey", "sources"], error.TrimEnd().Split('\n').Select(l => l.Split(": ")[1]));

        static async Task<(int Code, string Output, string Error)> RunWithAsync(Dictionary<string, string> environment, string? config)
        {
            var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "masumi.dll"), "node"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            if (config is not null)
            {
                start.ArgumentList.Add("--config");
                start.ArgumentList.Add("-");
            }

            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start)!;
            using var ends = new EndsWithTest(process);
            await process.StandardInput.WriteAsync(config ?? "");
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(Stop);
            var error = process.StandardError.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromMinutes(1), Stop);
            return (process.ExitCode, await output, await error);
        }
    }

    [Fact]
    public async Task What_is_no_database_of_this_service_is_refused()
    {
        await using (await StartAsync(Good())) { }

        var registry = new RegistryNodeOptions
        {
            Database = DatabaseSettings.InFile(Path.Combine(_folder, "registry.db")),
            Chain = new ChainSettings { Url = new Uri(_devnet.BaseUrl, "api/v0") },
            Key = "a-key-of-the-registry",
            Policies = [default],
        };
        await using (await RegistryNode.StartAsync(registry, NullLoggerFactory.Instance, shared: null, Stop)) { }

        Assert.Equal([File, registry.Database.File], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
        await RefusedAsync(j => j["database"] = registry.Database.File, "database: ");
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Stop);
        await System.IO.File.WriteAllBytesAsync(File, bytes[..5000], Stop);
        await RefusedAsync(_ => { }, "database: ");
        bytes.AsSpan(4096, 20_000).Fill(0xff);
        await System.IO.File.WriteAllBytesAsync(File, bytes, Stop);
        await RefusedAsync(_ => { }, "database: ");
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

        using var process = ProgramTests.StartListening("node", "--config", "-");
        try
        {
            await process.StandardInput.WriteAsync(Good().ToJsonString());
            process.StandardInput.Close();
            Assert.Contains("disputes are settled by the holder of this key alone", await process.StandardOutput.ReadLineAsync(Stop), StringComparison.Ordinal);
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
        await using var node = await StartAsync(Good(j => j["database"] = copy));
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
        var json = Good(j => (j["listen"], j["network"], j["adminKey"]) = (70_000, "Foo", "abcd"));
        var (code, output, error) = await ProgramTests.RunAsync(json.ToJsonString(), "node", "--config", "-");
        Assert.Equal((2, ""), (code, output));
        var lines = error.TrimEnd().Split('\n');
        Assert.Equal(["masumi node: network", "masumi node: adminKey", "masumi node: listen"], lines.Select(l => string.Join(':', l.Split(':')[..2])));
        (code, output, error) = await ProgramTests.RunAsync(
            Good(j => j["chain"]!["url"] = "http://127.0.0.1:1/api/v0").ToJsonString(),
            "node",
            "--config",
            "-"
        );
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("masumi node: chain.url: 127.0.0.1:1", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
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
        await System.IO.File.WriteAllTextAsync(path, Good(j => j["listen"] = -1).ToJsonString(), Stop);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var (code, _, error) = await ProgramTests.RunAsync("", "node", "--config", path);
        Assert.Equal(2, code);
        Assert.Contains($"{path} has mode 0644", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (code, _, error) = await ProgramTests.RunAsync("", "node", "--config", path);
        Assert.Equal(2, code);
        Assert.StartsWith("masumi node: listen: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        (code, _, error) = await ProgramTests.RunAsync("", "node", "--config", Path.Combine(_folder, "nowhere"));
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
