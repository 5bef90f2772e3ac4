namespace Masumi.Settlement.Stores;

/// <summary>The last sign of life of an engine on a database.</summary>
/// <param name="At">When.</param>
/// <param name="IsStopped">It was stopped in order: nothing was signed after this.</param>
public sealed record LastSign(DateTimeOffset At, bool IsStopped);

/// <summary>The engine's signs of life (decision 2).</summary>
public sealed class LifeStore
{
    private readonly Works _works;

    internal LifeStore(Works works) => _works = works;

    /// <summary>The last sign; null for a database that no engine has run on.</summary>
    public Task<LastSign?> LastAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                await w.SingleAsync<Row>("SELECT beat_ms, stopped FROM engine_life WHERE id = 1") is { } row
                    ? new LastSign(DateTimeOffset.FromUnixTimeMilliseconds(row.BeatMs), row.Stopped == 1)
                    : null,
            cancellation
        );

    /// <summary>A sign of life.</summary>
    public Task BeatAsync(DateTimeOffset at, CancellationToken cancellation) => SignAsync(at, 0, cancellation);

    /// <summary>The last sign of an engine that is stopped in order.</summary>
    public Task StopAsync(DateTimeOffset at, CancellationToken cancellation) => SignAsync(at, 1, cancellation);

    private Task<int> SignAsync(DateTimeOffset at, long stopped, CancellationToken cancellation) =>
        _works.WriteAsync(
            w =>
                w.ExecuteAsync(
                    "INSERT INTO engine_life (id, beat_ms, stopped) VALUES (1, @at, @stopped) ON CONFLICT (id) DO UPDATE SET beat_ms = @at, stopped = @stopped",
                    new { at = at.ToUnixTimeMilliseconds(), stopped }
                ),
            cancellation
        );

    private sealed class Row
    {
        public long BeatMs { get; set; }
        public long Stopped { get; set; }
    }
}
