using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Stores;

/// <summary>What a round begins with.</summary>
/// <param name="Sources">Sources to be followed, oldest first.</param>
/// <param name="Wallets">All wallets, removed ones included, oldest first.</param>
/// <param name="Newest">The newest point processed, by source.</param>
public sealed record RoundSetup(ImmutableArray<PaymentSource> Sources, ImmutableArray<HotWallet> Wallets, ImmutableDictionary<string, BlockPoint> Newest);

/// <summary>What there is to do while the chain stands still.</summary>
/// <param name="Sources">How many sources are to be followed.</param>
/// <param name="ToTend">How many attempts were never offered, or are over by the chain's slot.</param>
/// <param name="NextDue">When the next deal, registration, transfer, balance or top-up is due; null when none waits for time.</param>
public sealed record Glance(int Sources, int ToTend, DateTimeOffset? NextDue);

/// <summary>Attempts that a round looks after.</summary>
/// <param name="Sent">Those that are to be sent until the chain has decided, oldest first (parents before the children that spend their change).</param>
/// <param name="Unshown">Those found in a block that the projection of what they serve does not show, oldest first.</param>
public sealed record OpenAttempts(ImmutableArray<Attempt> Sent, ImmutableArray<Attempt> Unshown);

/// <summary>The working set: what a round acts upon.</summary>
/// <param name="Deals">Deals whose time to be looked at has come.</param>
/// <param name="HasRegistrations">Whether the time of a registration has come.</param>
/// <param name="HasTransfers">Whether the time of a transfer has come.</param>
/// <param name="Next">What there is after that.</param>
public sealed record DueWork(ImmutableArray<Deal> Deals, bool HasRegistrations, bool HasTransfers, Glance Next)
{
    /// <summary>True when no time has come.</summary>
    public bool IsEmpty => Deals.IsEmpty && !HasRegistrations && !HasTransfers;
}

/// <summary>What a round of the engine reads together, across aggregates: one view, and one transaction instead of several.</summary>
public sealed class RoundStore
{
    private const string Sent = "tx IS NOT NULL AND state IN ('Stored', 'Offered', 'Pending')";

    private readonly Works _works;

    internal RoundStore(Works works) => _works = works;

    /// <summary>What a round begins with.</summary>
    public Task<RoundSetup> OpenAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w => new RoundSetup(await SourceStore.ListServedAsync(w), await WalletStore.ListAsync(w), await ChainStore.NewestAsync(w)),
            cancellation
        );

    /// <summary>Whether there is anything to do at all: one question, however much is stored.</summary>
    /// <param name="deadBefore">An attempt whose validity ends before this slot is over.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task<Glance> GlanceAsync(Slot deadBefore, CancellationToken cancellation) => _works.ReadAsync(w => GlanceAsync(w, deadBefore), cancellation);

    /// <summary>Attempts that the chain has not decided, or not shown; and the working set as it is before anything is done about them.</summary>
    public Task<(OpenAttempts Open, DueWork Due)> ListAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
            {
                var open = new OpenAttempts(await AttemptRows.ListAsync(w, Sent, new { }), await AttemptRows.ListAsync(w, AttemptStore.Unshown, new { }));
                return (open, await ListDueAsync(w, now, moneyCame: false, limit));
            },
            cancellation
        );

    /// <summary>The working set, longest due first; and what is short of money when <paramref name="moneyCame"/>.</summary>
    public Task<DueWork> ListDueAsync(DateTimeOffset now, bool moneyCame, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(w => ListDueAsync(w, now, moneyCame, limit), cancellation);

    private static async Task<DueWork> ListDueAsync(Work work, DateTimeOffset now, bool moneyCame, int limit)
    {
        var next = await GlanceAsync(work, default);
        var deals = moneyCame || next.NextDue <= now ? await DealRows.ListDueAsync(work, now, moneyCame, limit) : [];
        var at = new { now = now.ToUnixTimeMilliseconds() };
        return new DueWork(
            deals,
            next.NextDue <= now && await work.AnyAsync("SELECT 1 FROM registration WHERE next_at <= @now", at),
            next.NextDue <= now && await work.AnyAsync("SELECT 1 FROM transfer WHERE next_at <= @now", at),
            next
        );
    }

    private static async Task<Glance> GlanceAsync(Work work, Slot deadBefore)
    {
        var row = (await work.SingleAsync<GlanceRow>(GlanceSql, new { slot = deadBefore.Number }))!;
        return new Glance((int)row.Sources, (int)row.ToTend, Soonest(row.NextDeal, row.NextRegistration, row.NextTransfer, row.NextBalance, row.NextTopUp));
    }

    private const string GlanceSql =
        $"SELECT (SELECT COUNT(*) FROM payment_source WHERE {SourceStore.Served}) AS sources, "
        + $"(SELECT COUNT(*) FROM attempt WHERE {Sent} AND (offered_at IS NULL OR upper_slot < @slot)) AS to_tend, "
        + "(SELECT MIN(next_at) FROM deal WHERE next_at IS NOT NULL) AS next_deal, "
        + "(SELECT MIN(next_at) FROM registration WHERE next_at IS NOT NULL) AS next_registration, "
        + "(SELECT MIN(next_at) FROM transfer WHERE next_at IS NOT NULL) AS next_transfer, "
        + BalanceStore.NextSql;

    private static DateTimeOffset? Soonest(params IEnumerable<long?> times) => times.Min() is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private sealed class GlanceRow
    {
        public long Sources { get; set; }
        public long ToTend { get; set; }
        public long? NextDeal { get; set; }
        public long? NextRegistration { get; set; }
        public long? NextTransfer { get; set; }
        public long? NextBalance { get; set; }
        public long? NextTopUp { get; set; }
    }
}
