using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Masumi.Cardano;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

/// <summary>The conformance corpus of the Plutus project, in its flat form: result and budget of every case.</summary>
public partial class ConformanceTests
{
    private static readonly ExUnits Plenty = new(long.MaxValue, long.MaxValue);

    [Fact]
    public void Every_flat_case_gives_the_expected_result_and_budget()
    {
        var root = SharedData.Require("plutus-conformance", "test-cases", "uplc");
        var model = MainnetCostModels.Of(ScriptLanguage.PlutusV3);
        var wrong = new List<string>();
        var (agreed, unsupported) = (0, 0);
        foreach (var flat in Directory.EnumerateFiles(root, "*.flat", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var expected = File.ReadAllBytes(flat + ".expected");
            var budget = File.ReadAllText(Path.ChangeExtension(flat, null) + ".budget.expected");
            var name = Path.GetRelativePath(root, flat);
            switch (Judge(File.ReadAllBytes(flat), expected, budget, model))
            {
                case null:
                    agreed++;
                    break;
                case "unsupported" when !name.Contains("bls12", StringComparison.Ordinal):
                    unsupported++;
                    break;
                case { } difference:
                    wrong.Add($"{name}: {difference}");
                    break;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{agreed} agree, {unsupported} use builtins this build does not have");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {agreed + wrong.Count} disagree:\n" + string.Join('\n', wrong.Take(60)));
        Assert.True(agreed > 500);
    }

    /// <summary>Null when all is as expected.</summary>
    private static string? Judge(byte[] flat, byte[] expected, string budget, ImmutableArray<long> model)
    {
        var text = System.Text.Encoding.Latin1.GetString(expected);
        UplcProgram program;
        try
        {
            program = Flat.Decode(flat);
        }
        catch (FormatException e)
        {
            return text.StartsWith("parse/decode error", StringComparison.Ordinal) ? null
                : e.Message.Contains("cannot be read", StringComparison.Ordinal) ? "unsupported"
                : $"does not decode: {e.Message}";
        }

        var outcome = Evaluator.Evaluate(program, ScriptLanguage.PlutusV3, 11, model, Plenty);
        if (outcome.Failure is EvaluationFailure.Unsupported)
        {
            return "unsupported";
        }

        if (text.StartsWith("evaluation failure", StringComparison.Ordinal) || text.StartsWith("parse/decode error", StringComparison.Ordinal))
        {
            return outcome.Succeeded ? $"succeeded, expected {text.Trim()}" : null;
        }

        if (!outcome.Succeeded)
        {
            return $"failed: {outcome.Failure}";
        }

        var numbers = Number().Matches(budget).Select(m => long.Parse(m.Value, CultureInfo.InvariantCulture)).ToArray();
        if (outcome.Units != new ExUnits(numbers[1], numbers[0]))
        {
            return $"used {outcome.Units.Steps} steps and {outcome.Units.Memory} memory, expected {numbers[0]} and {numbers[1]}";
        }

        return outcome.Result is { } constant && !Flat.Encode(program with { Term = new Term.Const(constant) }).SequenceEqual(expected)
            ? "another result"
            : null;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
