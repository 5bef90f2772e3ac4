using System.Collections.Immutable;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>Looks again at what was looked at.</summary>
public sealed class Reconciliation(SettlementStore store, SettlementEngine engine)
{
    /// <summary>When the engine's last whole round ended; null when none has.</summary>
    public DateTimeOffset? LastRound => engine.State.LastRound;

    /// <summary>Until when nothing is signed that pays, since this may be an old copy of the database; null when it is signed.</summary>
    public DateTimeOffset? HoldsUntil => engine.HoldsUntil;

    /// <summary>The sources with this id or at this contract address; all when nothing is named.</summary>
    public async Task<ImmutableArray<PaymentSource>> SourcesAsync(string? named, CancellationToken cancellation) =>
        [.. (await store.Sources.ListAsync(cancellation)).Where(s => named is null || s.Id == named || s.ContractAddress.ToString() == named)];

    /// <summary>Has the engine look again at sources, and waits until it has, and has acted upon what it found.</summary>
    public Task<LookedAgain> LookAsync(IEnumerable<PaymentSource> sources, CancellationToken cancellation) =>
        engine.LookAgainAsync([.. sources.Select(s => s.Id)], cancellation);
}
