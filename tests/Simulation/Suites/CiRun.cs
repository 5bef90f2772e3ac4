using System.Globalization;
using Masumi.Simulation.Disks;

namespace Masumi.Simulation.Suites;

/// <summary>What a run in CI consists of.</summary>
/// <param name="Seed">Where all chance comes from.</param>
/// <param name="Payments">How many payments are made on SQLite, at most.</param>
/// <param name="Least">How many at least, whatever the time.</param>
/// <param name="Within">After this no further world of theirs is begun.</param>
/// <param name="Threads">Worlds at a time.</param>
/// <param name="Postgres">The PostgreSQL server; null for none.</param>
internal sealed record CiOptions(ulong Seed, int Payments, int Least, TimeSpan Within, int Threads, string? Postgres);

/// <summary>
/// Everything that a change must pass, in one go: every plant is noticed, one payment survives a kill at many of its calls, another process and PostgreSQL do to the
/// bit what this one does on SQLite, and thousands of payments hold. The payments come last and take what is left of the time.
/// </summary>
internal sealed class CiRun(CiOptions options, Action<string> say)
{
    private const int WorldSize = 100;
    private const int SmallWorld = 25;
    private const int MostForAPlant = 2_000;
    private const int LeastForAPlant = 300;
    private const int ForAHalf = 50;
    private const int OnPostgres = 500;
    private const int InAnotherProcess = 200;
    private const int KillEvery = 61;

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<string> _failures = [];
    private readonly List<string> _held = [];
    private RunReport? _first;

