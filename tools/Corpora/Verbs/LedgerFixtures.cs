using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Corpora.Fixtures;
using Masumi.Plutus;

namespace Masumi.Corpora.Verbs;

/// <summary><c>masumi ledger fixtures DIR</c>: holds the ledger's rules against fixtures from elsewhere.</summary>
internal static class LedgerFixtures
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Unusable = 2;

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR")
        {
            Description = "A folder laid out as the amaru project's ledger tests: 'transaction' and 'rules-conformance' below it, or itself one of these.",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command(
            "fixtures",
            "Judges whole transactions against whole states, and compares what the ledger says with what a Cardano node says."
        )
        {
            folder,
            json,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetValue(folder)!.FullName, parsed.GetValue(json), cancellation)));
        return command;
    }

    private static int Run(string folder, bool json, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"masumi ledger fixtures: {folder} is {(File.Exists(folder) ? "a file; a folder is needed" : "not there")}");
            return Unusable;
        }

        var results = new List<FixtureResult>();
        try
        {
            var evaluator = new PlutusEvaluator();
            foreach (var fixture in LedgerFixture.Below(folder))
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(fixture.Judge(evaluator));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"masumi ledger fixtures: {e.Message}");
            return Unusable;
        }

        if (results.Count == 0)
        {
            Console.Error.WriteLine($"masumi ledger fixtures: no fixtures in {folder}");
            return Unusable;
        }

        var failed = results.Where(r => r.Verdict == FixtureVerdict.Failed).ToList();
        var outside = results.Where(r => r.Verdict == FixtureVerdict.OutsideScope).ToList();
        var passed = results.Count - failed.Count - outside.Count;
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["passed"] = passed,
                    ["failed"] = failed.Count,
                    ["outsideScope"] = outside.Count,
                    ["fixtures"] = new JsonArray([
                        .. results.Select(r => new JsonObject
                        {
                            ["name"] = r.Name,
                            ["verdict"] = $"{r.Verdict}",
                            ["expected"] = r.Expected,
                            ["actual"] = r.Actual,
                        }),
                    ]),
                }.ToJsonString()
            );
        }
        else
        {
            foreach (var result in outside)
            {
                Console.WriteLine($"outside scope: {result.Name}: {result.Actual}");
            }

            foreach (var result in failed)
            {
                Console.WriteLine($"FAILED {result.Name}: expected {result.Expected}, got {result.Actual}");
            }

            Console.WriteLine($"{passed} passed, {failed.Count} failed, {outside.Count} outside scope");
        }

        return failed.Count == 0 ? Done : Failed;
    }
}
