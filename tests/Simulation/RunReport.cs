using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Simulation.Judges;

namespace Masumi.Simulation;

/// <summary>A world that failed, as short as it could be made.</summary>
internal sealed record Failure(Violation Violation, Scenario Found, Scenario Shrunk, int Runs, TimeSpan Took, IReadOnlyList<string> Story);

/// <summary>What many worlds said.</summary>
internal sealed record RunReport(
    RunOptions Options,
    ImmutableArray<(int World, Scenario Scenario, WorldResult Result)> Worlds,
    TimeSpan Elapsed,
    TimeSpan Cpu,
    Failure? Failure
)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>True when something that must hold did not.</summary>
    public bool HasViolation => Failure is not null;

    /// <summary>How many payments were made.</summary>
    public int Payments => Worlds.Sum(w => w.Scenario.Jobs.Length);

    private long Steps => Worlds.Sum(w => w.Result.Steps);

    private IEnumerable<KeyValuePair<string, int>> Ends =>
        Worlds
            .SelectMany(w => w.Result.Ends)
            .GroupBy(e => e.Key, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => KeyValuePair.Create(g.Key, g.Sum(e => e.Value)));

    /// <summary>For people.</summary>
    public string ToText(bool traces)
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"seed {Options.Seed}: {Payments} payments in {Worlds.Length} worlds, {Steps} steps, {Elapsed.TotalSeconds:0.0} s, {Payments / Elapsed.TotalSeconds:0.0} payments/s, {Cpu.TotalMilliseconds / Payments:0.0} ms CPU a payment"
        );
        foreach (var (end, count) in Ends)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {count, 6}  {end}");
        }

        foreach (var (world, scenario, result) in Worlds.Where(w => traces || !w.Result.Violations.IsEmpty))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"world {world}: trace {result.Trace:x16}, {scenario.Jobs.Length} jobs, {result.Steps} steps, {result.Lived:hh\\:mm\\:ss}, faults {string.Join(" ", scenario.Faults.Select(f => f.Kind).Distinct())}"
            );
            foreach (var violation in result.Violations)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {violation.Kind} at {violation.At:HH:mm:ss}: {violation.Text}");
            }
        }

        if (Failure is { } failure)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{failure.Violation.Kind}: {failure.Violation.Text}\nshrunk to {failure.Shrunk.Jobs.Length} jobs and {failure.Shrunk.Faults.Length} faults in {failure.Runs} runs, {failure.Took.TotalSeconds:0.0} s:\n{failure.Shrunk.ToLine()}"
            );
            foreach (var line in failure.Story)
            {
                text.AppendLine(line);
            }
        }

        return text.Append(HasViolation ? "a violation" : "all held").ToString();
    }

    /// <summary>For programs.</summary>
    public string ToJson(bool traces)
    {
        var json = new JsonObject
        {
            ["held"] = !HasViolation,
            ["seed"] = Options.Seed,
            ["plant"] = Options.Plant?.Name,
            ["payments"] = Payments,
            ["worlds"] = Worlds.Length,
            ["steps"] = Steps,
            ["seconds"] = Math.Round(Elapsed.TotalSeconds, 2),
            ["cpuSeconds"] = Math.Round(Cpu.TotalSeconds, 2),
            ["paymentsPerSecond"] = Math.Round(Payments / Elapsed.TotalSeconds, 1),
            ["ends"] = new JsonObject(Ends.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, e.Value))),
            ["coverage"] = new JsonObject(Coverage().Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, e.Value))),
        };
        if (traces)
        {
            json["traces"] = new JsonArray([.. Worlds.Select(w => (JsonNode)w.Result.Trace.ToString("x16", CultureInfo.InvariantCulture))]);
        }

        if (Failure is { } failure)
        {
            json["violation"] = new JsonObject
            {
                ["kind"] = failure.Violation.Kind,
                ["expected"] = Options.Plant is null ? null : Options.Plant.Expected.Contains(failure.Violation.Kind),
                ["text"] = failure.Violation.Text,
                ["worldSeed"] = failure.Found.Seed,
                ["shrinkingRuns"] = failure.Runs,
                ["scenario"] = failure.Shrunk.ToLine(),
                ["found"] = failure.Found.ToLine(),
                ["story"] = new JsonArray([.. failure.Story.Select(l => (JsonNode)l)]),
            };
        }

        return json.ToJsonString(Indented);
    }

    // How many jobs of each way of going lived in a world with each kind of fault.
    private IEnumerable<KeyValuePair<string, int>> Coverage() =>
        Worlds
            .SelectMany(w =>
                from kind in w.Scenario.Faults.Select(f => f.Kind).Distinct().DefaultIfEmpty("quiet")
                from job in w.Scenario.Jobs
                select $"{job.Behaviour} x {kind}"
            )
            .GroupBy(c => c, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => KeyValuePair.Create(g.Key, g.Count()));
}
