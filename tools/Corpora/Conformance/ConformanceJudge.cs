using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Masumi.Cardano.Scripts;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Corpora.Conformance;

/// <summary>What a case gave.</summary>
/// <param name="Name">The case.</param>
/// <param name="Differences">What is not as expected; none when the case passes.</param>
public sealed record ConformanceVerdict(string Name, ImmutableArray<string> Differences)
{
    /// <summary>True when everything was as expected.</summary>
    public bool Passed => Differences.IsEmpty;
}

/// <summary>Runs conformance cases as Plutus V3 programs of protocol version 11: result and budget, in text and in flat.</summary>
/// <param name="costModel">The Plutus V3 prices that the expected budgets come from.</param>
public sealed partial class ConformanceJudge(ImmutableArray<long> costModel)
{
    private const int Version = 11;
    private const string DecodeError = "parse/decode error";
    private const string Failure = "evaluation failure";
    private static readonly ExUnits Plenty = new(long.MaxValue, long.MaxValue);

    /// <summary>Runs one case.</summary>
    public ConformanceVerdict Judge(ConformanceCase expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var differences = new List<string>();
        UplcProgram? parsed = null;
        try
        {
            parsed = UplcText.Parse(expected.Text);
            var run = Run(parsed);
            CompareEvaluation("text", Evaluator.Evaluate(parsed, ScriptLanguage.PlutusV3, Version, costModel, Plenty), run, differences);
            Compare("text", run, expected, differences);
        }
        catch (UplcSyntaxException e)
        {
            Compare("text", new Ran(DecodeError, null, null, e.Message), expected, differences);
        }

        if (expected.Flat is { } flat && expected.FlatExpected is { } flatExpected)
        {
            JudgeFlat(flat, flatExpected, parsed, expected, differences);
        }

        return new ConformanceVerdict(expected.Name, [.. differences]);
    }

    private void JudgeFlat(
        ReadOnlyMemory<byte> flat,
        ReadOnlyMemory<byte> flatExpected,
        UplcProgram? parsed,
        ConformanceCase expected,
        List<string> differences
    )
    {
        Ran run;
        try
        {
            var decoded = Flat.Decode(flat.Span);
            if (parsed is not null && UplcText.Print(decoded) != UplcText.Print(parsed))
            {
                differences.Add("flat: decodes to another term than the text");
            }

            run = Run(decoded);
        }
        catch (FormatException e)
        {
            run = new Ran(DecodeError, null, null, e.Message);
        }

        Compare("flat", run, expected, differences);
        CompareEvaluation("flat", Evaluator.EvaluateFlat(flat.Span, ScriptLanguage.PlutusV3, Version, costModel, Plenty), run, differences);
        if (run.Result is { } result)
        {
            if (!Flat.Encode(result).AsSpan().SequenceEqual(flatExpected.Span))
            {
                differences.Add("flat: the result is encoded to other bytes");
            }
        }
        else if (Encoding.Latin1.GetString(flatExpected.Span).Trim() is var words && words != run.Failure)
        {
            differences.Add($"flat: {run.Failure} ({run.Why}), expected {words}");
        }
    }

    private static void Compare(string form, Ran run, ConformanceCase expected, List<string> differences)
    {
        var words = expected.Expected.Trim();
        if (run.Result is not { } result)
        {
            if (words != run.Failure)
            {
                differences.Add($"{form}: {run.Failure} ({run.Why}), expected {Short(words)}");
            }

            return;
        }

        var text = UplcText.Print(result);
        if (words is DecodeError or Failure)
        {
            differences.Add($"{form}: {Short(text)}, expected {words}");
            return;
        }

        // Both through the same printer: names and white space do not count.
        if (UplcText.Print(UplcText.Parse(words)) is var wanted && wanted != text)
        {
            differences.Add($"{form}: {Short(text)}, expected {Short(wanted)}");
        }

        if (Units(expected.Budget) is var units && units != run.Units)
        {
            differences.Add($"{form}: {run.Units?.Steps} cpu and {run.Units?.Memory} mem, expected {units?.Steps} and {units?.Memory}");
        }
    }

    private Ran Run(UplcProgram program)
    {
        var outcome = Evaluator.EvaluateToTerm(program, ScriptLanguage.PlutusV3, Version, costModel, Plenty, out var result);
        return outcome.Failure switch
        {
            null => new Ran(null, program with { Term = result! }, outcome.Units, null),
            // The Plutus tools find unbound variables while they read.
            EvaluationFailure.Malformed m => new Ran(DecodeError, null, null, m.ToString()),
            var failure => new Ran(Failure, null, null, failure.ToString()),
        };
    }

    // Transactions are evaluated without turning results into terms, and straight from flat; these ways must come to the same.
    private static void CompareEvaluation(string form, EvaluationOutcome outcome, Ran run, List<string> differences)
    {
        if (outcome.Succeeded != (run.Result is not null) || (outcome.Succeeded && outcome.Units != run.Units))
        {
            differences.Add(
                $"{form}: another evaluation has {outcome.Failure?.ToString() ?? "success"} after {outcome.Units.Steps} cpu and {outcome.Units.Memory} mem"
            );
        }
        else if (
            outcome.Result is { } constant
            && (run.Result?.Term is not Term.Const other || UplcText.Print(other) != UplcText.Print(new Term.Const(constant)))
        )
        {
            differences.Add($"{form}: another evaluation gives another constant");
        }
    }

    private static ExUnits? Units(string budget)
    {
        var match = BudgetText().Match(budget);
        return match.Success
            ? new ExUnits(
                long.Parse(match.Groups["memory"].Value, CultureInfo.InvariantCulture),
                long.Parse(match.Groups["cpu"].Value, CultureInfo.InvariantCulture)
            )
            : null;
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + "...";

    [GeneratedRegex(@"cpu:\s*(?<cpu>[0-9]+)\s*\|\s*mem:\s*(?<memory>[0-9]+)", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex BudgetText();

    private sealed record Ran(string? Failure, UplcProgram? Result, ExUnits? Units, string? Why);
}
