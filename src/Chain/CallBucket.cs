namespace Masumi.Chain;

/// <summary>
/// A token bucket with two priorities: a part of it is kept for work that is near a deadline, and callers of one priority are served in the order they came.
/// It only says how long to wait; the waiting is a delay on the time provider.
/// </summary>
internal sealed class CallBucket(double callsPerSecond, int burst, TimeProvider time)
{
    // What only deadline work may take of a full bucket.
    private const double KeptForDeadlines = 0.2;

    private readonly Lock _lock = new();
    private readonly Queues _queues = new();
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();
    private long _tickets;

    /// <summary>Takes so many calls as soon as they may be made; false when that would be later than the limit.</summary>
    public async Task<bool> WaitAsync(CallPriority priority, int calls, TimeSpan limit, CancellationToken cancellation)
    {
        if (callsPerSecond <= 0)
        {
            return true;
        }

        var start = time.GetTimestamp();
        long ticket;
        lock (_lock)
        {
            ticket = ++_tickets;
            _queues.Enter(priority, ticket, calls);
        }

        try
        {
            while (true)
            {
                var wait = TryTake(priority, ticket, calls);
                if (wait <= TimeSpan.Zero)
                {
                    return true;
                }

                if (time.GetElapsedTime(start) + wait > limit)
                {
                    return false;
                }

                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_lock)
            {
                _queues.Leave(priority, ticket);
            }
        }
    }

    // Zero when taken, otherwise how long it will take at least.
    private TimeSpan TryTake(CallPriority priority, long ticket, int calls)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * callsPerSecond));
            _filledAt = now;
            var kept = priority == CallPriority.Deadline ? 0 : Math.Floor(burst * KeptForDeadlines);
            var missing = _queues.Ahead(priority, ticket) + calls + kept - _tokens;
            if (missing <= 1e-6)
            {
                _tokens -= calls;
                return TimeSpan.Zero;
            }

            // Delays have whole milliseconds; a shorter one would be none.
            return TimeSpan.FromMilliseconds(Math.Ceiling(missing / callsPerSecond * 1_000));
        }
    }

    // Who waits, in the order they came.
    private sealed class Queues
    {
        private readonly List<(long Ticket, int Calls)> _deadline = [];
        private readonly List<(long Ticket, int Calls)> _normal = [];

        public void Enter(CallPriority priority, long ticket, int calls) => Of(priority).Add((ticket, calls));

        public void Leave(CallPriority priority, long ticket) => Of(priority).RemoveAll(w => w.Ticket == ticket);

        public int Ahead(CallPriority priority, long ticket) =>
            Of(priority).TakeWhile(w => w.Ticket != ticket).Sum(w => w.Calls) + (priority == CallPriority.Normal ? _deadline.Sum(w => w.Calls) : 0);

        private List<(long Ticket, int Calls)> Of(CallPriority priority) => priority == CallPriority.Deadline ? _deadline : _normal;
    }
}