    /// <summary>Runs; 0 when all held.</summary>
    public int Run()
    {
        Part("plants", Plants);
        Part("kills", Kills);
        Part("elsewhere", Elsewhere);
        Part("payments", Payments);
        var took = TimeProvider.System.GetElapsedTime(_began);
        say(
            _failures.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"simulation: all held in {took:m\\:ss}: {string.Join("; ", _held)}")
                : string.Create(CultureInfo.InvariantCulture, $"simulation: FAILED in {took:m\\:ss}: {string.Join("; ", _failures)}")
        );
        return _failures.Count == 0 ? 0 : 1;
    }

    private void Part(string name, Func<string> run)
    {
        var began = TimeProvider.System.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var words = run();
        _held.Add(words);
        var used = Environment.CpuUsage.TotalTime - cpu;
        say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {words} ({TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s, {used.TotalSeconds:0} s of CPU)"
            )
        );
    }

    private string Plants()
    {
        var found = 0;
        var halves = 0;
        var missed = new List<string>();
        foreach (var plant in Simulation.Plants.All)
        {
            var isHalf = plant.Expected.IsEmpty;
            var drawn = Defaults with
            {
                Payments = isHalf ? ForAHalf : MostForAPlant,
                WorldSize = SmallWorld,
                Kinds = plant.Kinds,
                Behaviours = plant.Behaviours,
                Plant = plant,
                Only = isHalf ? null : plant.Expected[0],
                Within = Left,
                Least = LeastForAPlant,
            };

            // The history that was kept shows it at once; where it no longer does, chance must find another.
            var kept = Kept.Of(plant.Name);
            var kinds = kept.IsEmpty ? [] : Try(drawn with { Given = kept });
            if (isHalf || !kinds.Exists(k => plant.Expected.Contains(k)))
            {
                kinds = [.. kinds, .. Try(drawn)];
            }

            if (isHalf ? kinds.Count == 0 : kinds.Exists(k => plant.Expected.Contains(k)))
            {
                found += isHalf ? 0 : 1;
                halves += isHalf ? 1 : 0;
                continue;
            }

            missed.Add(plant.Name);
            _failures.Add(
                isHalf ? $"half plant {plant.Name} alone does harm ({string.Join(", ", kinds)})"
                : kinds.Count > 0 ? $"plant {plant.Name} breaks {string.Join(", ", kinds)}, not {string.Join(" or ", plant.Expected)}"
                : $"plant {plant.Name} is not noticed"
            );
        }

        var words = string.Create(CultureInfo.InvariantCulture, $"{found} plants noticed, {halves} half plants harmless");
        return missed.Count == 0 ? words : $"{words}, not so: {string.Join(", ", missed)}";
    }

    private List<string> Try(RunOptions run)
    {
        var report = new Runs(run, _ => { }).Run();
        var kinds = report.Worlds.SelectMany(w => w.Result.Violations).Select(v => v.Kind).Distinct().ToList();
        say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {run.Plant!.Name, -8} {(kinds.Count > 0 ? string.Join(", ", kinds) : "nothing")} in {report.Payments} {(run.Given.IsEmpty ? "drawn" : "kept")} payments, {report.Elapsed.TotalSeconds:0.0} s, {report.Cpu.TotalSeconds:0.0} s of CPU"
            )
        );
        return kinds;
    }

    private string Kills()
    {
        using var disks = new SqliteDisks();
        var scenarios = KilledAtCalls.Scenarios(options.Seed, KillEvery, s => World.Run(s, new WorldOptions(disks)));
        var report = new Runs(Defaults with { Given = scenarios, Shrinks = true }, say).Run();
        Judge(report);
        return string.Create(CultureInfo.InvariantCulture, $"{scenarios.Length} kills of a payment's processes");
    }

    // The same payments in another process, and on the other store: the same traces.
    private string Elsewhere()
    {
        using var process = OtherProcess.Begin(options.Seed, InAnotherProcess, WorldSize);
        var same = Defaults with { Payments = OnPostgres, Shrinks = true };
        _first = new Runs(same with { Twice = 100 }, say).Run();
        Judge(_first);
        var held = new List<string>();
        if (!_first.HasViolation)
        {
            held.Add(Compare($"{InAnotherProcess} payments in another process", process.Traces(), Traces(_first, InAnotherProcess)));
        }

        if (options.Postgres is { } server)
        {
            var postgres = new Runs(same with { Postgres = server }, say).Run();
            Judge(postgres);
            held.Add(Compare($"{OnPostgres} on PostgreSQL", Traces(postgres, OnPostgres), Traces(_first, OnPostgres)));
        }

        return $"{string.Join(" and ", held)}{(options.Postgres is null ? ", no PostgreSQL" : "")}";
    }

    private static List<string> Traces(RunReport report, int payments) =>
        [.. report.Worlds.Take(payments / WorldSize).Select(w => w.Result.Trace.ToString("x16", CultureInfo.InvariantCulture))];

    private string Compare(string where, IReadOnlyList<string> there, List<string> here)
    {
        if (there.SequenceEqual(here))
        {
            return $"{where} with the same traces";
        }

        var other = Enumerable.Range(0, here.Count).Where(i => there.ElementAtOrDefault(i) != here[i]);
        _failures.Add($"worlds {string.Join(", ", other)} of seed {options.Seed} go another way {where}");
        return $"{where} with other traces";
    }

    // What was compared with other places is the beginning of them.
    private string Payments()
    {
        var report = new Runs(
            Defaults with
            {
                Payments = options.Payments,
                From = OnPostgres / WorldSize,
                Twice = 100,
                Shrinks = true,
                Within = Left,
                Least = options.Least,
            },
            say
        ).Run();
        Judge(report);
        var made = report.Payments + (_first?.Payments ?? 0);
        var few = made < options.Payments && !report.HasViolation;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{made} payments on SQLite{(few ? $" of {options.Payments}, the time was up" : "")}, every hundredth world twice, {report.Cpu.TotalMilliseconds / Math.Max(1, report.Payments):0.0} ms of CPU each"
        );
    }

    private TimeSpan Left => TimeProvider.System.GetElapsedTime(_began) is var gone && gone < options.Within ? options.Within - gone : TimeSpan.Zero;

    private void Judge(RunReport report)
    {
        if (report.Failure is { } failure)
        {
            say(report.ToText(traces: false));
            _failures.Add($"{failure.Violation.Kind}: {failure.Violation.Text}");
        }
    }

    private RunOptions Defaults =>
        new(options.Seed, OnPostgres, WorldSize, null, [], null, null, [], null, Twice: int.MaxValue, options.Threads, Shrinks: false, Profile: null);
}
