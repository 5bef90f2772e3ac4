using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;

namespace Masumi.Simulation;

/// <summary>The command line. Exit 0: all held; 1: a violation, with seed, shrunk scenario and story; 2: not understood.</summary>
internal static class SimulateCommand
{
    private const int Unusable = 2;

    /// <summary>Makes it.</summary>
    public static RootCommand Create()
    {
        var seed = new Option<ulong>("--seed") { Description = "Where all chance comes from.", DefaultValueFactory = _ => 1 };
        var payments = new Option<int>("--payments") { Description = "How many jobs are agreed on, in worlds of some fifty.", DefaultValueFactory = _ => 1000 };
        var size = new Option<int>("--world") { Description = "Jobs in a world.", DefaultValueFactory = _ => 50 };
        var faults = new Option<string?>("--faults")
        {
            Description = $"Kinds of faults, with commas: {string.Join(", ", Faults.Groups.Keys.Order(StringComparer.Ordinal))}, or {string.Join(", ", Faults.All.Select(k => k.Name))}. Default: all, in every second world.",
        };
        var behaviours = new Option<string?>("--jobs")
        {
            Description = $"What the parties do, with commas: {string.Join(", ", Enum.GetNames<Behaviour>())}. Default: all.",
        };
        var stores = new Option<string>("--stores")
        {
            Description = "sqlite, or postgres: the server that MASUMI_TEST_POSTGRES names.",
            DefaultValueFactory = _ => "sqlite",
        };
        var plant = new Option<string?>("--plant")
        {
            Description = $"Takes a protection out, which must be noticed: {string.Join(", ", Plants.All.Select(p => p.Name))}.",
        };
        var scenario = new Option<string?>("--scenario") { Description = "A file of scenarios, one a line, instead of drawn ones." };
        var only = new Option<string?>("--only") { Description = "The only invariant that counts, such as I1." };
        var twice = new Option<int>("--twice") { Description = "Every so many worlds one is run twice, and must be the same.", DefaultValueFactory = _ => 100 };
        var threads = new Option<int>("--threads") { Description = "Worlds at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var json = new Option<bool>("--json") { Description = "The report as JSON." };
        var traces = new Option<bool>("--traces") { Description = "Prints each world's trace." };
        var whole = new Option<bool>("--no-shrink") { Description = "Leaves a failing scenario as it is." };
        var root = new RootCommand("Runs the real settlement engine through payments in which everything goes wrong that can.")
        {
            seed,
            payments,
            size,
            faults,
            behaviours,
            stores,
            plant,
            scenario,
            only,
            twice,
            threads,
            json,
            traces,
            whole,
        };
        root.SetAction(parsed =>
        {
            try
            {
                var chosen = parsed.GetValue(plant) is { } name ? Plants.Find(name) ?? throw new FormatException($"There is no plant {name}.") : null;
                var kinds = parsed.GetValue(faults) is { } list ? KindsOf(list) : chosen?.Kinds;
                var jobs = parsed.GetValue(behaviours) is { } b ? BehavioursOf(b) : chosen?.Behaviours ?? [];
                var run = new RunOptions(
                    parsed.GetValue(seed),
                    Positive(parsed.GetValue(payments), "--payments"),
                    Positive(parsed.GetValue(size), "--world"),
                    kinds,
                    jobs,
                    Postgres(parsed.GetValue(stores)!),
                    chosen,
                    parsed.GetValue(scenario) is { } file
                        ? [.. File.ReadLines(file).Where(l => l.StartsWith('{')).Select(Scenario.Parse)]
                        : ImmutableArray<Scenario>.Empty,
                    parsed.GetValue(only),
                    Positive(parsed.GetValue(twice), "--twice"),
                    Positive(parsed.GetValue(threads), "--threads"),
                    !parsed.GetValue(whole)
                );
                var report = new Runs(run, line => Console.Error.WriteLine(line)).Run();
                Console.WriteLine(parsed.GetValue(json) ? report.ToJson(parsed.GetValue(traces)) : report.ToText(parsed.GetValue(traces)));
                return report.HasViolation ? 1 : 0;
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"masumi: {e.Message}");
                return Unusable;
            }
        });
        return root;
    }

    private static int Positive(int value, string name) =>
        value > 0 ? value : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} must be at least 1, is {value}."));

    private static string? Postgres(string stores) =>
        stores switch
        {
            "sqlite" => null,
            "postgres" => Environment.GetEnvironmentVariable("MASUMI_TEST_POSTGRES") is { Length: > 0 } connection
                ? connection
                : throw new FormatException("--stores postgres needs MASUMI_TEST_POSTGRES."),
            _ => throw new FormatException($"--stores is sqlite or postgres, not {stores}."),
        };

    private static ImmutableArray<string> KindsOf(string list) =>
        [
            .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(w =>
                    Faults.Groups.TryGetValue(w, out var group) ? group
                    : Faults.All.Any(k => k.Name == w) ? [w]
                    : throw new FormatException($"There is no fault {w}.")
                )
                .Distinct(StringComparer.Ordinal),
        ];

    private static ImmutableArray<Behaviour> BehavioursOf(string list) =>
        [
            .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(w => Enum.TryParse<Behaviour>(w, ignoreCase: true, out var b) ? b : throw new FormatException($"There is no job {w}.")),
        ];
}
