using System.Collections.Immutable;
using System.Text.Json;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Storage;

namespace Masumi.Settlement.Stores;

/// <summary>One event of the outbox.</summary>
/// <param name="Seq">Its number; ascending, with gaps.</param>
/// <param name="Entity">What it is about: <c>Purchase</c>, <c>Payment</c>, <c>Registration</c>, <c>Source</c>, <c>Attempt</c>.</param>
/// <param name="EntityId">Which one.</param>
/// <param name="Revision">The entity's revision after the change; consumers keep the highest.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Payload">JSON.</param>
/// <param name="At">When.</param>
public sealed record OutboxEvent(long Seq, string Entity, string EntityId, long Revision, string Kind, string Payload, DateTimeOffset At);

/// <summary>
/// The outbox as its consumers (webhooks, streams, pages) read it: each from where it left off, at least once, in the order of the numbers. On PostgreSQL a
/// number is given before its transaction commits; what an older transaction may still commit is waited for, so no reader passes an event by.
/// </summary>
public sealed class OutboxStore
{
    private readonly Works _works;

    internal OutboxStore(Works works) => _works = works;

    /// <summary>Events after a number, in order.</summary>
    public Task<ImmutableArray<OutboxEvent>> ListAsync(long after, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<Row>(
                        "SELECT seq, entity, entity_id, revision, kind, payload, at FROM outbox WHERE seq > @after"
                            + (w.Dialect == SqlDialect.Postgres ? " AND written_in < pg_snapshot_xmin(pg_current_snapshot())" : "")
                            + " ORDER BY seq LIMIT @limit",
                        new { after, limit }
                    )
                )
                    .Select(r => r.ToEvent())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>The number of the newest event; 0 when there is none.</summary>
    public Task<long> NewestAsync(CancellationToken cancellation) =>
        _works.ReadAsync(w => w.CountAsync("SELECT COALESCE(MAX(seq), 0) FROM outbox"), cancellation);

    /// <summary>How far a consumer came; 0 for a new one.</summary>
    public Task<long> CursorAsync(string consumer, CancellationToken cancellation) =>
        _works.ReadAsync(w => w.CountAsync("SELECT COALESCE(MAX(seq), 0) FROM outbox_cursor WHERE consumer = @consumer", new { consumer }), cancellation);

    /// <summary>Notes how far a consumer came; never backwards.</summary>
    public Task AdvanceAsync(string consumer, long seq, DateTimeOffset now, CancellationToken cancellation) =>
        _works.WriteAsync(
            now,
            w =>
                w.ExecuteAsync(
                    "INSERT INTO outbox_cursor (consumer, seq, updated_at) VALUES (@consumer, @seq, @now) ON CONFLICT (consumer) DO UPDATE "
                        + "SET seq = @seq, updated_at = @now WHERE outbox_cursor.seq < @seq",
                    new
                    {
                        consumer,
                        seq,
                        now = w.Now.ToUnixTimeMilliseconds(),
                    }
                ),
            cancellation
        );

    /// <summary>Deletes events older than <paramref name="before"/> that every known consumer has, and all that are older than <paramref name="atAnyRate"/>.</summary>
    /// <returns>How many.</returns>
    public Task<int> RetireAsync(DateTimeOffset before, DateTimeOffset atAnyRate, CancellationToken cancellation) =>
        _works.WriteAsync(
            w =>
                w.ExecuteAsync(
                    "DELETE FROM outbox WHERE at < @atAnyRate OR (at < @before AND seq <= (SELECT COALESCE(MIN(seq), 9223372036854775807) FROM outbox_cursor))",
                    new { before = before.ToUnixTimeMilliseconds(), atAnyRate = atAnyRate.ToUnixTimeMilliseconds() }
                ),
            cancellation
        );

    internal static Task AppendAsync(DatedWork work, string entity, string id, long revision, string kind, object payload) =>
        work.ExecuteAsync(
            "INSERT INTO outbox (entity, entity_id, revision, kind, payload, at) VALUES (@entity, @id, @revision, @kind, @payload, @at)",
            new
            {
                entity,
                id,
                revision,
                kind,
                payload = JsonSerializer.Serialize(payload),
                at = work.Now.ToUnixTimeMilliseconds(),
            }
        );

    internal static Task AppendAsync(DatedWork work, Deal deal, DealEffect effect) =>
        effect switch
        {
            DealEffect.NextActionChanged => AppendAsync(
                work,
                deal,
                "NextActionChanged",
                new
                {
                    nextAction = Word.Text(deal.NextAction),
                    errorType = Text(deal.Problem?.Type),
                    errorNote = deal.Problem?.Note,
                    problem = deal.Problem?.Code,
                }
            ),
            DealEffect.StateChanged => AppendAsync(
                work,
                deal,
                "StateChanged",
                new { onChainState = Text(deal.OnChainState), resultHash = deal.Projection.ResultHash }
            ),
            DealEffect.StrangeOutput e => AppendAsync(work, deal, "StrangeOutput", new { note = e.Note }),
            DealEffect.SecondLock e => AppendAsync(work, deal, "SecondLock", new { at = e.At.ToString() }),
            DealEffect.ResultIsNoHash e => AppendAsync(work, deal, "ResultIsNoHash", new { bytes = e.Bytes }),
            _ => throw new InvalidOperationException($"An effect without an event: {effect}."),
        };

    internal static Task AppendAsync(DatedWork work, Deal deal, string kind, object payload) =>
        AppendAsync(work, deal.Side.ToString(), deal.Id, deal.Revision, kind, payload);

    private static string? Text<T>(T? word)
        where T : struct, Enum => word is { } known ? Word.Text(known) : null;

    private sealed class Row
    {
        public long Seq { get; set; }
        public string Entity { get; set; } = "";
        public string EntityId { get; set; } = "";
        public long Revision { get; set; }
        public string Kind { get; set; } = "";
        public string Payload { get; set; } = "";
        public long At { get; set; }

        public OutboxEvent ToEvent() => new(Seq, Entity, EntityId, Revision, Kind, Payload, DateTimeOffset.FromUnixTimeMilliseconds(At));
    }
}
