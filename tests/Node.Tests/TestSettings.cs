using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
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
            ["databaseFile"] = Path.Combine(folder, "node.db"),
            ["secret"] = Secret,
            ["adminKey"] = AdminKey,
            ["chainUrl"] = chainUrl,
            ["port"] = 0,
            ["network"] = "Devnet",
            ["role"] = "Selling",
            ["mnemonic"] = Mnemonic(1),
            ["pollMilliseconds"] = 100,
        };

    public static NodeSettings Read(JsonObject json) => Read(json.ToJsonString());

    public static NodeSettings Read(string json) => NodeSettings.Read(Encoding.UTF8.GetBytes(json), "settings", File.ReadAllBytes);

    /// <summary>The contract that settings name. Throws <see cref="SettingsException"/>.</summary>
    public static ContractSetup Contract(JsonObject json, NetworkId network)
    {
        var reader = SettingsReader.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "settings");
        var setup = ContractSettings.Read(reader).Resolve(network, File.ReadAllBytes, reader.Refuse);
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
