namespace Masumi.Simulation.Scheduling;

/// <summary>The simulator itself, or the code under test, broke a rule that everything else rests on.</summary>
internal sealed class SimulationBrokenException(string message) : Exception(message);

/// <summary>
/// One thread and one queue: everything that happens in a world is a step at a simulated time, and the order of the steps follows from the seed alone. Awaits in
/// the code under test go on inside the step that completes them; without a synchronization context a plain <see cref="TaskCompletionSource"/> does that.
/// </summary>
internal sealed class Scheduler(DateTimeOffset start)
{
    private readonly PriorityQueue<Step, (long Time, ulong Tie, long Number)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _number;
    private string? _alarm;

    /// <summary>The simulated time.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Of everything that happened, in order: the same in every process for the same seed.</summary>
    public ulong Trace { get; private set; }

    /// <summary>Queues a step of a process; dropped when that is gone by then.</summary>
    public void At(Process process, TimeSpan after, string what, Action run)
    {
        var time = (Now + (after > TimeSpan.Zero ? after : TimeSpan.Zero)).Ticks;
        _queue.Enqueue(new Step(process, what, run), (time, process.Actor.Number("order"), _number++));
    }

    /// <summary>An answer that comes later. What awaits it goes on inside the step.</summary>
    public Task Pause(Process process, TimeSpan latency, string what, CancellationToken cancellation = default)
    {
        // No RunContinuationsAsynchronously: what follows runs inside the step that completes it.
        var done = new TaskCompletionSource();
        At(process, latency, what, () => done.TrySetResult());
        if (cancellation.CanBeCanceled)
        {
            var registration = cancellation.UnsafeRegister(_ => done.TrySetCanceled(cancellation), null);
            _ = done.Task.ContinueWith(
                static (_, r) => ((CancellationTokenRegistration)r!).Unregister(),
                registration,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }

        return done.Task;
    }

    /// <summary>Mixes what happened into the trace.</summary>
    public void Note(ulong what) => Trace = Dice.Mix(Trace ^ what);

    /// <summary>Every port call asks this: whoever continued on a thread of the pool has left the order of steps.</summary>
    public void CheckThread(string what)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Alarm($"{what} on a thread of its own: the code under test left the simulator's thread");
        }
    }

    /// <summary>Ends the run: nothing it says counts any more.</summary>
    public void Alarm(string message)
    {
        _alarm ??= message;
        throw new SimulationBrokenException(message);
    }

    /// <summary>Takes steps until it is said to be over or nothing is left.</summary>
    public void Run(Func<bool> isOver)
    {
        while (!isOver() && _queue.TryDequeue(out var step, out var key))
        {
            if (step.Process.IsGone)
            {
                continue;
            }

            if (step.Process.StandsUntil.Ticks > key.Time)
            {
                _queue.Enqueue(step, (step.Process.StandsUntil.Ticks, key.Tie, key.Number));
                continue;
            }

            Now = new DateTimeOffset(key.Time, TimeSpan.Zero);
            Steps++;
            Trace = Dice.Mix(Trace ^ (ulong)key.Time ^ Dice.Mix(step.Process.Actor.NameHash) ^ Dice.Hash(step.What));
            if (StepProfile.Current is { } profile)
            {
                profile.Take(step.What, step.Run);
            }
            else
            {
                step.Run();
            }

            if (_alarm is not null)
            {
                throw new SimulationBrokenException(_alarm);
            }
        }
    }

    private readonly record struct Step(Process Process, string What, Action Run);
}
