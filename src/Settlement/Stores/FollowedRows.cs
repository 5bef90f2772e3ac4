using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Stores;

/// <summary>
/// Transactions followed at contracts' addresses, and the steps they are. What one does is read from the escrow outputs known by then. Where one of those comes to
/// be known later, whatever was read without it is read again with it (LateReader); what another process noted in the meantime is doubted, so that the next look
/// reads it again. It stays followed until then: a look forgets what is followed and on no chain.
/// </summary>
internal static class FollowedRows
{
    /// <summary>Records one. Anyone can make outputs at the contract's address; kept is what a deal of ours is about, or what names a wallet of ours.</summary>
    public static async Task RecordAsync(DatedWork work, PaymentSource source, FollowedTransaction followed, KnownRows known, SortedSet<byte[]> touched)
    {
        var found = followed.Transaction;
        var read = new
        {
            id = source.Id,
            tx = found.Transaction.Id.ToArray(),
            height = found.Block.Height,
            block = found.Block.Hash.ToArray(),
        };
        if (!found.IsValid)
        {
            // That it failed is one provider's word: it stays unknown, so that the next look asks again.
            touched.UnionWith(await work.QueryAsync<byte[]>("SELECT identifier_hash FROM escrow_step WHERE tx_id = @tx AND source_id = @id", read));
            await work.ExecuteAsync("DELETE FROM escrow_step WHERE tx_id = @tx AND source_id = @id", read);
            await work.ExecuteAsync("DELETE FROM followed_tx WHERE source_id = @id AND tx_id = @tx", read);
            return;
        }

        var isNew = await work.ExecuteAsync("INSERT INTO followed_tx (source_id, tx_id, height) VALUES (@id, @tx, @height) ON CONFLICT DO NOTHING", read) > 0;
        var kept = new List<(EscrowStep Step, byte[] Hash)>();
        foreach (var step in followed.Steps)
        {
            var hash = Bytes.HashOf(step.Identifier);
            var hasDeal = known.HasDeal(hash);
            if (hasDeal || followed.Ours.Contains(step.Identifier))
            {
                kept.Add((step, hash));
            }

            if (!hasDeal && followed.Ours.Contains(step.Identifier))
            {
                await AddOrphanAsync(work, source, step, hash);
            }
        }

        if (isNew && kept.Count == 0)
        {
            return;
        }

        if (!isNew)
        {
            await work.ExecuteAsync(
                "UPDATE followed_tx SET height = @height, doubted = 0 WHERE source_id = @id AND tx_id = @tx AND (height <> @height OR doubted = 1)",
                read
            );
        }

        // Read again, it may say something else: what it spends was not known the first time, and its output looked like a lock. A signature that verified once
        // stays verified, whatever bytes are shown now; and so does a second provider's word on the same block.
        var before = await work.QueryAsync<BeforeRow>(
            "DELETE FROM escrow_step WHERE tx_id = @tx AND source_id = @id RETURNING identifier_hash, block_hash, new_index, signed_by_buyer, agreed",
            read
        );
        touched.UnionWith(before.Select(b => b.IdentifierHash));
        foreach (var (shown, hash) in kept)
        {
            var earlier = before.Find(b => shown.Created is { } at && b.NewIndex == at.Index);
            var step = shown with
            {
                SignedByBuyer = shown.SignedByBuyer || (shown.Action is null && earlier is { SignedByBuyer: not 0 }),
                IsAgreed = shown.IsAgreed || (earlier is { Agreed: not 0 } && earlier.BlockHash.AsSpan().SequenceEqual(read.block)),
            };
            await work.ExecuteAsync(StepRow.Insert, StepRow.From(step));
            touched.Add(hash);
        }
    }

    // Money that names a wallet of this node, and no deal that says whose it is: told once.
    private static async Task AddOrphanAsync(DatedWork work, PaymentSource source, EscrowStep step, byte[] hash)
    {
        var isNew =
            await work.ExecuteAsync(
                "INSERT INTO escrow_orphan (identifier_hash, identifier) VALUES (@hash, @identifier) ON CONFLICT (identifier_hash) DO NOTHING",
                new { hash, identifier = Bytes.Of(step.Identifier) }
            ) > 0;
        if (isNew && step is { Created: { } at, Output: { } output })
        {
            await OutboxStore.AppendAsync(
                work,
                "Source",
                source.Id,
                0,
                "MoneyWithoutDeal",
                new
                {
                    identifier = step.Identifier,
                    transaction = at.TxId.ToString(),
                    index = at.Index,
                    lovelace = output.Value.Coin.Amount,
                }
            );
        }
    }

