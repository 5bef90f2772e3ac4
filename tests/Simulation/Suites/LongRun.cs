using System.Collections.Immutable;
using System.Globalization;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Judges;

namespace Masumi.Simulation.Suites;

/// <summary>What a long run consists of.</summary>
/// <param name="Seed">Where all chance comes from.</param>
/// <param name="Payments">How many payments are made.</param>
/// <param name="WorldSize">Jobs in a world.</param>
/// <param name="Threads">Worlds at a time.</param>
/// <param name="Within">After this no further world is begun; null: all are. The next run goes on.</param>
/// <param name="State">The folder of what is finished.</param>
internal sealed record LongOptions(ulong Seed, int Payments, int WorldSize, int Threads, TimeSpan? Within, string State);

/// <summary>
/// A payment killed at every call of its life, then payments by the hundred thousand, in parts: what is finished stands in a file, and whoever starts again goes on
/// there. It ends with what was tried together, and with what was lost: nothing.
/// </summary>
internal sealed class LongRun(LongOptions options, Action<string> say)
{
    private const string Kills = "kills";
    private const string Payments = "payments";
    private const string Corner = "deals in state x fault";
    private const int LeastInACell = 20;

    // Fewer cannot be asked to fill the table.
    private const int EnoughForAll = 100_000;

    // More do not make it clearer.
    private const int MostBroken = 20;

    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private long _told;
    private int _broken;

