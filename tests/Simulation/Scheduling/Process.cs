namespace Masumi.Simulation.Scheduling;

/// <summary>
/// A running program. Killed, it is abandoned and not unwound: the queue drops its answers, its timers die with it, no exception is thrown and no
/// <c>finally</c> runs, as with <c>kill -9</c>.
/// </summary>
internal sealed class Process
{
    public Process(Scheduler scheduler, Actor actor, TimeSpan clockOffset = default)
    {
        Scheduler = scheduler;
        Actor = actor;
        Time = new ProcessTime(this, clockOffset);
    }

    /// <summary>Whose steps these are.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>Whose luck it has.</summary>
    public Actor Actor { get; }

    /// <summary>The clock of this life, with timers that end with it.</summary>
    public TimeProvider Time { get; }

    /// <summary>True once it was killed or ended.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Told of every call it makes.</summary>
    public Action<Process, string>? OnCall { get; set; }

    /// <summary>Until when it stands still; what comes for it meanwhile comes then.</summary>
    public DateTimeOffset StandsUntil { get; private set; }

    /// <summary>Stands still until a time.</summary>
    public void StandStill(DateTimeOffset until) => StandsUntil = until > StandsUntil ? until : StandsUntil;

    /// <summary>Ends it, at whatever await it stands.</summary>
    public void Kill() => IsGone = true;

    /// <summary>Waits.</summary>
    public Task Pause(TimeSpan latency, string what, CancellationToken cancellation = default) => Scheduler.Pause(this, latency, what, cancellation);

    /// <summary>Every port calls this first: on the simulator's thread, and by a process that lives.</summary>
    public void Enter(string call)
    {
        Scheduler.CheckThread(call);
        if (IsGone)
        {
            Scheduler.Alarm($"{call} by a dead process of {Actor.Name}");
        }

        OnCall?.Invoke(this, call);
    }

    private sealed class ProcessTime(Process process, TimeSpan offset) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => process.Scheduler.Now + offset;

        public override long GetTimestamp() => process.Scheduler.Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(process, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class Timer(Process process, TimerCallback callback, object? state) : ITimer
    {
        private int _armed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var armed = ++_armed;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(armed, dueTime, period);
            }

            return true;
        }

        public void Dispose() => _armed++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(int armed, TimeSpan due, TimeSpan period) =>
            process.Scheduler.At(
                process,
                due,
                "timer",
                () =>
                {
                    if (armed != _armed)
                    {
                        return;
                    }

                    if (period > TimeSpan.Zero)
                    {
                        Arm(armed, period, period);
                    }

                    callback(state);
                }
            );
    }
}
