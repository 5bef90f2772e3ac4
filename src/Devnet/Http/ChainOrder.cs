using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger;

namespace Masumi.Devnet.Http;

/// <summary>Walks over the blocks of a view.</summary>
internal static class ChainOrder
{
    public static LedgerBlock BlockAt(this DevnetView view, long height) => view.Blocks[checked((int)height)];

    /// <summary>The height of the first block at or after a slot; one beyond the tip when there is none.</summary>
    public static long FirstHeightFrom(this DevnetView view, long slot)
    {
        long low = 0;
        var high = view.Tip.Height + 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (view.BlockAt(middle).Slot.Number < slot)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Every transaction on chain, oldest first.</summary>
    public static IEnumerable<Transaction> Transactions(this DevnetView view) => view.Blocks.SelectMany(b => b.Transactions);

    /// <summary>The transactions of which something holds, with their place on chain, oldest first.</summary>
    public static IEnumerable<TransactionRecord> Find(this DevnetView view, Func<Transaction, bool> wanted) =>
        view.Transactions().Where(wanted).Select(t => view.Index.Transactions[t.Id]);
}
