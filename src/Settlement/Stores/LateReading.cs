using Dapper;
using Masumi.Cardano.Transactions;
using Masumi.Chain;

namespace Masumi.Settlement.Stores;

/// <summary>
/// What a transaction does at the contract is read from the escrow outputs known by then. Where one of those comes to be known later, whatever was read without it
/// is read again with it (LateReader); what another process noted in the meantime counts as not followed, so that the next look reads it again.
/// </summary>
internal static class LateReading
{
    /// <summary>Before transactions are recorded that lie at or below the newest point: what came after them may have spent what they create.</summary>
    public static async Task DoubtLaterAsync(Work work, string sourceId, BlockPoint? newest, IReadOnlyList<FollowedTransaction> transactions)
    {
        var late = transactions.Where(f => f.Transaction.Block.Height <= newest?.Height && f.Steps.Any(s => s.Created is not null)).ToList();
        if (late.Count > 0)
        {
            await work.ExecuteAsync(
                "DELETE FROM followed_tx WHERE source_id = @sourceId AND height >= @from",
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

        var args = new DynamicParameters(new { sourceId });
        var ids = Work.List(args, "t", spending.SelectMany(f => f.Transaction.Transaction.Body.Inputs).Select(i => i.TxId).Distinct().Select(i => i.ToArray()));
        var rows = await work.QueryAsync<CreatedRow>(
            $"SELECT tx_id, new_index FROM escrow_step WHERE tx_id IN ({ids}) AND source_id = @sourceId AND new_index IS NOT NULL AND new_output IS NOT NULL",
            args
        );
        var known = rows.Select(r => new TxInput(Bytes.ToTransaction(r.TxId), (int)r.NewIndex)).ToHashSet();
        foreach (var followed in spending)
        {
            var inputs = followed.Transaction.Transaction.Body.Inputs;
            if (inputs.Any(i => known.Contains(i) && !followed.Steps.Any(s => s.Spent == i)))
            {
                await work.ExecuteAsync(
                    "DELETE FROM followed_tx WHERE source_id = @sourceId AND tx_id = @tx",
                    new { sourceId, tx = followed.Transaction.Transaction.Id.ToArray() }
                );
            }
        }
    }

    private sealed class CreatedRow
    {
        public byte[] TxId { get; set; } = [];
        public long NewIndex { get; set; }
    }
}