    private TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_began);

    /// <summary>Runs what is not finished; 0 when all held, 1 when something did not.</summary>
    public int Run()
    {
        using var state = LongState.Open(options.State, new LongIdentity(options.Seed, options.WorldSize, LongIdentity.ThisBuild()));
        ImmutableArray<Scenario> kills;
        using (var disks = new SqliteDisks())
        {
            kills = KilledAtCalls.Scenarios(options.Seed, 1, s => World.Run(s, new WorldOptions(disks)));
        }

        Work(Kills, kills.Length, i => kills[i], state);
        var worlds = (options.Payments + options.WorldSize - 1) / options.WorldSize;
        Work(Payments, worlds, ScenarioOf, state);
        return Conclude(state, kills.Length, worlds);
    }

    private Scenario ScenarioOf(int world) =>
        Scenarios.World(
            options.Seed,
            world,
            Math.Min(options.WorldSize, options.Payments - (world * options.WorldSize)),
            Faults.Groups["all"],
            [],
            isQuiet: world % 2 == 0
        );

    private void Work(string part, int count, Func<int, Scenario> scenarioOf, LongState state)
    {
        var next = -1;
        var threads = Enumerable
            .Range(0, Math.Min(options.Threads, count))
            .Select(_ =>
            {
                var thread = new Thread(() =>
                {
                    using var disks = new SqliteDisks();
                    while (Interlocked.Increment(ref next) is var world && world < count && MayBegin())
                    {
                        if (!state.Has(part, world))
                        {
                            RunWorld(part, world, count, scenarioOf(world), disks, state);
                        }
                    }
                });
                thread.Start();
                return thread;
            })
            .ToList();
        threads.ForEach(t => t.Join());
    }

    private bool MayBegin() => (options.Within is not { } within || Elapsed < within) && Volatile.Read(ref _broken) < MostBroken;

    private void RunWorld(string part, int world, int count, Scenario scenario, SqliteDisks disks, LongState state)
    {
        var result = Runs.RunSafely(scenario, new WorldOptions(disks));
        var done = new DoneWorld(
            part,
            world,
            scenario.Jobs.Length,
            result.Steps,
            result.Trace.ToString("x16", CultureInfo.InvariantCulture),
            result.Cells,
            [.. result.Violations.Select(v => new DoneViolation(v.Kind, v.Text, LovelaceOf(v, scenario)))],
            result.Violations.IsEmpty ? null : scenario.ToLine()
        );
        state.Add(done);
        lock (_gate)
        {
            foreach (var violation in done.Violations)
            {
                say($"{part} {world}: {violation.Kind}: {violation.Text}");
            }

            _broken += done.Violations.IsEmpty ? 0 : 1;
            if (Elapsed.Ticks - _told > Telling.Ticks)
            {
                _told = Elapsed.Ticks;
                say(string.Create(CultureInfo.InvariantCulture, $"{part}: world {world} of {count}; {state.Payments} payments in {Elapsed:h\\:mm\\:ss}"));
            }
        }
    }

    private static long LovelaceOf(Violation violation, Scenario scenario) =>
        violation.Jobs.Sum(id => scenario.Jobs.Where(j => j.Id == id).Sum(j => j.Ada * 1_000_000L));

    private int Conclude(LongState state, int kills, int worlds)
    {
        var done = state.Worlds.Where(w => w.Part == Kills ? w.World < kills : w.World < worlds).ToList();
        var payments = done.Where(w => w.Part == Payments).Sum(w => (long)w.Payments);
        var killed = done.Count(w => w.Part == Kills);
        var isWhole = payments >= options.Payments && killed == kills;
        var holes = Table(done.Where(w => w.Part == Payments), payments >= EnoughForAll);
        var violations = done.SelectMany(w => w.Violations).ToList();
        foreach (var world in done.Where(w => w.Scenario is not null).Take(MostBroken))
        {
            say($"{world.Part} {world.World}: {string.Join("; ", world.Violations.Select(v => $"{v.Kind}: {v.Text}"))}\n{world.Scenario}");
        }

        var lost = violations.Where(v => v.Kind is "I1" or "I3" or "I4" or "I8" or "End").Sum(v => v.Lovelace);
        say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"lost lovelace: {lost}\nsecond locks: {violations.Count(v => v.Kind == "I1")}\ndeals without a next step: {violations.Count(v => v.Kind == "I5")}\nother violations: {violations.Count(v => v.Kind is not ("I1" or "I5"))}"
            )
        );
        var held = violations.Count == 0 && (holes == 0 || payments < EnoughForAll);
        var outcome =
            !held ? "FAILED"
            : isWhole ? "all held"
            : "all held so far";
        say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"simulation: {outcome}: {payments} of {options.Payments} payments, {killed} of {kills} kills, {holes} cells under {LeastInACell}"
            )
        );
        return held ? 0 : 1;
    }

    // A line for each fault, a column for each state; returns how many are too few.
    private int Table(IEnumerable<DoneWorld> worlds, bool isComplete)
    {
        var cells = new Dictionary<(string State, string Fault), long>();
        foreach (var (cell, count) in worlds.SelectMany(w => w.Cells))
        {
            var (state, fault) = (cell[..cell.IndexOf(" x ", StringComparison.Ordinal)], cell[(cell.IndexOf(" x ", StringComparison.Ordinal) + 3)..]);
            cells[(state, fault)] = cells.GetValueOrDefault((state, fault)) + count;
        }

        var kinds = Faults.All.Select(k => k.Name).Prepend("quiet").ToList();
        var width = kinds.Append(Corner).Max(k => k.Length);
        say($"{Corner.PadRight(width)}{string.Concat(Coverage.States.Select(s => s.PadLeft(s.Length + 2)))}");
        foreach (var kind in kinds)
        {
            say(
                kind.PadRight(width)
                    + string.Concat(
                        Coverage.States.Select(s => cells.GetValueOrDefault((s, kind)).ToString(CultureInfo.InvariantCulture).PadLeft(s.Length + 2))
                    )
            );
        }

        var holes = (
            from kind in kinds
            from state in Coverage.States
            where cells.GetValueOrDefault((state, kind)) < LeastInACell
            select $"{state} x {kind}"
        ).ToList();
        if (isComplete && holes.Count > 0)
        {
            say($"too few: {string.Join(", ", holes)}");
        }

        return holes.Count;
    }
}
