namespace Masumi.Settlement.Stores;

/// <summary>The engine's signs of life (decision 2).</summary>
public sealed class LifeStore
{
    private readonly Works _works;

    internal LifeStore(Works works) => _works = works;

    /// <summary>The last sign; null for a database that no engine has run on.</summary>
    public Task<DateTimeOffset?> LastBeatAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (await w.SingleAsync<long?>("SELECT beat_ms FROM engine_life WHERE id = 1")) is { } ms
                    ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
                    : (DateTimeOffset?)null,
            cancellation
        );

    /// <summary>A sign of life.</summary>
    public Task BeatAsync(DateTimeOffset at, CancellationToken cancellation) =>
        _works.WriteAsync(
            w =>
                w.ExecuteAsync(
                    "INSERT INTO engine_life (id, beat_ms) VALUES (1, @at) ON CONFLICT (id) DO UPDATE SET beat_ms = @at",
                    new { at = at.ToUnixTimeMilliseconds() }
                ),
            cancellation
        );
}
