using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;

namespace Masumi.Simulation;

/// <summary>The command line. Exit 0: all held; 1: a violation, with seed, shrunk scenario and story; 2: not understood.</summary>
internal static class SimulateCommand
{
    private const int Unusable = 2;

    private static readonly Option<ulong> Seed = new("--seed") { Description = "Where all chance comes from.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> Payments = new("--payments")
    {
        Description = "How many jobs are agreed on, in worlds of some fifty.",
        DefaultValueFactory = _ => 1000,
    };

    private static readonly Option<int> Size = new("--world") { Description = "Jobs in a world.", DefaultValueFactory = _ => 50 };

    private static readonly Option<string?> Kinds = new("--faults")
    {
        Description =
            $"Kinds of faults, with commas: {string.Join(", ", Faults.Groups.Keys.Order(StringComparer.Ordinal))}, or {string.Join(", ", Faults.All.Select(k => k.Name))}. Default: all, in every second world.",
    };

    private static readonly Option<string?> Jobs = new("--jobs")
    {
        Description = $"What the parties do, with commas: {string.Join(", ", Enum.GetNames<Behaviour>())}. Default: all.",
    };

    private static readonly Option<string> Stores = new("--stores")
    {
        Description = "sqlite, or postgres: the server that MASUMI_TEST_POSTGRES names.",
        DefaultValueFactory = _ => "sqlite",
    };

    private static readonly Option<string?> PlantName = new("--plant")
    {
        Description = $"Takes a protection out, which must be noticed: {string.Join(", ", Plants.All.Select(p => p.Name))}.",
    };

    private static readonly Option<string?> File = new("--scenario") { Description = "A file of scenarios, one a line, instead of drawn ones." };

    private static readonly Option<int?> KillEvery = new("--kill-every")
    {
        Description = "One payment again and again; each time a process dies at a later call, every so many of them.",
    };

    private static readonly Option<string?> Only = new("--only") { Description = "The only invariant that counts, such as I1." };

    private static readonly Option<int> Twice = new("--twice")
    {
        Description = "Every so many worlds one is run twice, and must be the same.",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<int> Threads = new("--threads") { Description = "Worlds at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };

    private static readonly Option<bool> Json = new("--json") { Description = "The report as JSON." };

    private static readonly Option<bool> Traces = new("--traces") { Description = "Prints each world's trace." };

    private static readonly Option<bool> Whole = new("--no-shrink") { Description = "Leaves a failing scenario as it is." };

    /// <summary>Makes it.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Runs the real settlement engine through payments in which everything goes wrong that can.")
        {
            Seed,
            Payments,
            Size,
            Kinds,
            Jobs,
            Stores,
            PlantName,
            File,
            KillEvery,
            Only,
            Twice,
            Threads,
            Json,
            Traces,
            Whole,
        };
        root.SetAction(Run);
        return root;
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            var report = new Runs(OptionsOf(parsed), Console.Error.WriteLine).Run();
            Console.WriteLine(parsed.GetValue(Json) ? report.ToJson(parsed.GetValue(Traces)) : report.ToText(parsed.GetValue(Traces)));
            return report.HasViolation ? 1 : 0;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"masumi: {e.Message}");
            return Unusable;
        }
    }

    private static RunOptions OptionsOf(ParseResult parsed)
    {
        var plant = parsed.GetValue(PlantName) is { } name ? Plants.Find(name) ?? throw new FormatException($"There is no plant {name}.") : null;
        return new RunOptions(
            parsed.GetValue(Seed),
            Positive(parsed.GetValue(Payments), "--payments"),
            Positive(parsed.GetValue(Size), "--world"),
            parsed.GetValue(Kinds) is { } list ? KindsOf(list) : plant?.Kinds,
            parsed.GetValue(Jobs) is { } jobs ? BehavioursOf(jobs) : plant?.Behaviours ?? [],
            Postgres(parsed.GetValue(Stores)!),
            plant,
            parsed.GetValue(File) is { } file ? [.. System.IO.File.ReadLines(file).Where(l => l.StartsWith('{')).Select(Scenario.Parse)]
                : parsed.GetValue(KillEvery) is { } every ? Scenarios.KilledAtCalls(parsed.GetValue(Seed), Positive(every, "--kill-every"))
                : ImmutableArray<Scenario>.Empty,
            parsed.GetValue(Only) ?? plant?.Expected.FirstOrDefault(),
            Positive(parsed.GetValue(Twice), "--twice"),
            Positive(parsed.GetValue(Threads), "--threads"),
            !parsed.GetValue(Whole)
        );
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
