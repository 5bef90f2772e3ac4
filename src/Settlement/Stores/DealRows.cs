using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Storage;

namespace Masumi.Settlement.Stores;

/// <summary>Deals inside a unit of work.</summary>
internal static class DealRows
{
    private const string OfIdentifiers = "WHERE d.identifier_hash IN (@keys) AND d.source_id = @sourceId ORDER BY d.identifier_hash, d.side DESC";

    public static async Task<Deal?> GetAsync(Work work, string id) =>
        (await work.SingleAsync<DealRow>($"SELECT {DealRow.Selected} FROM {DealRow.Joined} WHERE d.id = @id", new { id }))?.ToDeal();

    public static async Task<Deal?> FindAsync(Work work, DealSide side, IReadOnlyCollection<string> sources, string identifier)
    {
        var rows = await work.QueryAsync<DealRow>(
            $"SELECT {DealRow.Selected} FROM {DealRow.Joined} WHERE d.identifier_hash = @hash AND d.side = @side ORDER BY d.id",
            new { hash = Bytes.HashOf(identifier), side = side.ToString() }
        );
        return rows.FirstOrDefault(r => sources.Contains(r.SourceId))?.ToDeal();
    }

    /// <summary>The deals of both sides with identifiers of these hashes at a source, payments first, their rows locked in that order.</summary>
    public static async Task<ILookup<Hash32, Deal>> LockAsync(Work work, string sourceId, IReadOnlyCollection<byte[]> identifierHashes)
    {
        if (work.Dialect == SqlDialect.Postgres)
        {
            foreach (var id in await work.QueryAsync<string>(identifierHashes, $"SELECT d.id FROM deal d {OfIdentifiers}", new { sourceId }))
            {
                await work.LockRowAsync("deal", id);
            }
        }

        return await ListAsync(work, sourceId, identifierHashes);
    }

    /// <summary>The deals of both sides with identifiers of these hashes at a source, payments first.</summary>
    public static async Task<ILookup<Hash32, Deal>> ListAsync(Work work, string sourceId, IEnumerable<byte[]> identifierHashes) =>
        (await work.QueryAsync<DealRow>(identifierHashes, $"SELECT {DealRow.Selected} FROM {DealRow.Joined} {OfIdentifiers}", new { sourceId })).ToLookup(
            r => new Hash32(r.IdentifierHash),
            r => r.ToDeal()
        );

    /// <summary>A deal, its row locked.</summary>
    public static async Task<Deal?> LockAsync(Work work, string id)
    {
        await work.LockRowAsync("deal", id);
        return await GetAsync(work, id);
    }

    /// <summary>Deals whose time to be looked at has come, longest due first; and those short of money when <paramref name="moneyCame"/>.</summary>
    public static async Task<ImmutableArray<Deal>> ListDueAsync(Work work, DateTimeOffset now, bool moneyCame, int limit)
    {
        var args = new { now = now.ToUnixTimeMilliseconds(), limit };
        var due = await work.QueryAsync<DealRow>(
            $"SELECT {DealRow.Selected} FROM {DealRow.Joined} WHERE d.next_at <= @now ORDER BY d.next_at, d.id LIMIT @limit",
            args
        );
        if (moneyCame)
        {
            var known = due.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
            var poor = await work.QueryAsync<DealRow>(
                $"SELECT {DealRow.Selected} FROM {DealRow.Joined} WHERE d.trouble_kind = 'Funds' AND d.next_at IS NOT NULL ORDER BY d.id LIMIT @limit",
                args
            );
            due.AddRange(poor.Where(d => !known.Contains(d.Id)));
        }

        return [.. due.Select(d => d.ToDeal())];
    }

    public static async Task<Deal> InsertAsync(DatedWork work, Deal deal)
    {
        var stored = deal with { UpdatedAt = work.Now, NextActionChangedAt = work.Now, StateChangedAt = work.Now, Revision = 1 };
        await work.ExecuteAsync(DealRow.Insert, DealRow.Of(stored));
        await AppendHistoryAsync(work, stored, stored.Wishes.Result);
        await OutboxStore.AppendAsync(work, stored, "Created", new { });
        return stored;
    }

    /// <summary>Writes a change: the row, a line of history for a new next action, an event for each effect. Nothing for a deal that is the same.</summary>
    public static async Task<Deal> SaveAsync(DatedWork work, Deal before, DealChange change)
    {
        if (change.Deal == before)
        {
            return before;
        }

        var now = work.Now > before.UpdatedAt ? work.Now : before.UpdatedAt;
        var next = change.Effects.Any(e => e is DealEffect.NextActionChanged);
        var state = change.Effects.Any(e => e is DealEffect.StateChanged);
        var after = change.Deal with
        {
            Revision = change.Effects.IsEmpty ? before.Revision : before.Revision + 1,
            UpdatedAt = now,
            NextActionChangedAt = next ? now : before.NextActionChangedAt,
            StateChangedAt = state ? now : before.StateChangedAt,
        };
        await work.ExecuteAsync(DealRow.Update, DealRow.Of(after));
        if (next)
        {
            await AppendHistoryAsync(work, after, after.Wishes.Result == before.Wishes.Result ? null : after.Wishes.Result);
        }

        foreach (var effect in change.Effects)
        {
            await OutboxStore.AppendAsync(work, after, effect);
        }

        return after;
    }

    private static Task<int> AppendHistoryAsync(DatedWork work, Deal deal, ResultHash? newResult) =>
        work.ExecuteAsync(
            "INSERT INTO action_history (deal_id, seq, action, result_hash, tx_id, error_type, error_note, at) "
                + "VALUES (@id, @seq, @action, @resultHash, @txId, @errorType, @errorNote, @at)",
            new
            {
                id = deal.Id,

                // Asked of no table: on PostgreSQL two writers that read where the other writes would be in each other's way.
                seq = deal.Revision,
                action = Word.Text(deal.NextAction),
                resultHash = Bytes.OfAny(newResult?.ToString()),
                txId = deal.UnderWay?.TxId.ToArray(),
                errorType = deal.Problem?.Type is { } type ? Word.Text(type) : null,
                errorNote = deal.Problem?.Note,
                at = work.Now.ToUnixTimeMilliseconds(),
            }
        );
}
