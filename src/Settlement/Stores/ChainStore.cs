using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Stores;

/// <summary>What one followed transaction contributes: what happened to escrows, of which only what concerns this node is kept.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Steps">Its steps in order.</param>
/// <param name="Ours">Identifiers among them that name a wallet of this node, whether there is a deal or not.</param>
public sealed record FollowedTransaction(ChainTransaction Transaction, ImmutableArray<EscrowStep> Steps, ImmutableHashSet<string> Ours);

/// <summary>How the chain store tells deals what happened.</summary>
/// <param name="Project">A deal and every step of its identifier.</param>
/// <param name="Adopt">
/// The attempt that a transaction is when a copy of this node made it, of which none is known: from its signed locks, each with its purchase, as projected, or none
/// where there is none here.
/// </param>
/// <param name="Decisions">What becomes of what attempts serve.</param>
/// <param name="Depth">Most blocks that any lock must be deep.</param>
/// <param name="MayAppend">Whether what was read from the expected point on may be appended to the newest stored one.</param>
public sealed record ChainChanges(
    Func<Deal, IReadOnlyList<EscrowStep>, DealChange> Project,
    Func<ChainTransaction, IReadOnlyList<(Deal? Deal, EscrowStep Lock)>, Attempt?> Adopt,
    Decisions Decisions,
    int Depth,
    Func<BlockPoint?, BlockPoint?, bool> MayAppend
);

/// <summary>What the chain showed at the contracts' addresses.</summary>
public sealed class ChainStore
{
    /// <summary>Points are kept for this many blocks; Cardano never rolls back further than k = 2160.</summary>
    public const int PointsKept = 2160;

    private const int ProjectedAtOnce = 200;

    // The same order on both stores, in every process.
    private static readonly Comparer<byte[]> InOrder = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private readonly Works _works;

    internal ChainStore(Works works) => _works = works;

