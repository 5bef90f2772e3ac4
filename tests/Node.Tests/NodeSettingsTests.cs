using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Node.Settings;
using Masumi.Protocol;
using Masumi.Settlement.Sources;

namespace Masumi.Node.Tests;

/// <summary>Whatever is wrong with the settings of a node is one line: which setting, what it is, what is allowed; no secret among it.</summary>
public sealed class NodeSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Right_settings_are_read()
    {
        var json = TestSettings.Good(_folder);
        json["chain"]!["key"] = "s3cret";
        json["chain"]!["url"] = "http://dolos:3000/api/v0";
        json["chain"]!["clearTextHosts"] = new JsonArray("dolos");
        json["sources"]![0]!["referenceScripts"] = new JsonArray($"{new string('0', 64)}#1", $"{new string('0', 64)}#1");
        json["sources"]![0]!["wallets"]!
            .AsArray()
            .Add(
                new JsonObject
                {
                    ["role"] = "Purchasing",
                    ["mnemonic"] = TestSettings.Mnemonic(2),
                    ["note"] = "buys",
                }
            );
        var first = json["sources"]![0]!.DeepClone();
        first["family"] = "V1";
        first["feeAddress"] = WalletKeys.FromMnemonic(TestSettings.Mnemonic(3)).BaseAddress(NetworkId.Testnet).ToString();
        json["sources"]!.AsArray().Add(first);
        json["registry"] = new JsonObject { ["adminKey"] = "a-key-of-the-registry", ["listen"] = "[::1]:0" };
        var settings = TestSettings.Read(json);
        Assert.Equal(NodeNetwork.Devnet, settings.Network);
        Assert.Equal((TimeSpan.FromMilliseconds(100), "s3cret"), (settings.Chain.PollInterval, settings.Chain.Key));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 0), Assert.Single(settings.Listen));
        Assert.Equal(Path.Combine(_folder, "node.db"), settings.Database.File);
        Assert.Equal([EscrowFamily.V2, EscrowFamily.V1], settings.Sources.Select(s => s.Contract.Contract.Family));
        Assert.All(settings.Sources, s => Assert.Single(s.ReferenceScripts));
        Assert.Equal([WalletRole.Selling, WalletRole.Purchasing], settings.Sources[0].Wallets.Select(w => w.Role));
        Assert.Equal(Path.Combine(_folder, "node-registry.db"), settings.Registry!.Database.File);
        Assert.Equal(settings.Sources.Select(s => s.Contract.PolicyId), settings.Registry.Policies);
        Assert.DoesNotContain("s3cret", $"{settings} {settings.Chain} {Hosting.PaymentNodeOptions.Of(settings)}", StringComparison.Ordinal);
        Assert.DoesNotContain(TestSettings.Mnemonic(2)[..20], $"{settings.Sources[0].Wallets[1]}", StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Confirmations_agreement_and_deadlines_are_settings()
    {
        var json = TestSettings.Good(_folder);
        var unit = new string('c', 56) + "01";
        json["deals"] = new JsonObject
        {
            ["confirmations"] = new JsonArray(
                new JsonObject { ["from"] = 500_000_000, ["blocks"] = 20 },
                new JsonObject { ["from"] = 0, ["blocks"] = 2 },
                new JsonObject
                {
                    ["unit"] = unit,
                    ["from"] = 10,
                    ["blocks"] = 5,
                }
            ),
            ["agreement"] = new JsonArray(new JsonObject { ["unit"] = "lovelace", ["from"] = 50_000_000 }, new JsonObject { ["unit"] = unit, ["from"] = 7 }),
            ["lockWindowMilliseconds"] = 0,
            ["payByHours"] = 6,
            ["disputeHours"] = 1000,
        };
        var options = Hosting.PaymentNodeOptions.Of(TestSettings.Read(json)).Settlement;
        Value Ada(long ada) => Value.Of(Lovelace.FromAda(ada));
        Value Tokens(long quantity) => Value.Of(Lovelace.Zero, [KeyValuePair.Create(AssetId.Parse(unit), (Int128)quantity)]);
        Assert.Equal([2, 20, 2, 5], new[] { Ada(499), Ada(500), Tokens(9), Tokens(10) }.Select(options.Confirmations.Of));
        Assert.Equal([false, true, false, true], new[] { Ada(49), Ada(50), Tokens(6), Tokens(7) }.Select(options.Agreement.Needs));
        Assert.Equal(TimeSpan.Zero, options.LockWindow);
        Assert.Equal(new DeadlineLimits(TimeSpan.FromHours(6), TimeSpan.FromDays(14), TimeSpan.FromDays(7), TimeSpan.FromHours(1000)), options.Deadlines);
        Assert.True(options.BlocksMayStandStill);
        Assert.Equal(0, Hosting.PaymentNodeOptions.Of(TestSettings.Read(TestSettings.Good(_folder))).Settlement.Confirmations.Of(Ada(5000)));
    }

    [Theory]
    [InlineData("database")]
    [InlineData("secret")]
    [InlineData("adminKey")]
    [InlineData("chain.url")]
    [InlineData("network")]
    [InlineData("sources")]
    [InlineData("sources[0].contract")]
    [InlineData("sources[0].wallets[0].role")]
    [InlineData("sources[0].wallets[0].mnemonic")]
    public void What_is_missing_is_named(string path)
    {
        foreach (var isNull in new[] { true, false })
        {
            var line = OneLine(json =>
            {
                var (parent, name) = TestSettings.Find(json, path);
                if (isNull)
                {
                    parent[name] = null;
                }
                else
                {
                    parent.Remove(name);
                }
            });
            Assert.StartsWith($"{path}: missing; ", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("database", "{}")]
    [InlineData("database", "{\"a\":1}")]
    [InlineData("database", "\"\"")]
    [InlineData("database", "\"a\\u0000b\"")]
    [InlineData("database", "\"Host=x;Nonsense=s3cret\"")]
    [InlineData("database", "\"Host=x;Port=s3cret\"")]
    [InlineData("database", "\"Password=s3cret;Nonsense=1\"")]
    [InlineData("database", "\"postgres://masumi:s3cret@db.example/masumi\"")]
    [InlineData("chain", "\"s3cret\"")]
    [InlineData("sources[0].wallets", "\"s3cret words\"")]
    [InlineData("sources[0].wallets", "[\"s3cret words\"]")]
    [InlineData("sources[0].wallets[0].role", "\"s3cret words that stand in the wrong place\"")]
    [InlineData("registry", "\"s3cret\"")]
    [InlineData("secret", "[1]")]
    [InlineData("secret", "\"short s3cret\"")]
    [InlineData("secret", "\"\\ud800 correct horse battery\"")]
    [InlineData("adminKey", "\"abcd\"")]
    [InlineData("adminKey", "\"fourteen-chars\"")]
    [InlineData("adminKey", "\"with s3cret spaces in it\"")]
    [InlineData("adminKey", "\"with-s3cret\\r\\nand: a-header\"")]
    [InlineData("adminKey", "\"mit-s3cret-Umläuten\"")]
    [InlineData("chain.url", "\"nonsense s3cret\"")]
    [InlineData("chain.url", "\"/api/v0\"")]
    [InlineData("chain.url", "\"ftp://127.0.0.1/api/v0\"")]
    [InlineData("chain.url", "\"https://user:s3cret@example.com/api/v0\"")]
    [InlineData("chain.url", "\"https://example.com/api/v0?project_id=s3cret\"")]
    [InlineData("chain.url", "\"https://example.com/api/v0#s3cret\"")]
    [InlineData("chain.key", "[true]")]
    [InlineData("chain.key", "\"s3cret\\nkey\"")]
    [InlineData("chain.clearTextHosts", "\"dolos\"")]
    [InlineData("chain.pollMilliseconds", "0")]
    [InlineData("chain.pollMilliseconds", "3600001")]
    [InlineData("chain.pollMilliseconds", "1.5")]
    [InlineData("chain.pollMilliseconds", "1e400")]
    [InlineData("chain.pollMilliseconds", "{}")]
    [InlineData("deals", "\"s3cret\"")]
    [InlineData("deals", "{ \"lockWindowMilliseconds\": 2001 }")]
    [InlineData("deals", "{ \"payByHours\": 0 }")]
    [InlineData("deals", "{ \"confirmations\": [{ \"from\": 5, \"blocks\": -1 }] }")]
    [InlineData("deals", "{ \"confirmations\": [{ \"from\": 5, \"blocks\": 1, \"unit\": \"ada\" }] }")]
    [InlineData("deals", "{ \"agreement\": [{ }] }")]
    [InlineData("listen", "\"-1\"")]
    [InlineData("listen", "65536")]
    [InlineData("listen", "\"3001.5\"")]
    [InlineData("listen", "\"example.com:3001\"")]
    [InlineData("listen", "\"1:2:3:4\"")]
    [InlineData("listen", "\"[::1]\"")]
    [InlineData("listen", "\"127.1:80\"")]
    [InlineData("listen", "\"0x7f.0.0.1:80\"")]
    [InlineData("listen", "\"0177.0.0.1:80\"")]
    [InlineData("listen", "\"127.0.0.256:80\"")]
    [InlineData("listen", "\"224.0.0.1:80\"")]
    [InlineData("listen", "\"255.255.255.255:80\"")]
    [InlineData("listen", "\"[ff02::1]:80\"")]
    [InlineData("listen", "\"[::ffff:224.0.0.1]:80\"")]
    [InlineData("listen", "\"[[::1]:81]:80\"")]
    [InlineData("listen", "\"[::1/64]:80\"")]
    [InlineData("listen", "[\"127.0.0.1:4811\", \"4811\"]")]
    [InlineData("network", "\"Foo\"")]
    [InlineData("network", "\"Preview\"")]
    [InlineData("network", "\"0\"")]
    [InlineData("network", "\"\"")]
    [InlineData("sources[0].contract", "\"ours\"")]
    [InlineData("sources[0].wallets[0].role", "\"1\"")]
    [InlineData("sources[0].wallets[0].role", "\"Selling, Purchasing\"")]
    [InlineData("sources[0].wallets[0].mnemonic", "\"s3cret words\"")]
    [InlineData("sources[0].wallets[0].mnemonic", "\"abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon\"")]
    [InlineData("sources[0].wallets[0].collectionAddress", "\"addr1wx7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsq87ujx7\"")]
    [InlineData("sources[0].family", "\"V3\"")]
    [InlineData("sources[0].requiredAdmins", "0")]
    [InlineData("sources[0].requiredAdmins", "4")]
    [InlineData("sources[0].requiredAdmins", "1180591620717411303424")]
    [InlineData("sources[0].admins", "[]")]
    [InlineData("sources[0].cooldownMilliseconds", "-1")]
    [InlineData("sources[0].cooldownMilliseconds", "31536000001")]
    [InlineData("sources[0].feePermille", "1001")]
    [InlineData("sources[0].feePermille", "50")]
    [InlineData("sources[0].policyId", "\"abcd\"")]
    [InlineData("sources[0].scriptFile", "\"/nowhere/at/all\"")]
    [InlineData("sources[0].scriptFile", "\"/\"")]
    [InlineData("sources[0].policyFile", "\"-\"")]
    public void What_is_not_possible_is_said_in_one_line(string path, string value)
    {
        // What is no text in .NET is none in a JSON node either: the value is put in as it is written.
        var json = TestSettings.Good(_folder);
        TestSettings.Set(json, path, "VALUE OF THE TEST");
        var text = json.ToJsonString().Replace("\"VALUE OF THE TEST\"", value, StringComparison.Ordinal);
        var line = Assert.Single(TestSettings.Lines(() => TestSettings.Read(text)));
        Assert.StartsWith($"{path}", line, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("3007", "127.0.0.1:3007")]
    [InlineData("localhost:3007", "127.0.0.1:3007")]
    [InlineData("0.0.0.0:80", "0.0.0.0:80")]
    [InlineData("*:80", "[::]:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    public void Places_to_listen_are_addresses_with_ports(string text, string place) => Assert.Equal(place, $"{ListenSettings.Parse(text)}");

    [Fact]
    public void A_place_to_listen_is_named_once()
    {
        Assert.Equal("listen: 127.0.0.1:4811 is there twice", OneLine(j => j["listen"] = "127.0.0.1:4811, localhost:4811"));
        var json = TestSettings.Good(_folder);
        json["listen"] = "0, 0";
        Assert.Equal([0, 0], TestSettings.Read(json).Listen.Select(l => l.Port));
    }

    [Fact]
    public void Several_places_to_listen_are_a_list_or_have_commas_between_them()
    {
        foreach (var value in new JsonNode[] { "3001, [::1]:3001", new JsonArray("3001", "[::1]:3001") })
        {
            var json = TestSettings.Good(_folder);
            json["listen"] = value;
            Assert.Equal(["127.0.0.1:3001", "[::1]:3001"], TestSettings.Read(json).Listen.Select(l => $"{l}"));
        }
    }

    [Fact]
    public void Secrets_may_stand_in_files_of_their_owners()
    {
        string[] paths = ["secret", "adminKey", "chain.key", "sources[0].wallets[0].mnemonic", "database"];
        var json = TestSettings.Good(_folder);
        json["chain"]!["key"] = "s3cret";
        var wanted = TestSettings.Read(json.DeepClone().AsObject());
        foreach (var (path, i) in paths.Select((p, i) => (p, i)))
        {
            var (parent, name) = TestSettings.Find(json, path);
            parent[$"{name}File"] = Private($"file{i}", (string)parent[name]! + "\n");
            var twice = Assert.Single(TestSettings.Lines(() => TestSettings.Read(json)));
            Assert.StartsWith($"{path}: it is set, and {name}File too", twice, StringComparison.Ordinal);
            parent.Remove(name);
        }

        var read = TestSettings.Read(json);
        Assert.Equal((wanted.Secret, wanted.AdminKey, wanted.Chain.Key), (read.Secret, read.AdminKey, read.Chain.Key));
        Assert.Equal((wanted.Sources[0].Wallets[0], wanted.Database), (read.Sources[0].Wallets[0], read.Database));

        json["secretFile"] = Path.Combine(_folder, "nowhere");
        Assert.StartsWith("secretFile: ", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))), StringComparison.Ordinal);
        json["secretFile"] = Private("empty", "\n");
        Assert.Contains("is empty", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_folder, "empty"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Contains("has mode 0440", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_command_line_stands_over_the_file()
    {
        var json = TestSettings.Good(_folder);
        var text = SettingsText.Read(
            Encoding.UTF8.GetBytes(json.ToJsonString()),
            "settings",
            File.ReadAllBytes,
            commandLine: new Dictionary<string, string>
            {
                ["listen"] = "3009",
                ["sources[0].wallets[0].role"] = "Purchasing",
                ["CHAIN.pollMilliseconds"] = "7",
            }
        );
        var settings = NodeSettings.Read(text);
        Assert.Equal(3009, Assert.Single(settings.Listen).Port);
        Assert.Equal(WalletRole.Purchasing, settings.Sources[0].Wallets[0].Role);
        Assert.Equal(TimeSpan.FromMilliseconds(7), settings.Chain.PollInterval);
    }

    [Fact]
    public void The_same_wallet_or_contract_is_not_set_up_twice()
    {
        var wallet = OneLine(j => j["sources"]![0]!["wallets"]!.AsArray().Add(j["sources"]![0]!["wallets"]![0]!.DeepClone()));
        Assert.Equal("sources[0].wallets[1].mnemonic: the same Selling wallet as wallets[0]", wallet);
        var source = OneLine(j => j["sources"]!.AsArray().Add(j["sources"]![0]!.DeepClone()));
        Assert.StartsWith("sources[1].contract: the same contract as sources[0], at addr_test1", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_is_told_its_policies_or_takes_those_of_the_sources_or_of_the_market()
    {
        var json = new JsonObject
        {
            ["network"] = "Preprod",
            ["chain"] = new JsonObject { ["url"] = "https://example.com/api/v0" },
            ["database"] = Path.Combine(_folder, "registry.db"),
            ["adminKey"] = "a-key-of-the-registry",
        };
        var registry = Read(json);
        Assert.Equal([KnownDeployments.PreprodV1.RegistryPolicy, KnownDeployments.PreprodV2.RegistryPolicy], registry.Policies);
        Assert.Equal(3000, Assert.Single(registry.Listen).Port);
        json["network"] = "Devnet";
        Assert.StartsWith("policies: missing; ", Assert.Single(TestSettings.Lines(() => Read(json))), StringComparison.Ordinal);
        json["policies"] = new JsonArray(new string('3', 56), "x");
        Assert.StartsWith("policies[1]: ", Assert.Single(TestSettings.Lines(() => Read(json))), StringComparison.Ordinal);

        static RegistrySettings Read(JsonObject settings) =>
            RegistrySettings.Read(SettingsText.Read(Encoding.UTF8.GetBytes(settings.ToJsonString()), "settings", File.ReadAllBytes));
    }

    [Fact]
    public void Items_of_lists_are_named_by_their_place()
    {
        Assert.StartsWith(
            "sources[0].admins[1]: ",
            OneLine(j => j["sources"]![0]!["admins"] = new JsonArray(new string('1', 56), "x")),
            StringComparison.Ordinal
        );
        Assert.StartsWith("sources[0].admins[0]: ", OneLine(j => j["sources"]![0]!["admins"] = new JsonArray(5)), StringComparison.Ordinal);
        Assert.StartsWith(
            "sources[0].referenceScripts[0]: ",
            OneLine(j => j["sources"]![0]!["referenceScripts"] = new JsonArray("x#y")),
            StringComparison.Ordinal
        );
        Assert.StartsWith("sources: a list is needed", OneLine(j => j["sources"] = new JsonObject { ["a"] = 1 }), StringComparison.Ordinal);
        Assert.StartsWith("sources: a list is needed", OneLine(j => j["sources"] = "own"), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_and_repeated_settings_are_refused()
    {
        Assert.Equal("'lisen': no setting of this service; did you mean listen?", OneLine(j => j["lisen"] = 1));
        Assert.Equal("'nonsense': no setting of this service", OneLine(j => j["nonsense"] = "s3cret"));
        Assert.Equal("'a\\u000ab': no setting of this service", OneLine(j => j["a\nb"] = 1));
        Assert.Equal("'chain.yrl': no setting of this service; did you mean url?", OneLine(j => j["chain"]!["yrl"] = "s3cret"));
        Assert.Equal("'sources[0].wallets[0].words': no setting of this service", OneLine(j => j["sources"]![0]!["wallets"]![0]!["words"] = "s3cret"));
        Assert.EndsWith("did you mean Preprod?", OneLine(j => j["network"] = "preprod"), StringComparison.Ordinal);
        foreach (var name in new[] { "secret", "Secret" })
        {
            var twice = TestSettings.Good(_folder).ToJsonString()[..^1] + $",\"{name}\":\"s3cret s3cret s3cret s3cret\"}}";
            Assert.Equal($"'{name}': there twice", Assert.Single(TestSettings.Lines(() => TestSettings.Read(twice))));
        }
    }

    [Theory]
    [InlineData("", "settings: empty")]
    [InlineData(" \n", "settings: empty")]
    [InlineData("[]", "settings: a JSON object")]
    [InlineData("5", "settings: a JSON object")]
    [InlineData("null", "settings: a JSON object")]
    [InlineData("{\"secret\":\"s3cret", "settings: no JSON at line 1, byte")]
    [InlineData("{\n  \"secret\": s3cret\n}", "settings: no JSON at line 2, byte 13")]
    [InlineData("{} {}", "settings: no JSON at line 1, byte 4")]
    public void What_is_no_JSON_object_is_said_with_its_place(string text, string said) =>
        Assert.StartsWith(said, Assert.Single(TestSettings.Lines(() => TestSettings.Read(text))), StringComparison.Ordinal);

    [Fact]
    public void Comments_and_trailing_commas_are_allowed()
    {
        var text = "// the settings\n" + TestSettings.Good(_folder).ToJsonString()[..^1] + ", /* that is all */ }";
        Assert.Equal(NodeNetwork.Devnet, TestSettings.Read(text).Network);
    }

    [Fact]
    public void What_is_no_text_is_said()
    {
        byte[] bytes = [.. "{\"secret\":\""u8, 0xff, .. "\"}"u8];
        var line = Assert.Single(TestSettings.Lines(() => NodeSettings.Read(SettingsText.Read(bytes, "settings", File.ReadAllBytes))));
        Assert.Equal("settings: not text in UTF-8", line);
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(TestSettings.Good(_folder).ToJsonString())];
        Assert.Equal(NodeNetwork.Devnet, NodeSettings.Read(SettingsText.Read(marked, "settings", File.ReadAllBytes)).Network);
    }

    [Fact]
    public void All_mistakes_are_said_at_once()
    {
        var json = TestSettings.Good(_folder);
        json["sources"]![0]!["wallets"]![0]!.AsObject().Remove("role");
        json["listen"] = 70_000;
        json["adminKey"] = "abcd";
        json["database"] = _folder;
        json["sources"]![0]!["scriptFile"] = Path.Combine(_folder, "nowhere");
        json["more"] = 1;
        Assert.Equal(
            ["database", "adminKey", "listen", "sources[0].wallets[0].role", "sources[0].scriptFile", "'more'"],
            TestSettings.Lines(() => TestSettings.Read(json)).Select(line => line.Split(':')[0])
        );
        Assert.Equal(
            ["network", "chain.url", "database", "secret", "adminKey", "sources"],
            TestSettings.Lines(() => TestSettings.Read("{}")).Select(line => line.Split(':')[0])
        );
    }

    [Fact]
    public void A_database_must_be_a_file_of_its_owners_in_a_folder_that_exists()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains("does not exist", Database(Path.Combine(_folder, "none", "node.db")), StringComparison.Ordinal);
        Assert.Contains("is a file", Database(Path.Combine(file, "node.db")), StringComparison.Ordinal);
        Assert.Contains("is a directory", Database(_folder), StringComparison.Ordinal);
        Assert.Contains("is a directory", Database(Path.Combine(_folder, "none") + "/"), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("has mode 0640", Database(file), StringComparison.Ordinal);
        }

        string Database(string path)
        {
            var line = OneLine(j => j["database"] = path);
            Assert.StartsWith("database: ", line, StringComparison.Ordinal);
            return line;
        }
    }

    [Theory]
    [InlineData("http://example.com/api/v0", "s3cret", false)]
    [InlineData("http://172.32.0.1/api/v0", "s3cret", false)]
    [InlineData("http://example.com/api/v0", "", true)]
    [InlineData("https://example.com/api/v0", "s3cret", true)]
    [InlineData("http://192.168.0.7/api/v0", "s3cret", true)]
    [InlineData("http://[fd00::1]/api/v0", "s3cret", true)]
    public void The_providers_key_does_not_travel_in_clear_text(string url, string key, bool allowed)
    {
        var json = TestSettings.Good(_folder, url);
        json["chain"]!["key"] = key;
        if (allowed)
        {
            Assert.Equal(new Uri(url), TestSettings.Read(json).Chain.Url);
        }
        else
        {
            Assert.Contains("in clear text", Assert.Single(TestSettings.Lines(() => TestSettings.Read(json))), StringComparison.Ordinal);
        }
    }

    private string OneLine(Action<JsonObject> change)
    {
        var json = TestSettings.Good(_folder);
        change(json);
        return Assert.Single(TestSettings.Lines(() => TestSettings.Read(json)));
    }

    private string Private(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
