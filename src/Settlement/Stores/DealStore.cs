using System.Collections.Immutable;
using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>What became of storing a deal.</summary>
public abstract record InsertOutcome
{
    private InsertOutcome() { }

    /// <summary>It is stored.</summary>
    public sealed record Stored(Deal Deal) : InsertOutcome;

    /// <summary>Its identifier is taken by this one.</summary>
    public sealed record Exists(Deal Deal) : InsertOutcome;

    /// <summary>What had to happen alongside did not.</summary>
    public sealed record Refused : InsertOutcome;
}

/// <summary>One entry of a deal's action history.</summary>
public sealed record ActionHistoryEntry(
    long Seq,
    RequestedAction Action,
    ResultHash? ResultHash,
    string? TxId,
    ErrorType? ErrorType,
    string? ErrorNote,
    DateTimeOffset At
);

/// <summary>Deals and their histories.</summary>
public sealed class DealStore
{
    private readonly Works _works;

    internal DealStore(Works works) => _works = works;

    /// <summary>Stores a new deal with its first history entry and event.</summary>
    /// <param name="deal">The deal, as the machine begins it.</param>
    /// <param name="alongside">Runs in the same transaction before; false stores nothing (credits do not suffice).</param>
    /// <param name="now">When: what the row and its event bear.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<InsertOutcome> InsertAsync(Deal deal, Alongside? alongside, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deal);
        var identifier = deal.Terms.Identifier.ToString();
        if (await FindAsync(deal.Side, [deal.SourceId], identifier, cancellation) is { } known)
        {
            return new InsertOutcome.Exists(known);
        }

