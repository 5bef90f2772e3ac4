using System.Collections.Immutable;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>What was read at the contracts and not explained.</summary>
public sealed class UnexplainedTransactions(SettlementStore store)
{
    /// <summary>How many are looked at: anybody can make more.</summary>
    public const int Most = 1_000;

    /// <summary>Those of sources, newest first; at most <see cref="Most"/>.</summary>
    public Task<ImmutableArray<UnexplainedTransaction>> ListAsync(IReadOnlyCollection<string> sources, CancellationToken cancellation) =>
        store.Chain.ListUnexplainedAsync(sources, Most, cancellation);
}