    /// <summary>Before transactions are recorded that lie at or below the newest point: what came after them may have spent what they create.</summary>
    public static async Task DoubtLaterAsync(Work work, string sourceId, BlockPoint? newest, IReadOnlyList<FollowedTransaction> transactions)
    {
        var late = transactions.Where(f => f.Transaction.Block.Height <= newest?.Height && f.Steps.Any(s => s.Created is not null)).ToList();
        if (late.Count > 0)
        {
            await work.ExecuteAsync(
                "UPDATE followed_tx SET doubted = 1 WHERE source_id = @sourceId AND height >= @from",
                new { sourceId, from = late.Min(f => f.Transaction.Block.Height) }
            );
        }
    }

    /// <summary>After transactions were recorded: what they spend may have become known between the reading and now.</summary>
    public static async Task DoubtStaleAsync(Work work, string sourceId, IReadOnlyList<FollowedTransaction> transactions)
    {
        var spending = transactions.Where(f => f.Transaction.IsValid && !f.Transaction.Transaction.Witnesses.Redeemers.IsEmpty).ToList();
        if (spending.Count == 0)
        {
            return;
        }

        var rows = await work.QueryAsync<CreatedRow>(
            spending.SelectMany(f => f.Transaction.Transaction.Body.Inputs).Select(i => i.TxId).Distinct().Select(i => i.ToArray()),
            "SELECT tx_id, new_index FROM escrow_step WHERE tx_id IN (@keys) AND source_id = @sourceId AND new_index IS NOT NULL AND new_output IS NOT NULL",
            new { sourceId }
        );
        var known = rows.Select(r => new TxInput(Bytes.ToTransaction(r.TxId), (int)r.NewIndex)).ToHashSet();
        foreach (var followed in spending)
        {
            var inputs = followed.Transaction.Transaction.Body.Inputs;
            if (inputs.Any(i => known.Contains(i) && !followed.Steps.Any(s => s.Spent == i)))
            {
                await work.ExecuteAsync(
                    "UPDATE followed_tx SET doubted = 1 WHERE source_id = @sourceId AND tx_id = @tx",
                    new { sourceId, tx = followed.Transaction.Transaction.Id.ToArray() }
                );
            }
        }
    }

    /// <summary>From a height on, with their heights.</summary>
    public static async Task<ImmutableDictionary<TransactionId, long>> ListAsync(Work work, string sourceId, long fromHeight) =>
        (
            await work.QueryAsync<FollowedRow>(
                "SELECT tx_id, height FROM followed_tx WHERE source_id = @sourceId AND height >= @fromHeight ORDER BY height, tx_id",
                new { sourceId, fromHeight }
            )
        ).ToImmutableDictionary(r => Bytes.ToTransaction(r.TxId), r => r.Height);

    /// <summary>From a height on, those to be read again.</summary>
    public static async Task<ImmutableHashSet<TransactionId>> ListDoubtedAsync(Work work, string sourceId, long fromHeight) =>
        (
            await work.QueryAsync<byte[]>(
                "SELECT tx_id FROM followed_tx WHERE source_id = @sourceId AND height >= @fromHeight AND doubted = 1 ORDER BY height, tx_id",
                new { sourceId, fromHeight }
            )
        )
            .Select(id => Bytes.ToTransaction(id))
            .ToImmutableHashSet();

    private sealed class FollowedRow
    {
        public byte[] TxId { get; set; } = [];
        public long Height { get; set; }
    }

    private sealed class BeforeRow
    {
        public byte[] IdentifierHash { get; set; } = [];
        public byte[] BlockHash { get; set; } = [];
        public long? NewIndex { get; set; }
        public long SignedByBuyer { get; set; }
        public long Agreed { get; set; }
    }

    private sealed class CreatedRow
    {
        public byte[] TxId { get; set; } = [];
        public long NewIndex { get; set; }
    }
}
