using System.Text;
using System.Text.Json.Nodes;
using Masumi.Node.Settings;

namespace Masumi.Node.Tests;

/// <summary>Settings as an operator writes them.</summary>
internal static class TestSettings
{
    public const string Secret = "correct horse battery staple";
    public const string AdminKey = "an-admin-key-of-the-test";

    public static string Mnemonic(byte number) => Cardano.Keys.Mnemonic.FromEntropy([.. Enumerable.Repeat(number, 32)]);

    /// <summary>Settings that are right, but for a folder that must exist and a provider that must answer.</summary>
    public static JsonObject Good(string folder, string chainUrl = "http://127.0.0.1:1/api/v0") =>
        new()
        {
            ["network"] = "Devnet",
            ["chain"] = new JsonObject { ["url"] = chainUrl, ["pollMilliseconds"] = 100 },
            ["database"] = Path.Combine(folder, "node.db"),
            ["secret"] = Secret,
            ["adminKey"] = AdminKey,
            ["listen"] = "127.0.0.1:0",
            ["sources"] = new JsonArray(
                new JsonObject
                {
                    ["contract"] = "own",
                    ["requiredAdmins"] = 1,
                    ["admins"] = new JsonArray(new string('1', 56)),
                    ["wallets"] = new JsonArray(new JsonObject { ["role"] = "Selling", ["mnemonic"] = Mnemonic(1) }),
                }
            ),
        };

    /// <summary>The object that a path such as <c>sources[0].wallets[0].role</c> ends in, and the name there.</summary>
    public static (JsonObject Parent, string Name) Find(JsonObject json, string path)
    {
        var parts = path.Split('.');
        JsonNode at = json;
        foreach (var part in parts[..^1])
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            at = bracket < 0 ? at[part]! : at[part[..bracket]]![int.Parse(part[(bracket + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)]!;
        }

        return (at.AsObject(), parts[^1]);
    }

    /// <summary>Sets what a path names.</summary>
    public static void Set(JsonObject json, string path, JsonNode? value)
    {
        var (parent, name) = Find(json, path);
        parent[name] = value;
    }

    public static NodeSettings Read(JsonObject json) => Read(json.ToJsonString());

    public static NodeSettings Read(string json) => NodeSettings.Read(SettingsText.Read(Encoding.UTF8.GetBytes(json), "settings", File.ReadAllBytes));

    /// <summary>The contract that settings name. Throws <see cref="SettingsException"/>.</summary>
    public static ContractSetup Contract(JsonObject json, NodeNetwork network)
    {
        var reader = new SettingsReader(SettingsText.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "settings", File.ReadAllBytes));
        var setup = ContractSettings.Read(reader).Resolve(network, reader);
        reader.RefuseUnknown();
        SettingsException.ThrowIfAny(reader.Problems);
        return setup!;
    }

    /// <summary>What is wrong with them, a line each, none with a secret in it.</summary>
    public static IReadOnlyList<string> Lines(Action read)
    {
        var lines = Assert.Throws<SettingsException>(read).Problems.Select(p => p.ToString()).ToList();
        Assert.All(
            lines,
            line =>
            {
                Assert.DoesNotContain(line, char.IsControl);
                Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
                Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
                Assert.DoesNotContain(Mnemonic(1)[..20], line, StringComparison.Ordinal);
            }
        );
        return lines;
    }
}
