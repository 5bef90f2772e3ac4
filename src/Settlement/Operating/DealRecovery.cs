using System.Collections.Immutable;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>What recovering a deal found and did.</summary>
/// <param name="Before">The deal as it was.</param>
/// <param name="After">The deal as it is.</param>
/// <param name="Looked">What looking again at its source found.</param>
/// <param name="TriedAgain">What had stood in its way was set aside, so that the engine tried again.</param>
/// <param name="NewAttempts">Transactions made meanwhile.</param>
public sealed record RecoveredDeal(DealReport Before, DealReport After, LookedAgain Looked, bool TriedAgain, ImmutableArray<Attempt> NewAttempts);

/// <summary>
/// Looks at everything of a deal's source again and lets the engine try at once what is hindered. It signs nothing itself and decides nothing: whatever is paid,
/// the engine pays under its own rules, so that nothing is paid twice.
/// </summary>
public sealed class DealRecovery(SettlementStore store, SettlementEngine engine, ChainClock clock, TimeProvider time, SettlementOptions options)
{
    /// <summary>Recovers it.</summary>
    public async Task<RecoveredDeal> RecoverAsync(Deal deal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deal);
        var inspection = new DealInspection(store);
        var before = await inspection.ReportAsync(deal, cancellation);

        // First what stood in its way: the round that looks again acts upon what it finds.
        var tried = deal.Trouble is not null;
        if (tried)
        {
            await store.Deals.ChangeAsync(
                deal.Id,
                d => d.UnderWay is null ? DealMachine.Apply(d, new DealEvent.Unhindered(), clock.GetUtcNow(), options.Rules) : null,
                time.GetUtcNow(),
                cancellation
            );
        }

        // Whatever was missed since the deal was made, however long ago the last look was.
        var looked = await engine.LookAgainAsync([deal.SourceId], cancellation, deal.CreatedAt);
        var now = await store.Deals.GetAsync(deal.Id, cancellation) ?? throw new InvalidOperationException($"The deal {deal.Id} is gone.");
        var after = await inspection.ReportAsync(now, cancellation);
        var known = before.Attempts.Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        return new RecoveredDeal(before, after, looked, tried, [.. after.Attempts.Where(a => !known.Contains(a.Id))]);
    }
}
