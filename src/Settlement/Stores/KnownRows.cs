using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>
/// What the store has of what transactions are about, asked once for all of them: nearly everything at a contract's address is strangers', and nothing more need be
/// asked of it.
/// </summary>
internal sealed class KnownRows
{
    private readonly HashSet<Hash32> _deals = [];
    private readonly HashSet<Hash32> _purchases = [];
    private readonly HashSet<TransactionId> _attempts = [];
    private readonly HashSet<TxInput> _held = [];

    private KnownRows() { }

    /// <summary>Of transactions at a source.</summary>
    public static async Task<KnownRows> OfAsync(Work work, string sourceId, IReadOnlyCollection<FollowedTransaction> transactions)
    {
        var known = new KnownRows();
        var deals = await work.QueryAsync<DealKey>(
            transactions.SelectMany(f => f.Steps).Select(s => s.Identifier).Distinct(StringComparer.Ordinal).Select(Bytes.HashOf),
            "SELECT identifier_hash, side FROM deal WHERE identifier_hash IN (@keys) AND source_id = @sourceId",
            new { sourceId }
        );
        known._deals.UnionWith(deals.Select(d => new Hash32(d.IdentifierHash)));
        known._purchases.UnionWith(deals.Where(d => d.Side == nameof(DealSide.Purchase)).Select(d => new Hash32(d.IdentifierHash)));
        known._attempts.UnionWith(
            (
                await work.QueryAsync<byte[]>(
                    transactions.Select(f => f.Transaction.Transaction.Id).Distinct().Select(i => i.ToArray()),
                    "SELECT tx_id FROM attempt WHERE tx_id IN (@keys)"
                )
            ).Select(i => Bytes.ToTransaction(i))
        );
        known._held.UnionWith(
            (
                await work.QueryAsync<byte[]>(
                    transactions.SelectMany(f => f.Transaction.Spends).Distinct().Select(i => Bytes.Of(i)),
                    "SELECT ref FROM attempt_input WHERE ref IN (@keys) AND live = 1"
                )
            ).Select(Bytes.ToInput)
        );
        return known;
    }

    /// <summary>Whether there is a deal with an identifier of this hash.</summary>
    public bool HasDeal(byte[] identifierHash) => _deals.Contains(new Hash32(identifierHash));

    /// <summary>Whether there is a purchase with it.</summary>
    public bool HasPurchase(byte[] identifierHash) => _purchases.Contains(new Hash32(identifierHash));

    /// <summary>Whether it is an attempt of ours.</summary>
    public bool IsAttempt(ChainTransaction found) => _attempts.Contains(found.Transaction.Id);

    /// <summary>Whether it spends what an attempt of ours would, be it itself.</summary>
    public bool SpendsHeld(ChainTransaction found) => found.Spends.Any(_held.Contains);

    private sealed class DealKey
    {
        public byte[] IdentifierHash { get; set; } = [];
        public string Side { get; set; } = "";
    }
}
