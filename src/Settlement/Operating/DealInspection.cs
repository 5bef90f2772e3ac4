using System.Collections.Immutable;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>Everything this node knows of a deal.</summary>
/// <param name="Deal">Terms, wishes, projection, trouble, and what follows from them.</param>
/// <param name="Source">Its contract.</param>
/// <param name="Wallet">The wallet that acts for it; null when none is chosen yet.</param>
/// <param name="Attempts">What acted, or acts, for it, newest first.</param>
/// <param name="History">What was to be done next at which time, newest first.</param>
public sealed record DealReport(
    Deal Deal,
    PaymentSource Source,
    HotWallet? Wallet,
    ImmutableArray<Attempt> Attempts,
    ImmutableArray<ActionHistoryEntry> History
)
{
    /// <summary>What happened under its identifier on chain, in chain order.</summary>
    public ImmutableArray<EscrowStep> Steps { get; init; } = [];
}

/// <summary>Which deals to look at.</summary>
/// <param name="Side">Of one side only.</param>
/// <param name="Stuck">Only those in whose way something stands.</param>
/// <param name="State">Only in this state.</param>
/// <param name="Limit">At most so many.</param>
public sealed record DealSelection(DealSide? Side = null, bool Stuck = false, OnChainState? State = null, int Limit = 20)
{
    /// <summary>What ended is nobody's work any more: a week later it is no longer listed among what is stuck.</summary>
    public static TimeSpan EndedListed { get; } = TimeSpan.FromDays(7);

    /// <summary>Of what ended stuck, only what ended since.</summary>
    public DateTimeOffset? EndedSince { get; init; }

    /// <summary>Only what ended with a problem.</summary>
    public bool Lost { get; init; }
}

/// <summary>Looks at deals and their transactions, and changes nothing.</summary>
public sealed class DealInspection(SettlementStore store)
{
    /// <summary>Deals of every source, newest first.</summary>
    public async Task<ImmutableArray<Deal>> ListAsync(DealSelection selection, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var sources = (await store.Sources.ListAsync(cancellation)).Select(s => s.Id).ToImmutableArray();
        var found = new List<Deal>();
        foreach (var side in selection.Side is { } one ? [one] : Enum.GetValues<DealSide>())
        {
            var query = new DealQuery(side)
            {
                Sources = sources,
                State = selection.State,
                Stuck = selection.Stuck,
                EndedSince = selection.EndedSince,
                Lost = selection.Lost,
                Limit = selection.Limit,
            };
            found.AddRange(await store.Deals.ListAsync(query, cancellation));
        }

        return [.. found.OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id, StringComparer.Ordinal).Take(selection.Limit)];
    }

    /// <summary>The deals with our id, or with the identifier that both sides know.</summary>
    public Task<ImmutableArray<Deal>> FindAsync(string idOrIdentifier, CancellationToken cancellation) =>
        store.Deals.FindAnyAsync(idOrIdentifier, cancellation);

    /// <summary>The newest transactions that this node made; without <paramref name="all"/> those only that may still take effect.</summary>
    public Task<ImmutableArray<Attempt>> ListAttemptsAsync(bool all, int limit, CancellationToken cancellation) =>
        store.Attempts.ListRecentAsync(limit, !all, cancellation);

    /// <summary>A deal with what belongs to it.</summary>
    public Task<DealReport> ReportAsync(Deal deal, CancellationToken cancellation) => ReportAsync(deal, withHistory: true, cancellation);

    /// <summary>The same; without <paramref name="withHistory"/> its history is left out.</summary>
    public async Task<DealReport> ReportAsync(Deal deal, bool withHistory, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deal);
        return await store.Deals.GetWholeAsync(deal.Id, withHistory, cancellation) is { } whole
            ? Report(whole) with
            {
                Deal = deal,
            }
            : throw new InvalidOperationException($"There is no deal {deal.Id}.");
    }

    /// <summary>A page of deals, each with what belongs to it, of one snapshot.</summary>
    public async Task<ImmutableArray<DealReport>> ReportAsync(DealQuery query, bool withHistory, CancellationToken cancellation) =>
        [.. (await store.Deals.ListWholeAsync(query, withHistory, cancellation)).Select(Report)];

    private static DealReport Report(WholeDeal whole) => new(whole.Deal, whole.Source, whole.Wallet, whole.Attempts, whole.History) { Steps = whole.Steps };
}
