using System.Collections.Immutable;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>Transactions at contracts that nothing explains.</summary>
internal static class UnexplainedRows
{
    // Of money that names a wallet of this node and has no deal only what still lies there.
    private const string Sql =
        "SELECT u.source_id, u.tx_id, u.height, u.tx_index, u.time_ms, u.is_read FROM ("
        + "SELECT f.source_id, f.tx_id, f.height, CAST(NULL AS BIGINT) AS tx_index, "
        + "COALESCE((SELECT MIN(p.time_ms) FROM chain_point p WHERE p.source_id = f.source_id AND p.height >= f.height), 0) AS time_ms, 0 AS is_read "
        + "FROM followed_tx f WHERE f.doubted = 1 UNION ALL "
        + "SELECT s.source_id, s.tx_id, s.height, MIN(s.tx_index) AS tx_index, MIN(s.time_ms) AS time_ms, 1 AS is_read FROM escrow_step s "
        + "WHERE s.kind = 'Lock' "
        + "AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.identifier_hash = s.identifier_hash AND d.source_id = s.source_id) "
        + "AND NOT EXISTS (SELECT 1 FROM escrow_step e WHERE e.identifier_hash = s.identifier_hash AND e.source_id = s.source_id AND e.new_index IS NULL) "
        + "GROUP BY s.source_id, s.tx_id, s.height) u WHERE u.source_id IN (@keys) ORDER BY u.height DESC, u.tx_id LIMIT @limit";

    public static async Task<ImmutableArray<UnexplainedTransaction>> ListAsync(Work work, IEnumerable<string> sources, int limit) =>
        [
            .. (await work.QueryAsync<Row>(sources, Sql, new { limit }))
                .OrderByDescending(r => r.Height)
                .ThenBy(r => Bytes.ToTransaction(r.TxId))
                .Take(limit)
                .Select(r => r.ToTransaction()),
        ];

    private sealed class Row
    {
        public string SourceId { get; set; } = "";
        public byte[] TxId { get; set; } = [];
        public long Height { get; set; }
        public long? TxIndex { get; set; }
        public long TimeMs { get; set; }
        public long IsRead { get; set; }

        public UnexplainedTransaction ToTransaction() =>
            new(SourceId, Bytes.ToTransaction(TxId), Height, TxIndex, DateTimeOffset.FromUnixTimeMilliseconds(TimeMs), IsRead != 0);
    }
}
