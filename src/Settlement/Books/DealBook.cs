using System.Collections.Immutable;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Books;

/// <summary>
/// Deals as services work with them: new ones are entered, their owners decide, everyone reads. What follows from an entry or a decision is the deal machine's
/// to say (<see cref="DealMachine"/>), and the engine hears of it.
/// </summary>
public sealed class DealBook(
    SettlementStore store,
    DealInspection inspection,
    ChainClock clock,
    TimeProvider time,
    SettlementOptions options,
    ISettlementSignal signal
)
{
    /// <summary>Enters a new deal; one with the same identifier on the same source stays as it is and is told instead.</summary>
    public Task<InsertOutcome> EnterAsync(Deal deal, CancellationToken cancellation) => EnterAsync(deal, null, cancellation);

    /// <summary>The same, together with something that belongs to it.</summary>
    /// <param name="deal">The deal, with its terms.</param>
    /// <param name="alongside">Runs in the same transaction before; false enters nothing (credits do not suffice).</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<InsertOutcome> EnterAsync(Deal deal, Alongside? alongside, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(deal);
        var outcome = await store.Deals.InsertAsync(DealMachine.Begin(deal, clock.GetUtcNow(), options.Rules), alongside, time.GetUtcNow(), cancellation);
        if (outcome is InsertOutcome.Stored { Deal.Side: DealSide.Purchase })
        {
            signal.Wake();
        }

        return outcome;
    }

    /// <summary>Lets the owner of a deal decide something.</summary>
    /// <param name="id">Our id of the deal.</param>
    /// <param name="judge">Sees the deal as it stands when the decision is stored, and says what is decided; null leaves it alone.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <returns>The deal after; null when it does not exist or was left alone.</returns>
    public async Task<Deal?> DecideAsync(string id, Func<Deal, DealEvent?> judge, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(judge);
        var after = await store.Deals.ChangeAsync(
            id,
            deal => judge(deal) is { } decided ? DealMachine.Apply(deal, decided, clock.GetUtcNow(), options.Rules) : null,
            time.GetUtcNow(),
            cancellation
        );
        if (after is not null)
        {
            signal.Wake();
        }

        return after;
    }

    /// <summary>The deal with an identifier on one of these sources.</summary>
    public Task<Deal?> FindAsync(DealSide side, IReadOnlyCollection<string> sources, string identifier, CancellationToken cancellation) =>
        store.Deals.FindAsync(side, sources, identifier, cancellation);

    /// <summary>Deals by query: newest first, or oldest change first for a diff.</summary>
    public Task<ImmutableArray<Deal>> ListAsync(DealQuery query, CancellationToken cancellation) => store.Deals.ListAsync(query, cancellation);

    /// <summary>How many match, whatever the page.</summary>
    public Task<long> CountAsync(DealQuery query, CancellationToken cancellation) => store.Deals.CountAsync(query, cancellation);

    /// <summary>A deal by our id, or null.</summary>
    public Task<Deal?> GetAsync(string id, CancellationToken cancellation) => store.Deals.GetAsync(id, cancellation);

    /// <summary>Tells of each deal that was ever on chain and matches what it was about and how it ended.</summary>
    public Task TellSettledAsync(DealQuery query, Action<SettledDeal> tell, CancellationToken cancellation) =>
        store.Deals.TellSettledAsync(query, tell, cancellation);

    /// <summary>A deal with what belongs to it.</summary>
    /// <param name="deal">The deal.</param>
    /// <param name="withHistory">False leaves the history out, and its query.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task<DealReport> ReportAsync(Deal deal, bool withHistory, CancellationToken cancellation) => inspection.ReportAsync(deal, withHistory, cancellation);

    /// <summary>A page of deals, each with what belongs to it, of one snapshot and a few queries.</summary>
    public Task<ImmutableArray<DealReport>> ReportAsync(DealQuery query, bool withHistory, CancellationToken cancellation) =>
        inspection.ReportAsync(query, withHistory, cancellation);
}
