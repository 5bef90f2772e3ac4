using System.Text;
using System.Text.Json.Nodes;
using Masumi.Node.Settings;
using Masumi.Settlement;

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
        json["chainKey"] = "s3cret";
        json["chainUrl"] = "http://dolos:3000/api/v0";
        json["clearTextHosts"] = new JsonArray("dolos");
        json["referenceScripts"] = new JsonArray($"{new string('0', 64)}#1", $"{new string('0', 64)}#1");
        var settings = TestSettings.Read(json);
        Assert.Equal((NodeNetwork.Devnet, Protocol.Network.Preprod, WalletRole.Selling), (settings.Network, settings.WireNetwork, settings.Role));
        Assert.Equal((TimeSpan.FromMilliseconds(100), "s3cret", 0), (settings.PollInterval, settings.ChainKey, settings.Port));
        Assert.Equal(Path.Combine(_folder, "node.db"), settings.DatabaseFile);
        Assert.Single(settings.ReferenceScripts);
        Assert.DoesNotContain("s3cret", $"{settings} {Hosting.PaymentNodeOptions.Of(settings)}", StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("databaseFile")]
    [InlineData("secret")]
    [InlineData("adminKey")]
    [InlineData("chainUrl")]
    [InlineData("port")]
    [InlineData("network")]
    [InlineData("role")]
    [InlineData("mnemonic")]
    public void What_is_missing_is_named(string name)
    {
        foreach (var change in new Action<JsonObject>[] { json => json.Remove(name), json => json[name] = null })
        {
            Assert.StartsWith($"{name}: missing; ", OneLine(change), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("databaseFile", "5")]
    [InlineData("databaseFile", "\"\"")]
    [InlineData("databaseFile", "\"a\\u0000b\"")]
    [InlineData("secret", "[]")]
    [InlineData("secret", "\"short s3cret\"")]
    [InlineData("secret", "\"\\ud800 correct horse battery\"")]
    [InlineData("adminKey", "\"abcd\"")]
    [InlineData("adminKey", "\"fourteen-chars\"")]
    [InlineData("adminKey", "\"with s3cret spaces in it\"")]
    [InlineData("adminKey", "\"with-s3cret\\r\\nand: a-header\"")]
    [InlineData("adminKey", "\"mit-s3cret-Umläuten\"")]
    [InlineData("chainUrl", "\"nonsense s3cret\"")]
    [InlineData("chainUrl", "\"/api/v0\"")]
    [InlineData("chainUrl", "\"ftp://127.0.0.1/api/v0\"")]
    [InlineData("chainUrl", "\"https://user:s3cret@example.com/api/v0\"")]
    [InlineData("chainUrl", "\"https://example.com/api/v0?project_id=s3cret\"")]
    [InlineData("chainUrl", "\"https://example.com/api/v0#s3cret\"")]
    [InlineData("chainKey", "true")]
    [InlineData("chainKey", "\"s3cret\\nkey\"")]
    [InlineData("clearTextHosts", "\"dolos\"")]
    [InlineData("port", "\"3001\"")]
    [InlineData("port", "-1")]
    [InlineData("port", "65536")]
    [InlineData("port", "3001.5")]
    [InlineData("port", "1e400")]
    [InlineData("network", "\"Foo\"")]
    [InlineData("network", "\"Preview\"")]
    [InlineData("network", "\"0\"")]
    [InlineData("network", "\"\"")]
    [InlineData("role", "\"1\"")]
    [InlineData("role", "\"Selling, Purchasing\"")]
    [InlineData("mnemonic", "\"s3cret words\"")]
    [InlineData("mnemonic", "\"abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon\"")]
    [InlineData("pollMilliseconds", "0")]
    [InlineData("pollMilliseconds", "3600001")]
    [InlineData("pollMilliseconds", "{}")]
    [InlineData("family", "\"V3\"")]
    [InlineData("requiredAdmins", "0")]
    [InlineData("requiredAdmins", "4")]
    [InlineData("requiredAdmins", "1180591620717411303424")]
    [InlineData("admins", "[]")]
    [InlineData("cooldownMilliseconds", "-1")]
    [InlineData("cooldownMilliseconds", "31536000001")]
    [InlineData("feePermille", "1001")]
    [InlineData("feePermille", "50")]
    [InlineData("policyId", "\"abcd\"")]
    [InlineData("scriptFile", "\"/nowhere/at/all\"")]
    [InlineData("scriptFile", "\"/\"")]
    [InlineData("policyFile", "\"-\"")]
    public void What_is_not_possible_is_said_in_one_line(string name, string value)
    {
        var text = TestSettings.Good(_folder).ToJsonString();
        text = $"{{\"{name}\":{value},{Without(text, name)}";
        var line = Assert.Single(TestSettings.Lines(() => TestSettings.Read(text)));
        Assert.StartsWith($"{name}: ", line, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Items_of_lists_are_named_by_their_place()
    {
        Assert.StartsWith("admins[1]: ", OneLine(j => j["admins"] = new JsonArray(new string('1', 56), "x")), StringComparison.Ordinal);
        Assert.StartsWith("admins[0]: ", OneLine(j => j["admins"] = new JsonArray(5)), StringComparison.Ordinal);
        Assert.StartsWith("referenceScripts[0]: ", OneLine(j => j["referenceScripts"] = new JsonArray("x#y")), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_and_repeated_settings_are_refused()
    {
        Assert.Equal("'prot': no setting of this service; did you mean port?", OneLine(j => j["prot"] = 1));
        Assert.Equal("'nonsense': no setting of this service", OneLine(j => j["nonsense"] = "s3cret"));
        Assert.Equal("'a\\u000ab': no setting of this service", OneLine(j => j["a\nb"] = 1));
        Assert.EndsWith("did you mean Preprod?", OneLine(j => j["network"] = "preprod"), StringComparison.Ordinal);
        var twice = TestSettings.Good(_folder).ToJsonString()[..^1] + ",\"secret\":\"s3cret s3cret s3cret s3cret\"}";
        Assert.Equal("'secret': there twice", Assert.Single(TestSettings.Lines(() => TestSettings.Read(twice))));
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
    [InlineData("{\"port\":1,}", "settings: no JSON at line 1, byte 11")]
    [InlineData("// s3cret\n{}", "settings: no JSON at line 1, byte 1")]
    public void What_is_no_JSON_object_is_said_with_its_place(string text, string said) =>
        Assert.StartsWith(said, Assert.Single(TestSettings.Lines(() => TestSettings.Read(text))), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_text_is_said()
    {
        byte[] bytes = [.. "{\"secret\":\""u8, 0xff, .. "\"}"u8];
        var line = Assert.Single(TestSettings.Lines(() => NodeSettings.Read(bytes, "settings", File.ReadAllBytes)));
        Assert.Equal("settings: not text in UTF-8", line);
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(TestSettings.Good(_folder).ToJsonString())];
        Assert.Equal(0, NodeSettings.Read(marked, "settings", File.ReadAllBytes).Port);
    }

    [Fact]
    public void All_mistakes_are_said_at_once()
    {
        var json = TestSettings.Good(_folder);
        json.Remove("role");
        json["port"] = 70_000;
        json["network"] = "Devnet";
        json["adminKey"] = "abcd";
        json["databaseFile"] = _folder;
        json["scriptFile"] = Path.Combine(_folder, "nowhere");
        json["more"] = 1;
        Assert.Equal(
            ["databaseFile", "adminKey", "port", "role", "'more'", "scriptFile"],
            TestSettings.Lines(() => TestSettings.Read(json)).Select(line => line.Split(':')[0])
        );
        Assert.Equal(8, TestSettings.Lines(() => TestSettings.Read("{}")).Count);
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
            var line = OneLine(j => j["databaseFile"] = path);
            Assert.StartsWith("databaseFile: ", line, StringComparison.Ordinal);
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
        json["chainKey"] = key;
        if (allowed)
        {
            Assert.Equal(new Uri(url), TestSettings.Read(json).ChainUrl);
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

    private static string Without(string json, string name)
    {
        var rest = JsonNode.Parse(json)!.AsObject();
        rest.Remove(name);
        return rest.ToJsonString()[1..];
    }
}
