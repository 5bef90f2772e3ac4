using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// Writes transactions for foreign tools to judge (tests/Interop): all accepted ones of both families, and several hundred changed ones, with our contracts as
/// they are and compiled without the optimiser. One JSON document per line in the file that <c>MASUMI_EXPORT_TRANSACTIONS</c> names.
/// </summary>
public class ExportTests
{
    private const int ChangedPerBuild = 200;

    [Fact]
    public void Transactions_are_written_for_other_tools()
    {
        // Without a place to write to, what would be written is still made.
        var file = Environment.GetEnvironmentVariable("MASUMI_EXPORT_TRANSACTIONS");
        var perBuild = file is null ? 10 : ChangedPerBuild;
        var lines = new List<string> { Setup().ToJsonString() };
        var random = new Random(20260101);
        foreach (var family in Enum.GetValues<EscrowFamily>())
        {
            foreach (var optimise in (bool[])[true, false])
            {
                var all = WholeTransactions.Of(family, optimise);
                lines.AddRange(all.Select(w => ForeignCase.Line(Name(w.Name), w.Transaction, w.Spent, WholeTransactions.Slots, isWhole: true)));
                lines.AddRange(
                    WholeRegistry
                        .Of(family, optimise)
                        .Select(r => ForeignCase.Line(Name(r.Name), r.Transaction, r.Spent, WholeTransactions.Slots, isWhole: true))
                );
                for (var i = 0; i < perBuild; i++)
                {
                    var whole = all[i % all.Length];
                    var mutations = Mutations.Of(whole).ToList();
                    var mutation = mutations[random.Next(mutations.Count)];
                    var draft = new Draft(whole);
                    mutation.Apply(draft, random);
                    lines.Add(
                        ForeignCase.Line(
                            Name($"{whole.Name}, {mutation.Name}"),
                            draft.ToTransaction(),
                            draft.Spent.ToDictionary(s => s.Input, s => s.Output),
                            WholeTransactions.Slots
                        )
                    );
                }

                string Name(string name) => optimise ? name : name + ", not optimised";
            }
        }

        Assert.DoesNotContain(lines, l => l.Contains("\"whole\":true,\"accepted\":false", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("\"accepted\":false", StringComparison.Ordinal));
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllLines(file, lines);
        }
    }

    private static JsonObject Setup()
    {
        var parameters = WholeTransactions.Parameters;
        ScriptLanguage[] languages = [ScriptLanguage.PlutusV1, ScriptLanguage.PlutusV2, ScriptLanguage.PlutusV3];
        return new JsonObject
        {
            ["costModels"] = new JsonArray([.. languages.Select(l => (JsonNode)new JsonArray([.. parameters.CostModels[l].Select(v => (JsonNode)v)]))]),
            ["costModelsCbor"] = ForeignCase.Hex(w =>
            {
                w.WriteStartMap(languages.Length);
                foreach (var language in languages)
                {
                    w.WriteInt32((int)language - 1);
                    w.WriteStartArray(parameters.CostModels[language].Length);
                    foreach (var value in parameters.CostModels[language])
                    {
                        w.WriteInt64(value);
                    }

                    w.WriteEndArray();
                }

                w.WriteEndMap();
            }),
            // The emulated ledger has these models built in and hashes them into every transaction.
            ["emulate"] = WholeTransactions.WidelyKnownCostModels is not null,
            ["memory"] = parameters.MaxTxExUnits.Memory,
            ["steps"] = parameters.MaxTxExUnits.Steps,
        };
    }
}
