using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Suites;

namespace Masumi.Simulation;

/// <summary>The command line. Exit 0: all held; 1: a violation, with seed, shrunk scenario and story; 2: not understood.</summary>
internal static class SimulateCommand
{
    private const int Unusable = 2;
    private const int InCi = 10_000;
    private const int AtLeastInCi = 1_000;
    private const double MinutesInCi = 4.8;
    private const int InLong = 1_000_000;
    private const int WorldInLong = 100;

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

    private static readonly Option<bool> Ci = new("--ci")
    {
        Description = "What every change must pass: plants, kills, PostgreSQL where MASUMI_TEST_POSTGRES names one, 10,000 payments, within five minutes.",
    };

    private static readonly Option<double?> Minutes = new("--minutes")
    {
        Description = "With --ci (4.8 otherwise) and --long (no end otherwise): after so many no further payments are begun.",
    };

    private static readonly Option<bool> Long = new("--long")
    {
        Description = "Before a release: a payment killed at each of its calls, and 1,000,000 payments, in parts that are kept in --state.",
    };

    private static readonly Option<string?> State = new("--state")
    {
        Description = "With --long: the folder of what is finished; whoever names it again goes on there.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "The report as JSON." };

    private static readonly Option<bool> Traces = new("--traces") { Description = "Prints each world's trace." };

    private static readonly Option<bool> Whole = new("--no-shrink") { Description = "Leaves a failing scenario as it is." };

    private static readonly Option<bool> Profile = new("--profile") { Description = "Says at the end which kinds of steps and statements took how long." };

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
            Profile,
            Ci,
            Minutes,
            Long,
            State,
        };
        root.SetAction(Run);
        return root;
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            if (parsed.GetValue(Ci))
            {
                return new CiRun(CiOptionsOf(parsed), Console.WriteLine).Run();
            }

            if (parsed.GetValue(Long))
            {
                return new LongRun(LongOptionsOf(parsed), Console.WriteLine).Run();
            }

            var options = OptionsOf(parsed);
            var report = new Runs(options, Console.Error.WriteLine).Run();
            foreach (var line in options.Profile?.Lines() ?? [])
            {
                Console.Error.WriteLine(line);
            }

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
                : parsed.GetValue(KillEvery) is { } every ? Kills(parsed.GetValue(Seed), Positive(every, "--kill-every"))
                : ImmutableArray<Scenario>.Empty,
            parsed.GetValue(Only) ?? plant?.Expected.FirstOrDefault(),
            Positive(parsed.GetValue(Twice), "--twice"),
            Positive(parsed.GetValue(Threads), "--threads"),
            !parsed.GetValue(Whole),
            parsed.GetValue(Profile) ? new Scheduling.StepProfile() : null
        );
    }

    private static CiOptions CiOptionsOf(ParseResult parsed)
    {
        var payments = PaymentsOr(InCi, parsed);
        return new CiOptions(
            parsed.GetValue(Seed),
            payments,
            Math.Min(payments, AtLeastInCi),
            TimeSpan.FromMinutes(parsed.GetValue(Minutes) ?? MinutesInCi),
            Positive(parsed.GetValue(Threads), "--threads"),
            Environment.GetEnvironmentVariable("MASUMI_TEST_POSTGRES") is { Length: > 0 } connection ? connection : null
        );
    }

    private static LongOptions LongOptionsOf(ParseResult parsed) =>
        new(
            parsed.GetValue(Seed),
            PaymentsOr(InLong, parsed),
            parsed.GetResult(Size) is { Implicit: false } ? Positive(parsed.GetValue(Size), "--world") : WorldInLong,
            Positive(parsed.GetValue(Threads), "--threads"),
            parsed.GetValue(Minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            parsed.GetValue(State) ?? throw new FormatException("--long needs --state DIR, where what is finished is kept.")
        );

    private static int PaymentsOr(int usual, ParseResult parsed) =>
        parsed.GetResult(Payments) is { Implicit: false } ? Positive(parsed.GetValue(Payments), "--payments") : usual;

    private static ImmutableArray<Scenario> Kills(ulong seed, int every)
    {
        using var disks = new SqliteDisks();
        return KilledAtCalls.Scenarios(seed, every, s => World.Run(s, new WorldOptions(disks)));
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
