using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Corpora.Conformance;

namespace Masumi.Corpora.Verbs;

/// <summary><c>masumi uplc conformance DIR</c>: runs a conformance corpus that is laid out as the Plutus project's.</summary>
internal static class UplcConformance
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR")
        {
            Description =
                "The folder with the cases, in any depth: NAME.uplc, NAME.uplc.expected, NAME.budget.expected, and perhaps NAME.flat with NAME.flat.expected.",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command("conformance", "Runs all cases below a folder, in text and flat, and compares results and budgets.") { folder, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetValue(folder)!, parsed.GetValue(json), cancellation)));
        return command;
    }

    private static int Run(DirectoryInfo folder, bool json, CancellationToken cancellation)
    {
        var judge = new ConformanceJudge(ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3]);
        var failures = new List<ConformanceVerdict>();
        var passed = 0;
        try
        {
            foreach (var name in ConformanceCase.NamesBelow(folder.FullName))
            {
                cancellation.ThrowIfCancellationRequested();
                var verdict = judge.Judge(ConformanceCase.Load(folder.FullName, name));
                if (verdict.Passed)
                {
                    passed++;
                }
                else
                {
                    // What could not be run has not passed.
                    failures.Add(verdict);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"masumi uplc conformance: {e.Message}");
            return 2;
        }

        if (passed + failures.Count == 0)
        {
            Console.Error.WriteLine($"masumi uplc conformance: no *.uplc below {folder}");
            return 2;
        }

        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["passed"] = passed,
                    ["failed"] = failures.Count,
                    ["failures"] = new JsonArray([
                        .. failures.Select(f => new JsonObject { ["name"] = f.Name, ["reasons"] = new JsonArray([.. f.Differences.Select(r => (JsonNode)r)]) }),
                    ]),
                }.ToJsonString()
            );
        }
        else
        {
            foreach (var failure in failures)
            {
                Console.WriteLine($"{failure.Name}: {string.Join("; ", failure.Differences)}");
            }

            Console.WriteLine($"{passed} passed, {failures.Count} failed");
        }

        return failures.Count == 0 ? 0 : 1;
    }
}