        try
        {
            return await _works.WriteAsync<InsertOutcome>(
                now,
                async w =>
                {
                    // It reads nothing: whether the identifier is taken meanwhile its index says, and on PostgreSQL two writers are in nobody's way.
                    if (alongside is not null && !await alongside(w.Raw.Connection, w.Raw.Transaction))
                    {
                        throw new AlongsideRefused();
                    }

                    return new InsertOutcome.Stored(await DealRows.InsertAsync(w, deal));
                },
                cancellation
            );
        }
        catch (AlongsideRefused)
        {
            return new InsertOutcome.Refused();
        }
        catch (Exception e) when (_works.Database.IsUniqueViolation(e))
        {
            // Another instance was faster with the same identifier.
            var existing = await FindAsync(deal.Side, [deal.SourceId], identifier, cancellation);
            return existing is null
                ? throw new InvalidOperationException("A unique key was taken by a deal that is not there.", e)
                : new InsertOutcome.Exists(existing);
        }
    }

    /// <summary>The deal of one side with this identifier at one of the sources, or null.</summary>
    public Task<Deal?> FindAsync(DealSide side, IReadOnlyCollection<string> sources, string identifier, CancellationToken cancellation) =>
        _works.ReadAsync(w => DealRows.FindAsync(w, side, sources, identifier), cancellation);

    /// <summary>Deals by our id, or by the identifier both sides know: then there may be a purchase and a payment, at one source or several.</summary>
    public Task<ImmutableArray<Deal>> FindAnyAsync(string idOrIdentifier, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<DealRow>(
                        $"SELECT {DealRow.Selected} FROM {DealRow.Joined} WHERE d.id = @key OR d.identifier_hash = @hash ORDER BY d.id LIMIT 10",
                        new { key = idOrIdentifier, hash = Bytes.HashOf(idOrIdentifier) }
                    )
                )
                    .Select(r => r.ToDeal())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>A deal by id, or null.</summary>
    public Task<Deal?> GetAsync(string id, CancellationToken cancellation) => _works.ReadAsync(w => DealRows.GetAsync(w, id), cancellation);

    /// <summary>
    /// Changes a deal by the machine. <paramref name="change"/> sees the deal as it stands inside the transaction and returns what became of it, or null to
    /// leave it. Stamps, history and events follow, of the time <paramref name="now"/>.
    /// </summary>
    /// <returns>The deal after, or null when it does not exist or was left alone.</returns>
    public Task<Deal?> ChangeAsync(string id, Func<Deal, DealChange?> change, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _works.WriteAsync(
            now,
            async w => await DealRows.LockAsync(w, id) is { } deal && change(deal) is { } changed ? await DealRows.SaveAsync(w, deal, changed) : null,
            cancellation
        );
    }

    /// <summary>Deals by query: newest first, or oldest change first for a diff.</summary>
    public Task<ImmutableArray<Deal>> ListAsync(DealQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _works.ReadAsync(
            async w =>
            {
                var (sql, args) = DealQuerySql.Page(query, w.Dialect);
                return (await w.QueryAsync<DealRow>(sql, args)).Select(r => r.ToDeal()).ToImmutableArray();
            },
            cancellation
        );
    }

    /// <summary>How many deals match.</summary>
    public Task<long> CountAsync(DealQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _works.ReadAsync(
            w =>
            {
                var (where, args) = DealQuerySql.Conditions(query, w.Dialect);
                return w.CountAsync($"SELECT COUNT(*) FROM deal d WHERE {where}", args);
            },
            cancellation
        );
    }

    /// <summary>Tells of each deal that was ever on chain and matches what it was about and how it ended, of one snapshot, a few thousand at a time.</summary>
    public Task TellSettledAsync(DealQuery query, Action<SettledDeal> tell, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(tell);
        return _works.ReadAsync(
            async w =>
            {
                await SettledRows.TellAsync(w, query, tell, cancellation);
                return true;
            },
            cancellation
        );
    }

    /// <summary>Whether a deal of a source waits for money.</summary>
    public Task<bool> HasPoorAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            w => w.AnyAsync("SELECT 1 FROM deal WHERE trouble_kind = 'Funds' AND source_id = @sourceId AND next_at IS NOT NULL", new { sourceId }),
            cancellation
        );

    /// <summary>When the oldest deal that still waits for a lock was made; null when there is none. From there everything is looked at before giving up.</summary>
    public Task<DateTimeOffset?> OldestWaitingAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                await w.SingleAsync<long?>(
                    "SELECT MIN(created_at) FROM deal WHERE source_id = @sourceId AND chain_state IS NULL AND next_at IS NOT NULL",
                    new { sourceId }
                )
                    is { } ms
                    ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
                    : (DateTimeOffset?)null,
            cancellation
        );

    /// <summary>When the oldest purchase that no lock of is known was made; null when there is none. From there wallets' histories are searched.</summary>
    public Task<DateTimeOffset?> OldestUnlockedAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                await w.SingleAsync<long?>(
                    "SELECT MIN(created_at) FROM deal WHERE source_id = @sourceId AND side = 'Purchase' AND chain_state IS NULL AND next_at IS NOT NULL",
                    new { sourceId }
                )
                    is { } ms
                    ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
                    : (DateTimeOffset?)null,
            cancellation
        );

    /// <summary>A deal's action history, newest first.</summary>
    public Task<ImmutableArray<ActionHistoryEntry>> ListHistoryAsync(string dealId, CancellationToken cancellation) =>
        _works.ReadAsync(w => WholeDeals.HistoryAsync(w, dealId), cancellation);

    /// <summary>A page of deals, each with what belongs to it.</summary>
    public Task<ImmutableArray<WholeDeal>> ListWholeAsync(DealQuery query, bool withHistory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _works.ReadAsync(
            async w =>
            {
                var (sql, args) = DealQuerySql.Page(query, w.Dialect);
                return await WholeDeals.ReadAsync(w, [.. (await w.QueryAsync<DealRow>(sql, args)).Select(r => r.ToDeal())], withHistory);
            },
            cancellation
        );
    }

    /// <summary>A deal with what belongs to it, as the store has it now; null when there is none.</summary>
    public Task<WholeDeal?> GetWholeAsync(string id, bool withHistory, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w => await DealRows.GetAsync(w, id) is { } deal ? (await WholeDeals.ReadAsync(w, [deal], withHistory)).Single() : null,
            cancellation
        );

    // Thrown inside the write so that what ran alongside is rolled back with it.
    private sealed class AlongsideRefused : Exception;
}
