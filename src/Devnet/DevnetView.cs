using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Devnet;

/// <summary>A transaction waiting for a block.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Before">The state it was accepted in.</param>
/// <param name="After">The state after it.</param>
internal sealed record PendingTransaction(Transaction Transaction, LedgerState Before, LedgerState After)
{
    /// <summary>
    /// True when a later slot cannot change the ledger's judgement of it, the state before it being the same: of all rules about payments
    /// and scripts only the end of the validity interval gets stricter with time. Certificates, donations and governance know epochs.
    /// </summary>
    public bool HoldsAt(Slot slot)
    {
        var body = Transaction.Body;
        return (body.InvalidHereafter is not { } end || slot < end)
            && body.Donation is null
            && body.Certificates.IsEmpty
            && body.Withdrawals.IsEmpty
            && body.VotingProcedures is null
            && body.ProposalProcedures is null;
    }
}

/// <summary>What a block leaves behind: the state, which the next transaction needs, and the index, which only readers need.</summary>
internal sealed class ChainPoint
{
    // So many transactions and outputs are indexed in a few milliseconds.
    private const int Few = 2000;

    private readonly Task<ChainIndex> _index;

    private ChainPoint(LedgerState state, Task<ChainIndex> index)
    {
        State = state;
        _index = index;
    }

    public LedgerState State { get; }

    /// <summary>After a restart with much history, or a rollback deep into it, the first readers wait for this.</summary>
    public ChainIndex Index => _index.GetAwaiter().GetResult();

    /// <summary>What some blocks from the first on leave behind. They were valid, so nothing is checked.</summary>
    public static ChainPoint After(IReadOnlyCollection<LedgerBlock> blocks, ChainRules rules)
    {
        var state = rules.After(LedgerState.Of([]), blocks);

        if (blocks.SelectMany(b => b.Transactions).Sum(t => 1L + t.Body.Outputs.Length) <= Few)
        {
            return new ChainPoint(state, Task.FromResult(IndexOf(blocks)));
        }

        // On a thread of its own: all threads of the pool may be waiting for it.
        var index = Task.Factory.StartNew(() => IndexOf(blocks), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // Reading a large state leaves as much behind again that nobody needs.
        _ = index.ContinueWith(
            _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
            CancellationToken.None,
            TaskContinuationOptions.LongRunning,
            TaskScheduler.Default
        );
        return new ChainPoint(state, index);
    }

    /// <summary>The same state to readers of another index.</summary>
    public ChainPoint Showing(ChainIndex index) => new(State, Task.FromResult(index));

    /// <summary>What one more block leaves behind.</summary>
    public ChainPoint With(LedgerBlock block, LedgerState after) =>
        new(
            after,
            _index.IsCompleted
                ? Task.FromResult(Index.With(block))
                : _index.ContinueWith(
                    before => before.Result.With(block),
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                )
        );

    private static ChainIndex IndexOf(IEnumerable<LedgerBlock> blocks)
    {
        var builder = new ChainIndexBuilder(new ChainIndex());
        foreach (var block in blocks)
        {
            builder.Add(block);
        }

        var index = builder.ToIndex();
        foreach (var block in blocks)
        {
            Forget(block);
        }

        return index;
    }

    // Of older transactions the bytes are kept; who looks at one decodes it.
    internal static void Forget(LedgerBlock block)
    {
        foreach (var transaction in block.Transactions)
        {
            transaction.Forget();
        }
    }
}

/// <summary>All a reader needs, consistent and immutable.</summary>
/// <param name="Rules">What states follow from besides the blocks.</param>
/// <param name="Blocks">All blocks, genesis first; the index is the height.</param>
/// <param name="Recent">What the newest blocks left behind, the newest last; at least one. What older blocks left behind is made again from them.</param>
/// <param name="Mempool">In order.</param>
/// <param name="MempoolState">The state after everything that waits.</param>
internal sealed record DevnetView(
    ChainRules Rules,
    ImmutableList<LedgerBlock> Blocks,
    ImmutableList<ChainPoint> Recent,
    ImmutableList<PendingTransaction> Mempool,
    LedgerState MempoolState
)
{
    // Rollbacks of some blocks are instant. Each point keeps alive what its block replaced: some kilobytes for every transaction.
    private const int MostRecent = 32;
    private const int MostRecentTransactions = 2000;

    /// <summary>Bytes of everything that waits.</summary>
    public int MempoolBytes { get; init; }

    public LedgerBlock Tip => Blocks[^1];

    /// <summary>The state after the newest block.</summary>
    public LedgerState State => Recent[^1].State;

    /// <summary>The index after the newest block.</summary>
    public ChainIndex Index => Recent[^1].Index;

    /// <summary>The chain of some blocks from the first on, with nothing waiting.</summary>
    public static DevnetView Of(ImmutableList<LedgerBlock> blocks, ChainRules rules)
    {
        // The newest ones one by one, so that a rollback is instant again.
        var older = Math.Max(1, blocks.Count - MostRecent + 1);
        var point = ChainPoint.After(blocks.GetRange(0, older), rules);
        var view = new DevnetView(rules, blocks.GetRange(0, older), [point], [], point.State);
        foreach (var block in blocks.Skip(older))
        {
            view = view.With(block, rules.After(view.State, [block]), []);
        }

        return view.Waiting([]);
    }

    /// <summary>One more block, and what waits after it.</summary>
    public DevnetView With(LedgerBlock block, LedgerState after, ImmutableList<PendingTransaction> mempool)
    {
        // The point before the first of the newest blocks stays too: a rollback of all of them leads there.
        var (keep, transactions) = (1, block.Transactions.Length);
        while (keep < Math.Min(Recent.Count, MostRecent - 1) && transactions <= MostRecentTransactions)
        {
            transactions += Blocks[^keep].Transactions.Length;
            keep++;
        }

        var recent = Recent.RemoveRange(0, Recent.Count - keep);
        for (var left = Recent.Count; left > keep; left--)
        {
            ChainPoint.Forget(Blocks[^left]);
        }

        return this with
        {
            Blocks = Blocks.Add(block),
            Recent = recent.Add(Recent[^1].With(block, after)),
            Mempool = mempool,
        };
    }

    /// <summary>The chain without its newest blocks, with nothing waiting.</summary>
    public DevnetView Without(int blocks)
    {
        var left = Blocks.RemoveRange(Blocks.Count - blocks, blocks);
        if (blocks >= Recent.Count)
        {
            return Of(left, Rules);
        }

        var recent = Recent.RemoveRange(Recent.Count - blocks, blocks);
        return new DevnetView(Rules, left, recent, [], recent[^1].State);
    }

    /// <summary>How many blocks from the first on are the same.</summary>
    public int BlocksSharedWith(DevnetView other)
    {
        // A block's hash covers all before it.
        var (same, different) = (0, Math.Min(Blocks.Count, other.Blocks.Count) + 1);
        while (different - same > 1)
        {
            var middle = (same + different) / 2;
            (same, different) = Blocks[middle - 1].Hash == other.Blocks[middle - 1].Hash ? (middle, different) : (same, middle);
        }

        return same;
    }

    /// <summary>This chain with these transactions waiting.</summary>
    public DevnetView Waiting(ImmutableList<PendingTransaction> mempool) =>
        this with
        {
            Mempool = mempool,
            MempoolState = mempool.IsEmpty ? State : mempool[^1].After.AtEpoch(State.Epoch),
            MempoolBytes = mempool.Sum(p => p.Transaction.Bytes.Length),
        };
}
