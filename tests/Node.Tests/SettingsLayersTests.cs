using System.Text;
using System.Text.Json.Nodes;
using Masumi.Node.Settings;

namespace Masumi.Node.Tests;

/// <summary>The command line stands over the environment, and that over the file, also where one has a list and the other a text.</summary>
public sealed class SettingsLayersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-layers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("chain.url=http://a", "chain:url=http://b", "--set: 'chain:url' is there twice")]
    [InlineData("listen[0]=4811", "listen.0=4811", "--set: 'listen.0' is there twice")]
    [InlineData("LISTEN=4811", "listen=4811", "--set: 'listen' is there twice")]
    [InlineData("listen=4811", "listen[0]=4812", "--set: 'listen[0]' is there, and 'listen' too; one of them is needed")]
    [InlineData("listen[0]=4812", "listen=4811", "--set: 'listen[0]' is there, and 'listen' too; one of them is needed")]
    public void What_is_said_twice_on_the_command_line_is_one_line(string first, string second, string said) =>
        Assert.Equal(said, Assert.Single(TestSettings.Lines(() => Read(TestSettings.Good(_folder), [], [first, second]))));

    [Theory]
    [InlineData(".=1")]
    [InlineData("chain..url=1")]
    [InlineData("[0]=1")]
    [InlineData("listen[]=1")]
    public void What_is_no_path_is_one_line(string setting) =>
        Assert.Equal(
            $"--set: '{setting[..^2]}' names no setting; a path such as chain.url is needed",
            Assert.Single(TestSettings.Lines(() => Read(TestSettings.Good(_folder), [], [setting])))
        );

    [Fact]
    public void Two_spellings_of_one_variable_are_refused()
    {
        string[] variables = ["MASUMI__NETWORK=Devnet", "MASUMI__Network=Mainnet"];
        foreach (var order in new[] { variables, [.. variables.Reverse()] })
        {
            Assert.Equal(
                "environment: 'MASUMI__Network' is there twice, as 'MASUMI__NETWORK' too",
                Assert.Single(TestSettings.Lines(() => Read(TestSettings.Good(_folder), order, [])))
            );
        }

        Assert.Equal(
            "environment: 'MASUMI__LISTEN__0' is there, and 'MASUMI__LISTEN' too; one of them is needed",
            Assert.Single(TestSettings.Lines(() => Read(TestSettings.Good(_folder), ["MASUMI__LISTEN=1", "MASUMI__LISTEN__0=2"], [])))
        );
    }

    [Theory]
    [InlineData("MASUMI__LISTEN=4814", null, "127.0.0.1:4814")]
    [InlineData(null, "listen=4814", "127.0.0.1:4814")]
    [InlineData("MASUMI__LISTEN=4814", "listen=4815, 4816", "127.0.0.1:4815 127.0.0.1:4816")]
    [InlineData("MASUMI__LISTEN=4814", "listen[0]=4815", "127.0.0.1:4815")]
    [InlineData("MASUMI__LISTEN__1=4814", null, "127.0.0.1:4811 127.0.0.1:4814")]
    [InlineData("MASUMI__LISTEN__1=4814", "listen[0]=4815", "127.0.0.1:4815 127.0.0.1:4814")]
    [InlineData("MASUMI__LISTEN__2=4814", null, "127.0.0.1:4811 127.0.0.1:4812 127.0.0.1:4814")]
    [InlineData("MASUMI__LISTEN__1=4814", "listen=4815", "127.0.0.1:4815")]
    public void A_text_stands_over_a_whole_list_and_an_item_over_that_item(string? variable, string? argument, string places)
    {
        var json = TestSettings.Good(_folder);
        json["listen"] = new JsonArray("4811", "4812");
        var settings = Read(json, variable is null ? [] : [variable], argument is null ? [] : [argument]);
        Assert.Equal(places.Split(' '), settings.Listen.Select(l => $"{l}"));
    }

    [Fact]
    public void Every_list_of_texts_can_be_replaced_as_a_whole()
    {
        var (one, two, three) = (new string('1', 56), new string('2', 56), new string('3', 56));
        var json = TestSettings.Good(_folder, "http://dolos/api/v0");
        json["chain"]!["key"] = "s3cret";
        json["chain"]!["clearTextHosts"] = new JsonArray("elsewhere", "nowhere");
        json["sources"]![0]!["admins"] = new JsonArray(one, one, one);
        json["sources"]![0]!["referenceScripts"] = new JsonArray($"{new string('0', 64)}#1");
        json["registry"] = new JsonObject { ["adminKey"] = "a-key-of-the-registry", ["policies"] = new JsonArray(one, two) };
        var settings = Read(
            json,
            ["MASUMI__CHAIN__CLEARTEXTHOSTS=dolos", $"MASUMI__SOURCES__0__ADMINS={two}, {three}"],
            [$"registry.policies={three}", "sources[0].referenceScripts="]
        );
        Assert.Equal(["dolos"], settings.Chain.ClearTextHosts);
        Assert.Equal([two, three], settings.Sources[0].Contract.Contract.Admins.Select(a => $"{a}"));
        Assert.Empty(settings.Sources[0].ReferenceScripts);
        Assert.Equal([settings.Sources[0].Contract.PolicyId, Cardano.PolicyId.Parse(three)], settings.Registry!.Policies);
        var line = Assert.Single(TestSettings.Lines(() => Read(json, ["MASUMI__CHAIN__CLEARTEXTHOSTS=dolos", $"MASUMI__SOURCES__0__ADMINS={two},x"], [])));
        Assert.StartsWith("sources[0].admins[1]: ", line, StringComparison.Ordinal);
        Assert.EndsWith("(from MASUMI__SOURCES__0__ADMINS in the environment)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_stand_over_a_text()
    {
        var json = TestSettings.Good(_folder);
        json["listen"] = "4811, 4812";
        Assert.Equal("127.0.0.1:4815", $"{Assert.Single(Read(json, ["MASUMI__LISTEN__0=4815"], []).Listen)}");
    }

    [Theory]
    [InlineData("MASUMI__REGISTRY", "registry: an object is needed, got a text")]
    [InlineData("MASUMI__CHAIN", "chain: an object is needed, got a text")]
    [InlineData("MASUMI__SOURCES__0", "sources[0]: an object with contract and wallets is needed, got a text")]
    [InlineData("MASUMI__SOURCES", "sources: a list is needed, each an object with contract and wallets, got a text")]
    public void A_text_in_place_of_an_object_is_one_line(string variable, string said)
    {
        var json = TestSettings.Good(_folder);
        json["registry"] = new JsonObject { ["adminKey"] = "a-key-of-the-registry" };
        foreach (var hasRegistry in new[] { true, false })
        {
            Assert.Equal($"{said} (from {variable} in the environment)", Assert.Single(TestSettings.Lines(() => Read(json, [$"{variable}=0"], []))));
            json.Remove("registry");
        }
    }

    [Theory]
    [InlineData("got nothing", "--set")]
    [InlineData("got nothing", "--set", "--set", "listen=1")]
    [InlineData("got something without a path before the equals sign", "--set", "=s3cret")]
    [InlineData("got something without an equals sign", "--set", "s3cret")]
    [InlineData("'listen' is there twice", "--listen", "1", "--set", "listen=2")]
    [InlineData("'chain:url' is there twice", "--set", "chain.url=http://a", "--set", "chain:url=http://b")]
    public async Task What_cannot_be_set_is_a_line_of_the_program(string said, params string[] arguments)
    {
        var (code, output, error) = await ProgramTests.RunAsync(TestSettings.Good(_folder).ToJsonString(), ["node", "--config", "-", .. arguments]);
        Assert.Equal((2, ""), (code, output));
        var line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("masumi node: --set: ", line, StringComparison.Ordinal);
        Assert.EndsWith(said, line, StringComparison.Ordinal);
    }

    private static NodeSettings Read(JsonObject json, string[] variables, string[] arguments) =>
        NodeSettings.Read(
            SettingsText.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "settings", File.ReadAllBytes, variables.Select(Pair), arguments.Select(Pair))
        );

    private static KeyValuePair<string, string> Pair(string text) =>
        KeyValuePair.Create(text[..text.IndexOf('=', StringComparison.Ordinal)], text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]);
}
