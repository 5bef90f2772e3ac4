using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>What became of storing an attempt.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome() { }

    /// <summary>It stands in the log and may be sent.</summary>
    public sealed record Stored : AttemptOutcome;

    /// <summary>These very bytes stand there already.</summary>
    public sealed record Known(Attempt Attempt) : AttemptOutcome;

    /// <summary>Something else acts already, or the step is no longer wanted; nothing was stored.</summary>
    public sealed record Overtaken(string Why) : AttemptOutcome;

    /// <summary>An earlier attempt for the same payment could still reach the chain beside it; nothing was stored. A bug of the planner's, caught here.</summary>
    public sealed record NotExclusive(TransactionId Rival) : AttemptOutcome;
}

/// <summary>Signed transactions and what became of them.</summary>
public sealed class AttemptStore
{
    /// <summary>In a block, and what it serves does not show it.</summary>
    internal const string Unshown = "state = 'InBlock' AND EXISTS (SELECT 1 FROM attempt_subject s WHERE s.attempt_id = attempt.id AND s.live = 1)";

    private const string Final = "state = 'InBlock' AND height <= @height";
    private const string Dead = "state IN ('Expired', 'Conflicted', 'Failed') AND upper_slot < @slot";

    // What an attempt holds as long as a rollback may reach it.
    private static readonly string[] Claims = ["attempt_input", "attempt_rival"];

    private readonly Works _works;

    internal AttemptStore(Works works) => _works = works;

