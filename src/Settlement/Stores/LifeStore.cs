namespace Masumi.Settlement.Stores;

/// <summary>When something was, as two clocks tell it, each of which may be wrong by itself.</summary>
/// <param name="Local">The clock of the machine.</param>
/// <param name="Chain">The time of the newest block.</param>
public sealed record TwoTimes(DateTimeOffset Local, DateTimeOffset Chain);

/// <summary>The last sign of life of any engine on a database.</summary>
/// <param name="At">When; the latest that any of them said, by either clock.</param>
/// <param name="IsStopped">All of them were stopped in order: nothing was signed after this.</param>
public sealed record LastSign(TwoTimes At, bool IsStopped);

/// <summary>The signs of life of engines (decision 2): each its own, for that one of two was stopped in order says nothing of the other.</summary>
public sealed class LifeStore
{
    private readonly Works _works;

    internal LifeStore(Works works) => _works = works;

    /// <summary>The last sign; null for a database that no engine has run on.</summary>
    public Task<LastSign?> LastAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                await w.SingleAsync<Row>("SELECT MAX(beat_ms) AS beat_ms, MAX(chain_ms) AS chain_ms, MIN(stopped) AS stopped FROM engine_life")
                    is { BeatMs: { } ms, ChainMs: { } chain } row
                    ? new LastSign(new TwoTimes(DateTimeOffset.FromUnixTimeMilliseconds(ms), DateTimeOffset.FromUnixTimeMilliseconds(chain)), row.Stopped == 1)
                    : null,
            cancellation
        );

    /// <summary>When the newest of what an engine may pay for was made: a deal, a registration or a transfer; null when there is none.</summary>
    public Task<DateTimeOffset?> NewestAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                // Side by side: so an index answers, however many there are.
                await w.SingleAsync<long?>(
                    "SELECT MAX(newest) FROM (SELECT MAX(created_at) AS newest FROM deal WHERE side = 'Purchase' "
                        + "UNION ALL SELECT MAX(created_at) FROM deal WHERE side = 'Payment' UNION ALL SELECT MAX(created_at) FROM transfer "
                        + "UNION ALL SELECT MAX(created_at) FROM registration) made"
                )
                    is { } ms
                    ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
                    : (DateTimeOffset?)null,
            cancellation
        );

    /// <summary>A sign of life of an engine.</summary>
    public Task BeatAsync(string engine, TwoTimes at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(at);
        return _works.WriteAsync(w => SignAsync(w, engine, at, 0), cancellation);
    }

    /// <summary>
    /// The last sign of an engine that is stopped in order. Of others, those that by both clocks gave none since <paramref name="silentSince"/> are no more: whoever
    /// is left says whether something may still be signed.
    /// </summary>
    public Task StopAsync(string engine, TwoTimes at, TwoTimes silentSince, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(silentSince);
        return _works.WriteAsync(
            async w =>
            {
                await w.ExecuteAsync(
                    "DELETE FROM engine_life WHERE engine <> @engine AND (stopped = 1 OR (beat_ms < @local AND chain_ms < @chain))",
                    new
                    {
                        engine,
                        local = silentSince.Local.ToUnixTimeMilliseconds(),
                        chain = silentSince.Chain.ToUnixTimeMilliseconds(),
                    }
                );
                await SignAsync(w, engine, at, 1);
            },
            cancellation
        );
    }

    private static Task<int> SignAsync(Work work, string engine, TwoTimes at, long stopped) =>
        work.ExecuteAsync(
            "INSERT INTO engine_life (engine, beat_ms, chain_ms, stopped) VALUES (@engine, @local, @chain, @stopped) "
                + "ON CONFLICT (engine) DO UPDATE SET beat_ms = @local, chain_ms = @chain, stopped = @stopped",
            new
            {
                engine,
                local = at.Local.ToUnixTimeMilliseconds(),
                chain = at.Chain.ToUnixTimeMilliseconds(),
                stopped,
            }
        );

    private sealed class Row
    {
        public long? BeatMs { get; set; }
        public long? ChainMs { get; set; }
        public long? Stopped { get; set; }
    }
}
