using System.Globalization;
using System.Text.RegularExpressions;
using Masumi.Cardano.Scripts;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

/// <summary>The 89 validators of the Plutus project's benchmark, each with the units the reference implementation uses.</summary>
public partial class BenchmarkBudgetTests
{
    [Fact]
    public void Every_benchmark_validator_uses_exactly_its_golden_units()
    {
        var root = SharedData.Require("plutus-benchmarks");
        var model = MainnetCostModels.Of(ScriptLanguage.PlutusV3);
        var wrong = new List<string>();
        var programs = Directory.GetFiles(Path.Combine(root, "validation"), "*.flat");
        foreach (var file in programs)
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var golden = File.ReadAllText(Path.Combine(root, "validation-golden", name + ".flat.golden.eval"));
            var expected = new ExUnits(Number(Memory().Match(golden)), Number(Cpu().Match(golden)));
            var outcome = Evaluator.EvaluateFlat(File.ReadAllBytes(file), ScriptLanguage.PlutusV3, 11, model, new ExUnits(long.MaxValue, long.MaxValue));
            if (!outcome.Succeeded || outcome.Units != expected)
            {
                wrong.Add($"{name}: {outcome.Failure?.ToString() ?? outcome.Units.ToString()} instead of {expected}");
            }
        }

        Assert.Equal(89, programs.Length);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].Value.Replace("_", ""), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"CPU:\s+([0-9_]+)")]
    private static partial Regex Cpu();

    [GeneratedRegex(@"Memory:\s+([0-9_]+)")]
    private static partial Regex Memory();
}
