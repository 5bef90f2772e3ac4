using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>A node whose settings do not fit its database, its chain or its machine does not start and changes nothing.</summary>
public sealed class NodeStartTests : NodeOnDevnet
{
    private const string Words = "sources[0].wallets[0].mnemonic";

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
        Assert.Single(await again.Store.Wallets.ListAsync(Stop));
        Assert.Single(await again.Store.Sources.ListAsync(Stop));
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
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_before_a_database_is_made()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await RefusedAsync(j => j["listen"] = port, $"listen: {port} on 127.0.0.1 cannot be listened on");
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
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

        Assert.Equal([Path.Combine(Folder, "node-registry.db"), File], Directory.GetFiles(Folder).Order(StringComparer.Ordinal));

        // What was set up before stays as it was; what is added is added, what is left out is asked for.
        var problems = await ProblemsAsync(_ => { });
        Assert.Equal(["sources[0].wallets", "sources[0].wallets", "database"], problems.Select(p => p.Setting));
        var more = json.DeepClone().AsObject();
        more.Remove("registry");
        more["sources"]![1]!["wallets"]!.AsArray().Add(new JsonObject { ["role"] = "Purchasing", ["mnemonic"] = TestSettings.Mnemonic(5) });
        await using var node = await StartAsync(more);
        Assert.Equal(7, (await node.Store.Wallets.ListAsync(Stop)).Length);
        Assert.Equal(2, (await node.Store.Sources.ListAsync(Stop)).Length);
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

        Assert.Equal([File], Directory.GetFiles(Folder));
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
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task Another_admin_key_of_the_registry_is_refused()
    {
        var options = new RegistryNodeOptions
        {
            Database = DatabaseSettings.InFile(Path.Combine(Folder, "registry.db")),
            Chain = new ChainSettings { Url = new Uri(Devnet.BaseUrl, "api/v0") },
            Key = "a-key-of-the-registry",
            Policies = [default],
        };
        await using (await RegistryNode.StartAsync(options, NullLoggerFactory.Instance, shared: null, Stop)) { }

        var other = options with { Key = "another-key-of-the-registry" };
        var refused = await Assert.ThrowsAsync<SettingsException>(() => RegistryNode.StartAsync(other, NullLoggerFactory.Instance, shared: null, Stop));
        Assert.StartsWith("adminKey: the database has another admin key", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
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
            Assert.Single(await node.Store.Wallets.ListAsync(Stop));
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
    public async Task What_is_no_database_of_this_service_is_refused()
    {
        await using (await StartAsync(Good())) { }

        var registry = new RegistryNodeOptions
        {
            Database = DatabaseSettings.InFile(Path.Combine(Folder, "registry.db")),
            Chain = new ChainSettings { Url = new Uri(Devnet.BaseUrl, "api/v0") },
            Key = "a-key-of-the-registry",
            Policies = [default],
        };
        await using (await RegistryNode.StartAsync(registry, NullLoggerFactory.Instance, shared: null, Stop)) { }

        Assert.Equal([File, registry.Database.File], Directory.GetFiles(Folder).Order(StringComparer.Ordinal));
        await RefusedAsync(j => j["database"] = registry.Database.File, "database: ");
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Stop);
        await System.IO.File.WriteAllBytesAsync(File, bytes[..5000], Stop);
        await RefusedAsync(_ => { }, "database: ");
        bytes.AsSpan(4096, 20_000).Fill(0xff);
        await System.IO.File.WriteAllBytesAsync(File, bytes, Stop);
        await RefusedAsync(_ => { }, "database: ");
    }

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
}
