using System.Collections.Immutable;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>Reads the outbox as one more consumer without a cursor of its own.</summary>
public sealed class EventReading(SettlementStore store)
{
    /// <summary>Most events of a page.</summary>
    public const int PageSize = 200;

    /// <summary>Events after a number, in order; at most a page.</summary>
    public Task<ImmutableArray<OutboxEvent>> AfterAsync(long seq, CancellationToken cancellation) => store.Events.ListAsync(seq, PageSize, cancellation);

    /// <summary>The number of the newest.</summary>
    public Task<long> NewestAsync(CancellationToken cancellation) => store.Events.NewestAsync(cancellation);
}
