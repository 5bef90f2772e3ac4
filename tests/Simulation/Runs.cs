using System.Collections.Immutable;
using System.Globalization;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Judges;
using Masumi.Simulation.Nodes;

namespace Masumi.Simulation;

/// <summary>What is run.</summary>
internal sealed record RunOptions(
    ulong Seed,
    int Payments,
    int WorldSize,
    ImmutableArray<string>? Kinds,
    ImmutableArray<Behaviour> Behaviours,
    string? Postgres,
    Plant? Plant,
    ImmutableArray<Scenario> Given,
    string? Only,
    int Twice,
    int Threads,
    bool Shrinks,
    Scheduling.StepProfile? Profile
)
{
    /// <summary>After this no further world is begun; null: all are.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>The worlds before this one are left out.</summary>
    public int From { get; init; }

    /// <summary>So many payments are made whatever the time.</summary>
    public int Least { get; init; }
}

/// <summary>Runs many worlds, each on one thread, until one fails; then makes that one short and tells its story.</summary>
internal sealed class Runs(RunOptions options, Action<string> progress)
{
    private const int MostShrinking = 250;

    private readonly Lock _gate = new();
    private readonly List<(int World, Scenario Scenario, WorldResult Result)> _done = [];
    private long _began;
    private bool _failed;

    private TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_began);

    /// <summary>Runs.</summary>
    public RunReport Run()
    {
        // Before the clock runs and worlds compete for it.
        _ = Materials.Scripts;
        _began = TimeProvider.System.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var count = options.Given.IsEmpty ? (options.Payments + options.WorldSize - 1) / options.WorldSize : options.Given.Length;
        var next = options.From - 1;
        var workers = Enumerable
            .Range(0, Math.Clamp(count - options.From, 0, options.Threads))
            .Select(w =>
            {
                var thread = new Thread(() =>
                {
                    Scheduling.StepProfile.Current = options.Profile;
                    using var disks = new SqliteDisks();
                    var maker = MakerFor(w, disks);
                    while (Interlocked.Increment(ref next) is var world && world < count && !Volatile.Read(ref _failed) && MayBegin(world))
                    {
                        RunWorld(world, maker);
                    }
                })
                {
                    Name = string.Create(CultureInfo.InvariantCulture, $"world {w}"),
                };
                thread.Start();
                return thread;
            })
            .ToList();
        foreach (var worker in workers)
        {
            worker.Join();
        }

        var elapsed = Elapsed;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var worlds = _done.OrderBy(d => d.World).ToImmutableArray();
        var failed = worlds.FirstOrDefault(d => Counts(d.Result) is not null);
        return failed.Result is null
            ? new RunReport(options, worlds, elapsed, cpu, null)
            : new RunReport(options, worlds, elapsed, cpu, Explain(failed.Scenario, failed.Result));
    }

    private bool MayBegin(int world) => options.Within is not { } within || Elapsed < within || world * options.WorldSize < options.Least;

    private IDiskMaker MakerFor(int worker, SqliteDisks sqlite) =>
        options.Postgres is { } connection
            ? new PostgresDisks(connection, string.Create(CultureInfo.InvariantCulture, $"simulation_{Environment.ProcessId}_{worker}"))
            : sqlite;

    private void RunWorld(int world, IDiskMaker disks)
    {
        var scenario = ScenarioOf(world);
        var result = RunOnce(scenario, disks, tell: false);
        if (world % options.Twice == 0 && options.Twice < int.MaxValue)
        {
            var again = RunOnce(scenario, disks, tell: false);
            if (again.Trace != result.Trace)
            {
                result = result with
                {
                    Violations =
                    [
                        new Violation(
                            "Same",
                            $"the same world ran differently: {result.Trace:x16} in {result.Steps} steps, {again.Trace:x16} in {again.Steps}",
                            Materials.Start,
                            []
                        ),
                        .. result.Violations,
                    ],
                };
            }
        }

        lock (_gate)
        {
            _done.Add((world, scenario, result));
            _failed |= Counts(result) is not null;
            if (_done.Count % 20 == 0)
            {
                progress(string.Create(CultureInfo.InvariantCulture, $"{_done.Sum(d => d.Scenario.Jobs.Length)} payments in {Elapsed.TotalSeconds:0} s"));
            }
        }
    }

    private Scenario ScenarioOf(int world)
    {
        if (!options.Given.IsEmpty)
        {
            return options.Given[world];
        }

        var size = Math.Min(options.WorldSize, options.Payments - (world * options.WorldSize));
        return Scenarios.World(
            options.Seed,
            world,
            size,
            options.Kinds ?? Faults.Groups["all"],
            options.Behaviours,
            isQuiet: options.Kinds is null ? world % 2 == 0 : options.Kinds.Value.IsEmpty
        );
    }

    private WorldResult RunOnce(Scenario scenario, IDiskMaker disks, bool tell, string? stopAt = null) =>
        RunSafely(scenario, new WorldOptions(disks, options.Plant?.Name, tell, stopAt ?? options.Only));

    /// <summary>Runs a world; one that breaks a rule of the simulator's is a broken one.</summary>
    public static WorldResult RunSafely(Scenario scenario, WorldOptions options)
    {
        try
        {
            return World.Run(scenario, options);
        }
        catch (Scheduling.SimulationBrokenException e)
        {
            return WorldResult.Broken(e.Message);
        }
    }

    private Violation? Counts(WorldResult result) =>
        options.Only is { } only ? result.Violations.FirstOrDefault(v => v.Kind == only) : result.Violations.FirstOrDefault();

    private Failure Explain(Scenario scenario, WorldResult result)
    {
        var violation = Counts(result)!;
        progress($"{violation.Kind}: {violation.Text}");
        using var disks = new SqliteDisks();
        var shrinking = new Shrinking(s => RunOnce(s, disks, tell: false, violation.Kind).Violations.Any(v => v.Kind == violation.Kind), MostShrinking);
        var began = TimeProvider.System.GetTimestamp();
        var shrunk = options.Shrinks && violation.Kind is not ("Same" or "Broken") ? shrinking.Shrink(scenario) : scenario;
        var told = RunOnce(shrunk, disks, tell: true, violation.Kind);
        return new Failure(
            told.Violations.FirstOrDefault(v => v.Kind == violation.Kind) ?? violation,
            scenario,
            shrunk,
            shrinking.Runs,
            TimeProvider.System.GetElapsedTime(began),
            told.Story
        );
    }
}
