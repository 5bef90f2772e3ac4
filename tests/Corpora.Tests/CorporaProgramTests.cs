using System.Text.Json.Nodes;
using Masumi.Tests;

namespace Masumi.Corpora.Tests;

/// <summary><c>masumi ledger fixtures</c>, <c>uplc conformance</c> and <c>uplc bench</c> as their users run them.</summary>
public sealed class CorporaProgramTests
{
    [Fact]
    public async Task All_fixtures_agree_and_those_outside_the_scope_are_listed_by_name_with_the_reason()
    {
        var folder = SharedData.Require("vectors", "amaru-ledger");

        var (code, output, error) = await ProcessRun.RunAsync("masumi-corpora.dll", "", "ledger", "fixtures", folder);

        Assert.True(code == 0, output + error);
        var lines = output.Trim().Split('\n');
        Assert.Matches("^[1-9][0-9]* passed, 0 failed, [1-9][0-9]* outside scope$", lines[^1]);
        Assert.All(lines[..^1], l => Assert.Matches(@"^outside scope: \S+: .*(voting|proposal) procedures", l));
        Assert.Equal(lines.Length - 1, int.Parse(lines[^1].Split(' ')[4]));
    }

    [Fact]
    public async Task A_disagreement_is_named_with_both_verdicts_and_ends_with_1()
    {
        var shared = SharedData.Require("vectors", "amaru-ledger", "transaction");
        var folder = Directory.CreateTempSubdirectory("masumi-fixtures-").FullName;
        try
        {
            // One fixture whose expectation is turned round.
            const string Name = "00056-fail-missing-vkey-witness.json";
            var file = Directory.EnumerateFiles(Path.Combine(shared, "scenarios"), "*-fail-*.json").Order(StringComparer.Ordinal).First();
            var fixture = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
            fixture["expected"] = "Pass";
            foreach (var reference in new[] { "protocolParameters", "eraHistory" })
            {
                fixture[reference]!["$ref"] = Path.Combine(shared, (string)fixture[reference]!["$ref"]!);
            }

            Directory.CreateDirectory(Path.Combine(folder, "scenarios"));
            await File.WriteAllTextAsync(Path.Combine(folder, "scenarios", Name), fixture.ToJsonString(), TestContext.Current.CancellationToken);

            var (code, output, _) = await ProcessRun.RunAsync("masumi-corpora.dll", "", "ledger", "fixtures", folder);
            var (jsonCode, json, _) = await ProcessRun.RunAsync("masumi-corpora.dll", "", "ledger", "fixtures", folder, "--json");

            Assert.Equal(1, code);
            Assert.Contains("0 passed, 1 failed", output.Trim().Split('\n')[^1]);
            Assert.Contains($"{Name}: expected accepted, got Conway", output);
            Assert.Equal(1, jsonCode);
            Assert.Equal("Failed", (string)JsonNode.Parse(json)!["fixtures"]![0]!["verdict"]!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_without_fixtures_is_said_in_one_line()
    {
        var folder = Directory.CreateTempSubdirectory("masumi-fixtures-").FullName;
        try
        {
            var (code, _, error) = await ProcessRun.RunAsync("masumi-corpora.dll", "", "ledger", "fixtures", folder);

            Assert.Equal(2, code);
            Assert.StartsWith("masumi ledger fixtures: no fixtures in ", Assert.Single(error.Trim().Split('\n')));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Theory]
    [InlineData("ledger", "fixtures", "/nowhere")]
    [InlineData("uplc", "conformance", "/nowhere")]
    [InlineData("uplc", "bench", "/nowhere")]
    public async Task A_folder_that_is_not_there_is_said_in_one_line(params string[] arguments)
    {
        var (code, output, error) = await ProcessRun.RunAsync("masumi-corpora.dll", "", arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("/nowhere", Assert.Single(error.Trim().Split('\n')));
    }
}
