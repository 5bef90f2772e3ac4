namespace Masumi.Devnet;

/// <summary>
/// The devnet's time: a wall clock plus an offset. It jumps forward on command, stands still while the devnet is paused, and goes back
/// only when the chain goes back to a snapshot. Timers made from it fire when the devnet's time says so, so code that waits through it
/// follows every jump at once; going back does not make them wait longer.
/// </summary>
/// <remarks>
/// A jump also ends timeouts made from this clock. Code that guards real I/O should use <see cref="TimeProvider.System"/> for that.
/// </remarks>
public sealed class DevnetClock : TimeProvider
{
    // System timers take at most some 49 days; longer waits are taken in steps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // Far from where dates end, so that no sum overflows.
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeProvider _wall;
    private readonly Lock _gate = new();
    private readonly HashSet<ClockTimer> _timers = [];

    // Running time is wall time plus these; it never goes back. The time told is running time less _behind.
    private TimeSpan _ahead;
    private long _aheadStamp;
    private TimeSpan _behind;

    // The wall clock when the pause began.
    private (DateTimeOffset Time, long Stamp)? _paused;

    internal DevnetClock(TimeProvider wall)
    {
        _wall = wall;
    }

    /// <summary>How far ahead of the wall clock; negative when it stood still for long.</summary>
    public TimeSpan Offset => GetUtcNow() - _wall.GetUtcNow();

    /// <summary>True while time stands still.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_gate)
            {
                return _paused is not null;
            }
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => _wall.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return Running - _behind;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return (_paused?.Stamp ?? _wall.GetTimestamp()) + _aheadStamp;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ClockTimer(this, callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>True when the clock can be moved this far.</summary>
    internal bool CanAdvance(TimeSpan by) => by >= TimeSpan.Zero && by < Latest - GetUtcNow();

    /// <summary>Moves time forward and fires what became due.</summary>
    internal void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        if (!CanAdvance(by))
        {
            throw new ArgumentOutOfRangeException(nameof(by), by, $"The clock ends at {Latest:O}.");
        }

        lock (_gate)
        {
            _ahead += by;
            _aheadStamp += (long)(by.TotalSeconds * _wall.TimestampFrequency);
        }

        RearmAll();
    }

    /// <summary>Tells this time from now on. Forward as <see cref="Advance"/>; backward only the time told changes, timers run on.</summary>
    internal void Set(DateTimeOffset time)
    {
        var forward = time - GetUtcNow();
        if (forward >= TimeSpan.Zero)
        {
            Advance(forward);
            return;
        }

        lock (_gate)
        {
            _behind += Running - _behind - time;
        }
    }

    /// <summary>Stops time. Without effect when it stands still already.</summary>
    internal void Pause()
    {
        lock (_gate)
        {
            _paused ??= (_wall.GetUtcNow(), _wall.GetTimestamp());
        }
    }

    /// <summary>Lets time go on from where it stands.</summary>
    internal void Resume()
    {
        lock (_gate)
        {
            if (_paused is not { } since)
            {
                return;
            }

            _ahead -= _wall.GetUtcNow() - since.Time;
            _aheadStamp -= _wall.GetTimestamp() - since.Stamp;
            _paused = null;
        }

        RearmAll();
    }

    private DateTimeOffset Running => (_paused?.Time ?? _wall.GetUtcNow()) + _ahead;

    private DateTimeOffset GetRunning()
    {
        lock (_gate)
        {
            return Running;
        }
    }

    private void RearmAll()
    {
        ClockTimer[] timers;
        lock (_gate)
        {
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Rearm();
        }
    }

    private void Forget(ClockTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class ClockTimer : ITimer
    {
        private readonly DevnetClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly Lock _gate = new();
        private readonly ITimer _inner;
        private DateTimeOffset? _due;
        private TimeSpan? _period;
        private bool _disposed;

        public ClockTimer(DevnetClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _callback = callback;
            _state = state;
            _inner = clock._wall.CreateTimer(static timer => ((ClockTimer)timer!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                if (_disposed)
                {
                    return false;
                }

                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetRunning() + dueTime;
                _period = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : period;
                Arm();
                return true;
            }
        }

        public void Rearm()
        {
            lock (_gate)
            {
                if (!_disposed)
                {
                    Arm();
                }
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
            }

            _clock.Forget(this);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            lock (_gate)
            {
                _disposed = true;
            }

            _clock.Forget(this);
            return _inner.DisposeAsync();
        }

        private void Tick()
        {
            lock (_gate)
            {
                if (_disposed || _due is not { } due)
                {
                    return;
                }

                var now = _clock.GetRunning();
                if (now < due)
                {
                    Arm();
                    return;
                }

                // Periods missed during a jump are not made up for, as a system timer does after the machine slept.
                _due = _period is { } period ? now + period : null;
                Arm();
            }

            _callback(_state);
        }

        private void Arm()
        {
            if (_due is not { } due)
            {
                _inner.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var wait = due - _clock.GetRunning();
            if (wait > TimeSpan.Zero && _clock.IsPaused)
            {
                // Whoever moves or starts the clock arms it again.
                _inner.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            wait =
                wait < TimeSpan.Zero ? TimeSpan.Zero
                : wait > LongestWait ? LongestWait
                : wait;

            // Round up to the timer's millisecond, so that it does not wake just before its time.
            _inner.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }
}
