using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>Deals that were ever on chain, as sums over times need them.</summary>
internal static class SettledRows
{
    private const int Page = 2000;

    public static async Task TellAsync(Work work, DealQuery query, Action<SettledDeal> tell, CancellationToken cancellation)
    {
        var (where, args) = DealQuerySql.Conditions(query, work.Dialect);
        args.Add("page", Page);
        for (var after = ""; ; )
        {
            cancellation.ThrowIfCancellationRequested();
            args.Add("after", after);
            var rows = await work.QueryAsync<Row>(
                "SELECT d.id, d.identifier_hash, d.state, d.funds, d.pay_by_ms, d.buyer_fees, d.seller_fees, d.source_id, d.current_tx FROM deal d "
                    + $"WHERE {where} AND d.state IS NOT NULL AND d.id > @after ORDER BY d.id LIMIT @page",
                args
            );
            foreach (var row in rows)
            {
                tell(await OfAsync(work, row));
            }

            if (rows.Count < Page)
            {
                return;
            }

            after = rows[^1].Id;
        }
    }

    // Disputes are rare: what the admins divided is looked up for each.
    private static async Task<SettledDeal> OfAsync(Work work, Row row)
    {
        var state = Word.Parse<OnChainState>(row.State);
        var (toBuyer, toSeller) = (Value.Zero, Value.Zero);
        if (state == OnChainState.DisputedWithdrawn && row.CurrentTx is { } tx)
        {
            var steps = await work.QueryAsync<StepRow>(
                "SELECT to_buyer, to_seller FROM escrow_step WHERE identifier_hash = @IdentifierHash AND source_id = @SourceId AND tx_id = @tx AND new_index IS NULL",
                new
                {
                    row.IdentifierHash,
                    row.SourceId,
                    tx = TransactionId.Parse(tx).ToArray(),
                }
            );
            var step = steps.Find(s => s.ToBuyer is not null || s.ToSeller is not null);
            toBuyer = step?.ToBuyer is { } buyers ? Amounts.FromJson(buyers) : toBuyer;
            toSeller = step?.ToSeller is { } sellers ? Amounts.FromJson(sellers) : toSeller;
        }

        return new SettledDeal(
            state,
            DateTimeOffset.FromUnixTimeMilliseconds(row.PayByMs),
            Amounts.FromJson(row.Funds),
            toBuyer,
            toSeller,
            new Lovelace(row.BuyerFees),
            new Lovelace(row.SellerFees)
        );
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public byte[] IdentifierHash { get; set; } = [];
        public string State { get; set; } = "";
        public string Funds { get; set; } = "";
        public long PayByMs { get; set; }
        public long BuyerFees { get; set; }
        public long SellerFees { get; set; }
        public string SourceId { get; set; } = "";
        public string? CurrentTx { get; set; }
    }
}