    /// <summary>Points processed for a source, newest first.</summary>
    public Task<ImmutableArray<BlockPoint>> ListPointsAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<PointRow>(
                        "SELECT height, hash, slot, time_ms FROM chain_point WHERE source_id = @sourceId ORDER BY height DESC",
                        new { sourceId }
                    )
                )
                    .Select(r => r.ToPoint())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>
    /// Records followed transactions of one source, the deals they touch projected anew, attempts among them included, and the point reached: all or nothing.
    /// False, and nothing recorded, when the newest stored point is not <paramref name="expected"/> (P11): somebody else went on meanwhile, perhaps on another
    /// branch, and what was read is stale.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="expected">The newest point when reading began; null when there was none.</param>
    /// <param name="transactions">In chain order; already known ones are ignored.</param>
    /// <param name="point">The block up to which everything is now known; null when only something that was missed is added.</param>
    /// <param name="changes">What becomes of deals.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task<bool> AppendAsync(
        PaymentSource source,
        BlockPoint? expected,
        IReadOnlyList<FollowedTransaction> transactions,
        BlockPoint? point,
        ChainChanges changes,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(transactions);
        ArgumentNullException.ThrowIfNull(changes);
        return _works.WriteAsync(
            changes.Decisions.Now,
            async w =>
            {
                if (!changes.MayAppend(expected, await NewestAsync(w, source.Id)))
                {
                    return false;
                }

                var touched = new SortedSet<byte[]>(InOrder);
                var known = await KnownRows.OfAsync(w, source.Id, transactions);
                await FollowedRows.DoubtLaterAsync(w, source.Id, expected, transactions);
                foreach (var followed in transactions)
                {
                    await FollowedRows.RecordAsync(w, source, followed, known, touched);
                }

                await FollowedRows.DoubtStaleAsync(w, source.Id, transactions);
                if (point is not null)
                {
                    await SavePointAsync(w, source.Id, point, expected);
                    await TouchDeepeningAsync(w, source.Id, (expected?.Height ?? -1) - changes.Depth, touched);
                }

                await ProjectAsync(w, source, touched, changes);
                foreach (var followed in transactions)
                {
                    await TellAttemptsAsync(w, followed, known, changes);
                }

                return true;
            },
            cancellation
        );
    }

    /// <summary>
    /// Forgets what the chain no longer has: steps and points above <paramref name="to"/>; touched deals are projected anew and attempts live again. False
    /// when the newest stored point is not <paramref name="expected"/>.
    /// </summary>
    public Task<bool> RollBackAsync(PaymentSource source, BlockPoint? expected, BlockPoint? to, ChainChanges changes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(changes);
        return _works.WriteAsync(
            changes.Decisions.Now,
            async w =>
            {
                if (!changes.MayAppend(expected, await NewestAsync(w, source.Id)))
                {
                    return false;
                }

                await ForgetAsync(w, source, to?.Height ?? -1, changes);
                await OutboxStore.AppendAsync(w, "Source", source.Id, 0, "RolledBack", new { height = to?.Height ?? -1 });
                return true;
            },
            cancellation
        );
    }

    /// <summary>Forgets single transactions that a second look found no longer on chain, or in another block.</summary>
    public Task ForgetAsync(PaymentSource source, IReadOnlyCollection<TransactionId> transactions, ChainChanges changes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(transactions);
        ArgumentNullException.ThrowIfNull(changes);
        return _works.WriteAsync(
            changes.Decisions.Now,
            async w =>
            {
                var touched = new SortedSet<byte[]>(InOrder);
                foreach (var tx in transactions)
                {
                    var args = new { id = source.Id, tx = tx.ToArray() };
                    touched.UnionWith(await w.QueryAsync<byte[]>("SELECT identifier_hash FROM escrow_step WHERE tx_id = @tx AND source_id = @id", args));
                    await w.ExecuteAsync("DELETE FROM escrow_step WHERE tx_id = @tx AND source_id = @id", args);
                    await w.ExecuteAsync("DELETE FROM followed_tx WHERE source_id = @id AND tx_id = @tx", args);
                }

                await ProjectAsync(w, source, touched, changes);
                foreach (var tx in transactions)
                {
                    // What of ours was in no block after all waits for one, with the same bytes.
                    await AttemptRows.TakeBackAsync(w, tx, changes.Decisions);
                }
            },
            cancellation
        );
    }

    /// <summary>Transactions at the contracts of sources that nothing explains, newest first.</summary>
    public Task<ImmutableArray<UnexplainedTransaction>> ListUnexplainedAsync(IReadOnlyCollection<string> sources, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(w => UnexplainedRows.ListAsync(w, sources, limit), cancellation);

    /// <summary>Transactions followed at a source from a height on, and their heights.</summary>
    public Task<ImmutableDictionary<TransactionId, long>> ListFollowedAsync(string sourceId, long fromHeight, CancellationToken cancellation) =>
        _works.ReadAsync(w => FollowedRows.ListAsync(w, sourceId, fromHeight), cancellation);

    /// <summary>Of those, the ones that another process noted without an output that is known by now: to be read again.</summary>
    public Task<ImmutableHashSet<TransactionId>> ListDoubtedAsync(string sourceId, long fromHeight, CancellationToken cancellation) =>
        _works.ReadAsync(w => FollowedRows.ListDoubtedAsync(w, sourceId, fromHeight), cancellation);

    /// <summary>
    /// Locks from a height on under the identifier of a deal without the signature of the buyer they name, while that deal waits, newest first: a provider may have
    /// told the signatures wrongly. Anyone can make such locks.
    /// </summary>
    public Task<ImmutableArray<(Deal Deal, EscrowStep Lock)>> ListUnsignedAsync(string sourceId, long fromHeight, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
            {
                var locks = await StepRow.ListUnsignedAsync(w, sourceId, fromHeight, limit);
                var deals = await DealRows.ListAsync(w, sourceId, locks.Select(l => new Hash32(l.IdentifierHash)).Distinct().Select(h => h.ToArray()));
                return locks
                    .SelectMany(l =>
                        deals[new Hash32(l.IdentifierHash)].Where(d => d.Projection.State is null).Select(d => (d, l.ToStep(d.Terms.Identifier.ToString())))
                    )
                    .ToImmutableArray();
            },
            cancellation
        );

    /// <summary>
    /// Projects deals that wait anew, of whose escrows something is stored already: it was read before they were made here, as somebody else's. What a wallet of
    /// ours signed for them before is an attempt of theirs from now on, in the same transaction. Writes nothing where there is nothing.
    /// </summary>
    /// <returns>Whether there was something.</returns>
    public async Task<bool> ProjectAgainAsync(PaymentSource source, IEnumerable<string> identifiers, ChainChanges changes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(changes);
        var hashes = identifiers.Select(Bytes.HashOf).ToList();
        var known = await _works.ReadAsync(
            async w => (await StepRow.ListLockedAsync(w, source.Id, hashes)).Concat(await UnclaimedLocks.ListAsync(w, hashes)).Distinct().ToList(),
            cancellation
        );
        if (known.Count == 0)
        {
            return false;
        }

        await _works.WriteAsync(
            changes.Decisions.Now,
            async w =>
            {
                await ProjectAsync(w, source, known.Select(k => k.ToArray()), changes);
                foreach (var hash in known)
                {
                    await UnclaimedLocks.ClaimAsync(w, source.Id, hash.ToArray(), changes.Decisions);
                }
            },
            cancellation
        );
        return true;
    }

    /// <summary>Locks that a seller counts only with a second provider's word, which is still to come, oldest first; a few.</summary>
    public Task<ImmutableArray<EscrowStep>> ListUnagreedAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(w => StepRow.ListUnagreedAsync(w, sourceId), cancellation);

    /// <summary>Notes that a second provider has a lock in the same block; its deals are projected anew.</summary>
    public Task MarkAgreedAsync(PaymentSource source, EscrowStep step, ChainChanges changes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(changes);
        return _works.WriteAsync(
            changes.Decisions.Now,
            async w =>
            {
                var row = StepRow.From(step);
                var sql = "UPDATE escrow_step SET agreed = 1 WHERE source_id = @SourceId AND tx_id = @TxId AND ordinal = @Ordinal AND block_hash = @BlockHash";
                if (await w.ExecuteAsync(sql, row) > 0)
                {
                    await ProjectAsync(w, source, [row.IdentifierHash], changes);
                }
            },
            cancellation
        );
    }

    /// <summary>The escrow outputs of a source among the given references, with their content; only those that concern this node are known.</summary>
    public Task<ImmutableDictionary<TxInput, TxOutput>> FindOutputsAsync(string sourceId, IEnumerable<TxInput> inputs, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
            {
                var wanted = inputs.ToHashSet();
                var rows = await w.QueryAsync<OutputRow>(
                    wanted.Select(i => i.TxId).Distinct().Select(i => i.ToArray()),
                    "SELECT tx_id, new_index, new_output FROM escrow_step WHERE tx_id IN (@keys) AND source_id = @sourceId "
                        + "AND new_index IS NOT NULL AND new_output IS NOT NULL",
                    new { sourceId }
                );
                return rows.Select(r => (At: new TxInput(Bytes.ToTransaction(r.TxId), (int)r.NewIndex), r.NewOutput))
                    .Where(r => wanted.Contains(r.At))
                    .ToImmutableDictionary(r => r.At, r => TxOutput.FromCbor(r.NewOutput));
            },
            cancellation
        );

    /// <summary>The steps of one escrow in chain order.</summary>
    public Task<ImmutableArray<EscrowStep>> ListStepsAsync(string sourceId, string identifier, CancellationToken cancellation) =>
        _works.ReadAsync(w => StepRow.ListAsync(w, sourceId, identifier), cancellation);

    /// <summary>Identifiers at a source that name a wallet of this node and have no deal here: money without a deal. Anyone can make such, so a hundred at most.</summary>
    public Task<ImmutableArray<string>> ListOrphansAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<byte[]>(
                        "SELECT o.identifier FROM escrow_orphan o WHERE EXISTS "
                            + "(SELECT 1 FROM escrow_step s WHERE s.identifier_hash = o.identifier_hash AND s.source_id = @sourceId) AND NOT EXISTS "
                            + "(SELECT 1 FROM deal d WHERE d.identifier_hash = o.identifier_hash AND d.source_id = @sourceId) ORDER BY o.identifier LIMIT 100",
                        new { sourceId }
                    )
                )
                    .Select(Bytes.ToHex)
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>
    /// Lets go of the content of escrow outputs that nobody reads again: of escrows that ended, all of whose steps lie at or below a height that no rollback reaches.
    /// What they said is the projection of their deals, from which anything later goes on; where something strange happened besides, everything is kept.
    /// </summary>
    public Task RetireAsync(long height, CancellationToken cancellation) =>
        _works.WriteAsync(
            w =>
                w.ExecuteAsync(
                    "UPDATE escrow_step SET new_output = NULL WHERE new_output IS NOT NULL AND height <= @height "
                        + "AND EXISTS (SELECT 1 FROM deal d WHERE d.identifier_hash = escrow_step.identifier_hash AND d.source_id = escrow_step.source_id) "
                        + "AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.identifier_hash = escrow_step.identifier_hash AND d.source_id = escrow_step.source_id "
                        + "AND (d.chain_state IS NULL OR d.escrow_ref IS NOT NULL OR d.strange IS NOT NULL OR d.second_lock IS NOT NULL)) "
                        + "AND NOT EXISTS (SELECT 1 FROM escrow_step l WHERE l.identifier_hash = escrow_step.identifier_hash AND l.height > @height)",
                    new { height }
                ),
            cancellation
        );

    /// <summary>The newest point of every source that has one.</summary>
    internal static async Task<ImmutableDictionary<string, BlockPoint>> NewestAsync(Work work) =>
        (
            await work.QueryAsync<PointRow>(
                "SELECT p.source_id, p.height, p.hash, p.slot, p.time_ms FROM chain_point p "
                    + "JOIN (SELECT source_id, MAX(height) AS height FROM chain_point GROUP BY source_id) n ON n.source_id = p.source_id AND n.height = p.height"
            )
        ).ToImmutableDictionary(r => r.SourceId, r => r.ToPoint(), StringComparer.Ordinal);

    private static async Task<BlockPoint?> NewestAsync(Work work, string sourceId) =>
        (
            await work.SingleAsync<PointRow>(
                "SELECT height, hash, slot, time_ms FROM chain_point WHERE source_id = @sourceId ORDER BY height DESC LIMIT 1",
                new { sourceId }
            )
        )?.ToPoint();

    // Payments whose lock counts once it is deep enough.
    private static async Task TouchDeepeningAsync(Work work, string sourceId, long above, SortedSet<byte[]> touched) =>
        touched.UnionWith(
            await work.QueryAsync<byte[]>(
                // CROSS JOIN: SQLite would rather go through every payment there ever was.
                "SELECT s.identifier_hash FROM escrow_step s CROSS JOIN deal d WHERE d.identifier_hash = s.identifier_hash AND d.source_id = s.source_id "
                    + "AND s.source_id = @sourceId AND s.kind = 'Lock' AND s.height > @above AND d.chain_state IS NULL AND d.side = 'Payment'",
                new { sourceId, above }
            )
        );

    private static async Task ForgetAsync(DatedWork work, PaymentSource source, long height, ChainChanges changes)
    {
        var args = new { id = source.Id, height };
        var touched = new SortedSet<byte[]>(
            await work.QueryAsync<byte[]>("SELECT identifier_hash FROM escrow_step WHERE height > @height AND source_id = @id", args),
            InOrder
        );
        await work.ExecuteAsync("DELETE FROM escrow_step WHERE height > @height AND source_id = @id", args);
        await work.ExecuteAsync("DELETE FROM followed_tx WHERE source_id = @id AND height > @height", args);
        await work.ExecuteAsync("DELETE FROM chain_point WHERE source_id = @id AND height > @height", args);
        await work.ExecuteAsync("UPDATE payment_source SET covered_height = @height WHERE id = @id AND covered_height > @height", args);
        await work.ExecuteAsync("UPDATE hot_wallet SET covered_height = @height WHERE source_id = @id AND covered_height > @height", args);
        await AttemptRows.RollBackAsync(work, source.Id, height, changes.Decisions);
        await ProjectAsync(work, source, touched, changes);
    }

    private static async Task TellAttemptsAsync(DatedWork work, FollowedTransaction followed, KnownRows known, ChainChanges changes)
    {
        var isAttempt = known.IsAttempt(followed.Transaction);
        if (isAttempt)
        {
            await AttemptRows.IncludeAsync(work, followed.Transaction, shown: true, changes.Decisions);
            foreach (var step in followed.Steps.Where(s => s is { Action: null, SignedByBuyer: true } && known.HasPurchase(Bytes.HashOf(s.Identifier))))
            {
                await UnclaimedLocks.ClaimAsync(work, step.SourceId, Bytes.HashOf(step.Identifier), changes.Decisions);
                await AttemptRows.AddSubjectAsync(work, step);
            }
        }

        if (known.SpendsHeld(followed.Transaction))
        {
            await AttemptRows.TakeInputsAsync(work, followed.Transaction, changes.Decisions);
        }

        if (!isAttempt)
        {
            await AdoptAsync(work, followed, known, changes);
        }
    }

    // A lock of ours without an attempt was made by a copy of this database. As an attempt it returns with the same bytes when a rollback takes it, and what would
    // pay anew must exclude it; also where its purchase comes later, when nobody may be there to be asked for it.
    private static async Task AdoptAsync(DatedWork work, FollowedTransaction followed, KnownRows known, ChainChanges changes)
    {
        var locks = new List<(Deal?, EscrowStep)>();
        foreach (var step in followed.Steps.Where(s => s is { Action: null, SignedByBuyer: true }))
        {
            var hash = Bytes.HashOf(step.Identifier);
            if (!known.HasPurchase(hash))
            {
                locks.Add((null, step));
                continue;
            }

            var id = await work.SingleAsync<string>(
                "SELECT id FROM deal WHERE identifier_hash = @hash AND source_id = @SourceId AND side = 'Purchase' AND chain_state IS NOT NULL",
                new { hash, step.SourceId }
            );
            if (id is not null && await DealRows.LockAsync(work, id) is { } deal)
            {
                locks.Add((deal, step));
            }
        }

        if (locks.Count > 0 && changes.Adopt(followed.Transaction, locks) is { } attempt)
        {
            await AttemptRows.AdoptAsync(work, attempt, followed.Transaction, changes.Decisions);
        }
    }

    private static async Task ProjectAsync(DatedWork work, PaymentSource source, IEnumerable<byte[]> identifierHashes, ChainChanges changes)
    {
        foreach (var hashes in identifierHashes.Chunk(ProjectedAtOnce))
        {
            var deals = await DealRows.LockAsync(work, source.Id, hashes);
            var steps = await StepRow.ListAsync(work, source.Id, deals.Select(d => d.Key.ToArray()));
            foreach (var both in deals)
            {
                var identifier = both.First().Terms.Identifier.ToString();
                var own = steps[both.Key].Select(s => s.ToStep(identifier)).ToList();
                foreach (var deal in both)
                {
                    await DealRows.SaveAsync(work, deal, changes.Project(deal, own));
                }
            }
        }
    }

    private static async Task SavePointAsync(Work work, string sourceId, BlockPoint point, BlockPoint? before)
    {
        var args = new
        {
            sourceId,
            point.Height,
            hash = point.Hash.ToArray(),
            slot = point.Slot.Number,
            time = point.Time.ToUnixTimeMilliseconds(),
            oldest = point.Height - PointsKept,
            sparse = point.Height - 40,
        };
        await work.ExecuteAsync(
            "INSERT INTO chain_point (source_id, height, hash, slot, time_ms) VALUES (@sourceId, @Height, @hash, @slot, @time) "
                + "ON CONFLICT (source_id, height) DO UPDATE SET hash = @hash, slot = @slot, time_ms = @time",
            args
        );

        // Now and then is often enough.
        if (before is not null && before.Height / 10 == point.Height / 10)
        {
            return;
        }

        // The last forty, then every tenth: a rollback so deep costs reading a few blocks more.
        await work.ExecuteAsync(
            "DELETE FROM chain_point WHERE source_id = @sourceId AND (height < @oldest OR (height < @sparse AND height % 10 <> 0 "
                + "AND EXISTS (SELECT 1 FROM chain_point p WHERE p.source_id = @sourceId AND p.height < chain_point.height AND p.height >= chain_point.height - 10)))",
            args
        );
        await work.ExecuteAsync("DELETE FROM followed_tx WHERE source_id = @sourceId AND height < @oldest", args);
    }

    private sealed class PointRow
    {
        public string SourceId { get; set; } = "";
        public long Height { get; set; }
        public byte[] Hash { get; set; } = [];
        public long Slot { get; set; }
        public long TimeMs { get; set; }

        public BlockPoint ToPoint() => new(Height, new Hash32(Hash), new Slot(Slot), DateTimeOffset.FromUnixTimeMilliseconds(TimeMs));
    }

    private sealed class OutputRow
    {
        public byte[] TxId { get; set; } = [];
        public long NewIndex { get; set; }
        public byte[] NewOutput { get; set; } = [];
    }
}
