namespace Masumi.Client;

/// <summary>
/// Time as a service last told it, plus what has passed here since: the time that deadlines are judged by, whether a wrong clock here or a devnet's moved one
/// makes the difference. It may go back (a devnet can be taken back). Local time as long as nothing was told; timestamps and timers are always local.
/// </summary>
internal sealed class ServiceClock(TimeProvider local) : TimeProvider
{
    private const string Header = "X-Masumi-Chain-Time";

    private readonly Lock _gate = new();
    private DateTimeOffset? _told;
    private long _at;

    /// <summary>Notes what an answer that has just come says in its header; one without says nothing.</summary>
    public void Observe(HttpResponseMessage answer)
    {
        var at = local.GetTimestamp();
        if (answer.Headers.TryGetValues(Header, out var values))
        {
            Observe(values.FirstOrDefault(), at);
        }
    }

    /// <summary>Notes a time in ISO 8601 that was told at a local timestamp. Of answers that came at once the newest counts; what is no time says nothing.</summary>
    public void Observe(string? text, long at)
    {
        if (JsonReading.Iso(text) is not { } told)
        {
            return;
        }

        lock (_gate)
        {
            if (_told is null || at >= _at)
            {
                (_told, _at) = (told, at);
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            if (_told is not { } told)
            {
                return local.GetUtcNow();
            }

            // What a service tells may be anything; it must not break those who only ask what time it is.
            var passed = local.GetElapsedTime(_at);
            return DateTimeOffset.MaxValue - told > passed ? told + passed : DateTimeOffset.MaxValue;
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => local.LocalTimeZone;

    /// <inheritdoc/>
    public override long GetTimestamp() => local.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => local.TimestampFrequency;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        local.CreateTimer(callback, state, dueTime, period);
}
