using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>A transaction at a contract that this node cannot explain.</summary>
/// <param name="SourceId">At whose contract.</param>
/// <param name="TxId">The transaction.</param>
/// <param name="Height">Its block's height.</param>
/// <param name="Index">Its place in the block, where that is known.</param>
/// <param name="At">When its block was made, or one soon after.</param>
/// <param name="IsRead">
/// False: it was read before something that it spends was known, and the next look reads it again. True: it is money that names a wallet of this node, and no deal says whose.
/// </param>
public sealed record UnexplainedTransaction(string SourceId, TransactionId TxId, long Height, long? Index, DateTimeOffset At, bool IsRead);

/// <summary>What was read at the contracts and not explained.</summary>
public sealed class UnexplainedTransactions(SettlementStore store)
{
    /// <summary>How many are looked at: anybody can make more.</summary>
    public const int Most = 1_000;

    /// <summary>Those of sources, newest first; at most <see cref="Most"/>.</summary>
    public Task<ImmutableArray<UnexplainedTransaction>> ListAsync(IReadOnlyCollection<string> sources, CancellationToken cancellation) =>
        store.Chain.ListUnexplainedAsync(sources, Most, cancellation);
}
