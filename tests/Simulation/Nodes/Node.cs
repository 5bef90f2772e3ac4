using System.Globalization;
using Masumi.Simulation.Chain;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Scheduling;
using Microsoft.Extensions.Logging;

namespace Masumi.Simulation.Nodes;

/// <summary>What a node needs from its world.</summary>
internal sealed record NodeWorld(
    Scheduler Scheduler,
    Dice Dice,
    Truth Truth,
    Weather Weather,
    ISubmissions Submissions,
    Func<TimeSpan, TimeSpan> Stretch,
    Action<int, Exception> Failed,
    Func<int, ILogger> LoggerOf,
    Action<string, string> Tell,
    string? Plant
);

/// <summary>An operator's node: a disk, and the processes that work on it.</summary>
internal sealed class Node : IDisposable
{
    private readonly NodeWorld _world;
    private readonly ProviderState[] _providers;
    private readonly Instance[] _instances;
    private readonly Dictionary<int, TimeSpan> _kills = [];
    private readonly Dictionary<Instance, TimeSpan> _stalls = [];
    private int _calls;

    public Node(NodeWorld world, int number, IDisk disk, Shape shape)
    {
        _world = world;
        Number = number;
        Disk = disk;
        Name = string.Create(CultureInfo.InvariantCulture, $"node {number}");
        _providers =
        [
            .. Enumerable
                .Range(0, shape.Providers)
                .Select(line => new ProviderState(number, line, new Actor(world.Dice, $"provider {(line == 0 ? "" : $"{line} ")}of {Name}"))),
        ];
        _instances =
        [
            .. Enumerable
                .Range(0, shape.Instances)
                .Select(i => new Instance(new Actor(world.Dice, string.Create(CultureInfo.InvariantCulture, $"{Name}.{i}")))),
        ];
    }

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What is left of it when all is killed.</summary>
    public IDisk Disk { get; }

    /// <summary>True while a process of it runs.</summary>
    public bool IsUp => _instances.Any(i => i.Process is { IsGone: false });

    /// <summary>How many calls its processes made.</summary>
    public int Calls => _calls;

    /// <summary>Starts what does not run.</summary>
    public void Start()
    {
        foreach (var instance in _instances)
        {
            Start(instance);
        }
    }

    /// <summary>Kills one process, or all, and starts it again later.</summary>
    public void Kill(int which, TimeSpan until)
    {
        foreach (var instance in which < 0 ? _instances : [_instances[which % _instances.Length]])
        {
            if (instance.Process is { IsGone: false } process)
            {
                Die(process, until);
            }
        }
    }

    /// <summary>
    /// Lets one process stand still for a while, as a machine that is suspended does, just before it writes down what it has read of a transaction: what it knows
    /// is old then.
    /// </summary>
    public void Stall(int which, TimeSpan time) => _stalls[_instances[which % _instances.Length]] = time;

    /// <summary>From now on its provider makes something up while the fault is on.</summary>
    public void Forge(int fault, Forgery forgery)
    {
        foreach (var provider in _providers)
        {
            provider.Forgeries[fault] = forgery;
        }
    }

    /// <summary>Kills whichever process makes the node's n-th call, while it waits for the answer.</summary>
    public void KillAtCall(int number, TimeSpan until) => _kills[number] = until;

    /// <summary>Wakes the engines.</summary>
    public void Wake()
    {
        foreach (var instance in _instances)
        {
            if (instance.Process is { IsGone: false })
            {
                instance.Wait!.Wake();
            }
        }
    }

    public void Dispose() => Disk.Dispose();

    private void Die(Process process, TimeSpan until)
    {
        process.Kill();
        _world.Tell(process.Actor.Name, string.Create(CultureInfo.InvariantCulture, $"is killed, and starts again {until.TotalSeconds:0.#} s later"));
        var instance = _instances.Single(i => i.Process == process);

        // Init outlives them all.
        var init = new Process(_world.Scheduler, instance.Actor);
        _world.Scheduler.At(init, until, "start", () => Start(instance));
    }

    private void OnCall(Process process, string call)
    {
        var instance = _instances.Single(i => i.Process == process);
        if (call == "write" && instance.HasRead && _stalls.Remove(instance, out var time))
        {
            process.StandStill(_world.Scheduler.Now + time);
            _world.Tell(process.Actor.Name, string.Create(CultureInfo.InvariantCulture, $"stands still for {time.TotalSeconds:0.#} s"));
        }

        instance.HasRead = call == "tx" || (instance.HasRead && call != "write");
        if (_kills.TryGetValue(++_calls, out var until))
        {
            // A step of its own, and the next one: no answer comes that soon.
            _world.Scheduler.At(process, TimeSpan.Zero, "killed", () => Die(process, until));
        }
    }

    private void Start(Instance instance)
    {
        if (instance.Process is { IsGone: false })
        {
            return;
        }

        var offset = _world.Weather.Bites(Number, Faults.Clock, "start") is { } ahead ? TimeSpan.FromSeconds(ahead.Fault.Amount) : TimeSpan.Zero;
        var process = new Process(_world.Scheduler, instance.Actor, offset);
        process.OnCall = OnCall;
        instance.Process = process;
        instance.Wait = new NodeWait(process, _world.Stretch);
        var wait = instance.Wait;
        _world.Scheduler.At(
            process,
            instance.Actor.Between("start", TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(3)),
            "started",
            () =>
                EngineUnderTest.Start(
                    new EngineParts(
                        process,
                        new DiskPort(process, Disk, Number, _world.Weather, Die),
                        [.. _providers.Select(p => new SimulatedProvider(process, p, _world.Truth, _world.Weather, _world.Submissions))],
                        wait,
                        e => _world.Failed(Number, e),
                        _world.LoggerOf(Number),
                        _world.Plant
                    )
                )
        );
    }

    private sealed class Instance(Actor actor)
    {
        public Actor Actor { get; } = actor;

        public Process? Process { get; set; }

        public NodeWait? Wait { get; set; }

        public bool HasRead { get; set; }
    }
}