    /// <summary>Stores a signed transaction before it is offered to anyone. The database itself keeps two from spending or serving the same.</summary>
    /// <param name="attempt">The attempt, <see cref="AttemptState.Stored"/>.</param>
    /// <param name="rivalsFrom">Earlier attempts for the same payment whose validity ends at or after this slot must be excluded (ADR 3).</param>
    /// <param name="taken">What becomes of a deal it acts for; null when that is not what the deal wants.</param>
    /// <param name="decisions">What becomes of a registration it acts for, and when this is.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<AttemptOutcome> InsertAsync(
        Attempt attempt,
        Slot rivalsFrom,
        Func<Deal, DealChange?> taken,
        Decisions decisions,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(taken);
        ArgumentNullException.ThrowIfNull(decisions);
        try
        {
            return await _works.WriteAsync(decisions.Now, w => AttemptRows.InsertAsync(w, attempt, rivalsFrom, taken, decisions), cancellation);
        }
        catch (Exception e) when (_works.Database.IsUniqueViolation(e))
        {
            return new AttemptOutcome.Overtaken("another instance was faster");
        }
    }

    /// <summary>Attempts found in a block that the projection of what they serve does not show, oldest first.</summary>
    public Task<ImmutableArray<Attempt>> ListUnshownAsync(CancellationToken cancellation) => ListAsync(Unshown, new { }, cancellation);

    /// <summary>Transactions of a wallet that no block has yet, oldest first.</summary>
    public Task<ImmutableArray<Attempt>> ListSentAsync(string walletId, CancellationToken cancellation) =>
        ListAsync("tx IS NOT NULL AND state IN ('Stored', 'Offered', 'Pending') AND wallet_id = @walletId", new { walletId }, cancellation);

    /// <summary>Attempts of a source that are on their way or passed for dead within the reach of a rollback, oldest first: to be looked for by their hashes.</summary>
    public Task<ImmutableArray<Attempt>> ListDoubtfulAsync(string sourceId, CancellationToken cancellation) =>
        ListAsync(
            "tx IS NOT NULL AND source_id = @sourceId AND state IN ('Stored', 'Offered', 'Pending', 'Expired', 'Conflicted', 'Failed')",
            new { sourceId },
            cancellation
        );

    /// <summary>
    /// Attempts of a source in blocks between two heights that did nothing at its contract which following has read, oldest first: transfers, registrations, published
    /// scripts. Those that are unshown are others.
    /// </summary>
    public Task<ImmutableArray<Attempt>> ListElsewhereAsync(string sourceId, long aboveHeight, long upToHeight, CancellationToken cancellation) =>
        ListAsync(
            "tx IS NOT NULL AND source_id = @sourceId AND state = 'InBlock' AND height > @aboveHeight AND height <= @upToHeight "
                + "AND NOT EXISTS (SELECT 1 FROM attempt_subject s WHERE s.attempt_id = attempt.id AND s.live = 1) "
                + "AND NOT EXISTS (SELECT 1 FROM followed_tx f WHERE f.source_id = attempt.source_id AND f.tx_id = attempt.tx_id)",
            new
            {
                sourceId,
                aboveHeight,
                upToHeight,
            },
            cancellation
        );

    /// <summary>All attempts of every wallet that a rollback can reach, whatever became of them, oldest first.</summary>
    public Task<ImmutableArray<Attempt>> ListKeptAsync(CancellationToken cancellation) =>
        ListAsync("tx IS NOT NULL AND state IN ('Stored', 'Offered', 'Pending', 'InBlock', 'Expired', 'Conflicted', 'Failed')", new { }, cancellation);

    /// <summary>All attempts of every wallet that may still take effect, and those in a block above a height, oldest first: what the coins in hand depend on.</summary>
    public Task<ImmutableArray<Attempt>> ListOpenAsync(long aboveHeight, CancellationToken cancellation) =>
        ListAsync(
            "tx IS NOT NULL AND (state IN ('Stored', 'Offered', 'Pending') OR (state = 'InBlock' AND height > @aboveHeight))",
            new { aboveHeight },
            cancellation
        );

    /// <summary>What attempts of a source did for whom that were refused and never came to the chain, as long as a rollback could bring them there.</summary>
    public Task<ImmutableHashSet<AttemptSubject>> ListRefusedAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<(string SubjectId, string Action)>(
                        "SELECT s.subject_id, s.action FROM attempt a JOIN attempt_subject s ON s.attempt_id = a.id "
                            + "WHERE a.tx IS NOT NULL AND a.state = 'Expired' AND a.refusals > 0 AND a.source_id = @sourceId ORDER BY s.subject_id",
                        new { sourceId }
                    )
                )
                    .Select(r => new AttemptSubject(r.SubjectId, r.Action))
                    .ToImmutableHashSet(),
            cancellation
        );

    /// <summary>The attempts that acted, or act, for a deal or registration, newest first.</summary>
    public Task<ImmutableArray<Attempt>> ListForAsync(string subjectId, CancellationToken cancellation) =>
        _works.ReadAsync(w => AttemptRows.ListForAsync(w, subjectId), cancellation);

    /// <summary>How many transactions of these wallets since a time that acted on escrows are in blocks; of each wallet <paramref name="enough"/> at most.</summary>
    public Task<long> CountActionsAsync(IEnumerable<string> walletIds, DateTimeOffset since, int enough, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
            {
                var count = 0L;
                foreach (var walletId in walletIds)
                {
                    count += await w.CountAsync(
                        "SELECT COUNT(*) FROM (SELECT 1 FROM attempt a WHERE a.wallet_id = @walletId AND a.created_at >= @since AND a.state IN ('InBlock', 'Final') AND EXISTS "
                            + "(SELECT 1 FROM attempt_subject s JOIN deal d ON d.id = s.subject_id WHERE s.attempt_id = a.id AND s.action <> 'Lock') LIMIT @enough) found",
                        new
                        {
                            walletId,
                            since = since.ToUnixTimeMilliseconds(),
                            enough,
                        }
                    );
                }

                return count;
            },
            cancellation
        );

    /// <summary>An attempt by our id or by its transaction's, or null.</summary>
    public Task<Attempt?> FindAsync(string id, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    TransactionId.TryParse(id, out var tx)
                        ? await AttemptRows.ListAsync(w, "tx_id = @tx", new { tx = tx.ToArray() })
                        : await AttemptRows.ListAsync(w, "id = @id", new { id })
                ).FirstOrDefault(),
            cancellation
        );

    /// <summary>Attempts newest first; of all there ever were, by their ids, which go up with time.</summary>
    public Task<ImmutableArray<Attempt>> ListRecentAsync(int limit, bool openOnly, CancellationToken cancellation) =>
        _works.ReadAsync(
            w =>
                AttemptRows.ListAsync(
                    w,
                    openOnly ? "tx IS NOT NULL AND state IN ('Stored', 'Offered', 'Pending', 'InBlock')" : "1 = 1",
                    new { limit },
                    openOnly ? "created_at DESC, id DESC LIMIT @limit" : "id DESC LIMIT @limit"
                ),
            cancellation
        );

    /// <summary>Records what a provider said. It changes nothing else: no answer ends an attempt.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="state">Offered, or pending in a mempool.</param>
    /// <param name="answer">In words; null for plain acceptance.</param>
    /// <param name="refused">True when it was a refusal.</param>
    /// <param name="tipHeight">The tip's height then.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task NoteAnswerAsync(
        string id,
        AttemptState state,
        string? answer,
        bool refused,
        long tipHeight,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        _works.WriteAsync(
            now,
            w =>
                w.ExecuteAsync(
                    "UPDATE attempt SET state = @state, answer = @answer, refusals = CASE WHEN @refused = 1 THEN refusals + 1 ELSE 0 END, offered_at = @tipHeight, "
                        + "updated_at = @now WHERE id = @id AND state IN ('Stored', 'Offered', 'Pending')",
                    new
                    {
                        id,
                        state = state.ToString(),
                        answer,
                        refused = refused ? 1 : 0,
                        tipHeight,
                        now = w.Now.ToUnixTimeMilliseconds(),
                    }
                ),
            cancellation
        );

    /// <summary>
    /// Records that an attempt is in a block. For deals nothing else changes: what it serves stays taken until the projection shows it or a rollback takes the
    /// block back. Registrations and transfers are confirmed by it, and whatever else it serves is free. What else would spend the same is in conflict.
    /// </summary>
    public Task MarkFoundAsync(Attempt attempt, ChainTransaction found, Decisions decisions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(decisions);
        return _works.WriteAsync(decisions.Now, w => AttemptRows.IncludeAsync(w, found, shown: false, decisions), cancellation);
    }

    /// <summary>
    /// Takes up a transaction in a block that another copy of this node made: as if this one had stored it and found it. False when it is known.
    /// </summary>
    public Task<bool> AdoptAsync(Attempt attempt, ChainTransaction found, Decisions decisions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(decisions);
        return _works.WriteAsync(decisions.Now, w => AttemptRows.AdoptAsync(w, attempt, found, decisions), cancellation);
    }

    /// <summary>The same bytes are wanted again: they are sent again, unless something that lives spends the same.</summary>
    public Task ReviveAsync(Attempt attempt, Decisions decisions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(decisions);
        return _works.WriteAsync(
            decisions.Now,
            async w =>
            {
                if (attempt.State is AttemptState.Expired or AttemptState.Conflicted)
                {
                    await AttemptRows.TakeBackAsync(w, attempt.Id, decisions);
                }
            },
            cancellation
        );
    }

    /// <summary>The block in which it was found is gone: it waits for one again.</summary>
    public Task TakeBackAsync(Attempt attempt, Decisions decisions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(decisions);
        return _works.WriteAsync(decisions.Now, w => AttemptRows.TakeBackAsync(w, attempt.Id, decisions), cancellation);
    }

    /// <summary>What it serves is free although nothing shows it: for the simulation alone (P1).</summary>
    internal Task ReleaseAsync(Attempt attempt, Decisions decisions, CancellationToken cancellation) =>
        _works.WriteAsync(decisions.Now, w => AttemptRows.FreeSubjectsAsync(w, attempt.Id, new DealEvent.Freed(), decisions), cancellation);

    /// <summary>Records that an attempt is dead as far as the chain shows: its validity ended, or another transaction took an input of it.</summary>
    public Task EndAsync(Attempt attempt, AttemptState state, string why, TransactionId? takenBy, Decisions decisions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(decisions);
        return _works.WriteAsync(decisions.Now, w => AttemptRows.EndAsync(w, attempt.Id, state, why, takenBy, decisions), cancellation);
    }

    /// <summary>Records that a transaction on chain took inputs: other attempts that spend them are in conflict.</summary>
    public Task MarkTakenAsync(ChainTransaction found, Decisions decisions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(decisions);
        return _works.WriteAsync(decisions.Now, w => AttemptRows.TakeInputsAsync(w, found, decisions), cancellation);
    }

    /// <summary>
    /// Lets go what no rollback can reach any more: attempts in blocks up to a height are final, and neither they nor those whose validity ended before a slot
    /// keep their bytes, or what they spend and exclude: nothing must exclude them any longer (decision 1).
    /// </summary>
    public Task RetireAsync(long height, Slot deadBefore, DateTimeOffset now, CancellationToken cancellation) =>
        _works.WriteAsync(
            now,
            async w =>
            {
                var args = new
                {
                    height,
                    slot = deadBefore.Number,
                    now = w.Now.ToUnixTimeMilliseconds(),
                };
                foreach (var table in Claims)
                {
                    await w.ExecuteAsync($"DELETE FROM {table} WHERE attempt_id IN (SELECT id FROM attempt WHERE tx IS NOT NULL AND {Final})", args);
                    await w.ExecuteAsync($"DELETE FROM {table} WHERE attempt_id IN (SELECT id FROM attempt WHERE tx IS NOT NULL AND {Dead})", args);
                }

                await w.ExecuteAsync($"UPDATE attempt SET state = 'Final', tx = NULL, updated_at = @now WHERE tx IS NOT NULL AND {Final}", args);
                await w.ExecuteAsync($"UPDATE attempt SET tx = NULL WHERE tx IS NOT NULL AND {Dead}", args);
            },
            cancellation
        );

    private Task<ImmutableArray<Attempt>> ListAsync(string where, object args, CancellationToken cancellation) =>
        _works.ReadAsync(w => AttemptRows.ListAsync(w, where, args), cancellation);
}
