namespace Masumi.Chain.Blockfrost;

/// <summary>
/// A token bucket, kept as the one time at which it would be full again: each call moves that time on by one interval and waits for as
/// long as it lies more than the burst ahead. Callers are served in the order they came.
/// </summary>
internal sealed class RateLimit(double callsPerSecond, int burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _full = TimeSpan.Zero;

    public Task WaitAsync(CancellationToken cancellation)
    {
        if (callsPerSecond <= 0)
        {
            return Task.CompletedTask;
        }

        var interval = TimeSpan.FromSeconds(1 / callsPerSecond);
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            _full = (_full > now ? _full : now) + interval;
            wait = _full - now - (interval * burst);
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellation) : Task.CompletedTask;
    }
}
