using System.Collections.Immutable;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Operating;

namespace Masumi.Payments.Deals;

/// <summary>When a row is shown.</summary>
/// <param name="TipHeight">For confirmations; null where no block is known.</param>
/// <param name="HoldsUntil">Until when nothing that pays is signed for what is older than this start; null when nothing is held.</param>
internal readonly record struct ShownAt(long? TipHeight, DateTimeOffset? HoldsUntil);

/// <summary>A page of rows, and what the default filter left out.</summary>
internal sealed record DealPage<TRow>(ImmutableArray<TRow> Rows, HiddenRows? Hidden);

/// <summary>What payments and purchases have in common: they are listed, counted, found, and decided about alike (spec payment-service-api.md 1.7, 2.4, 6.1).</summary>
/// <param name="context">What it works with.</param>
/// <param name="side">Which of both.</param>
/// <param name="rowOf">A row, with its histories or without.</param>
/// <param name="notFound">The refusal where there is none.</param>
internal sealed class DealDesk<TRow>(PaymentsContext context, DealSide side, Func<DealReport, bool, ShownAt, TRow> rowOf, RefusalKind notFound)
    where TRow : class
{
    /// <summary>Newest first.</summary>
    public async Task<(DealPage<TRow>? Page, Refusal? Refusal)> ListAsync(DealListQuery request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return (null, refused);
        }

        // Who names one row means that one, of whatever generation.
        var (shown, hidden) = await QueriesAsync(
            request.Network,
            request.FilterPaymentSourceType,
            request.FilterSmartContractAddress,
            hasDefault: request.FilterBlockchainIdentifier is null,
            caller,
            query =>
                query with
                {
                    NeedsManual = request.FilterNeedsManualAction == true,
                    State = request.FilterOnChainState,
                    Search = request.SearchQuery,
                    Identifier = request.FilterBlockchainIdentifier,
                    Agent = request.FilterAgentIdentifier,
                    Cursor = request.CursorId,
                    Limit = (int)request.Limit,
                },
            cancellation
        );
        return (new(await RowsAsync(shown, request.IncludeHistory, cancellation), await HiddenAsync(hidden, cancellation)), null);
    }

    /// <summary>How many.</summary>
    public async Task<Reply<DealCount>> CountAsync(DealCountQuery request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var (shown, hidden) = await QueriesAsync(
            request.Network,
            request.FilterPaymentSourceType,
            request.FilterSmartContractAddress,
            hasDefault: true,
            caller,
            query => query with { NeedsManual = request.FilterNeedsManualAction == true },
            cancellation
        );
        return new DealCount(await context.Deals.CountAsync(shown, cancellation), await HiddenAsync(hidden, cancellation));
    }

    /// <summary>Oldest change first, of both generations (decision 22).</summary>
    public async Task<(ImmutableArray<TRow> Rows, Refusal? Refusal)> DiffAsync(
        DealDiffQuery request,
        DiffStamp stamp,
        ApiKey caller,
        CancellationToken cancellation
    )
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return ([], refused);
        }

        var (shown, _) = await QueriesAsync(
            request.Network,
            request.FilterPaymentSourceType,
            request.FilterSmartContractAddress,
            hasDefault: false,
            caller,
            query => query with { ChangedSince = request.LastUpdate, Stamp = stamp, Cursor = request.CursorId, Limit = (int)request.Limit },
            cancellation
        );
        return (await RowsAsync(shown, request.IncludeHistory, cancellation), null);
    }

    /// <summary>The one with an identifier.</summary>
    public async Task<Reply<TRow>> ResolveAsync(ResolveRequest request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var found = await FindAsync(request.Network, request.FilterSmartContractAddress, request.BlockchainIdentifier, cancellation);
        return found is null || !CanSee(caller, found) ? notFound : await RowAsync(found, request.IncludeHistory, cancellation);
    }

    /// <summary>The one with our id.</summary>
    public async Task<Reply<TRow>> GetAsync(DealRowQuery request, ApiKey caller, CancellationToken cancellation) =>
        await ReportAsync(request.Id, request.IncludeHistory, caller, cancellation) switch
        {
            (null, var refusal) => refusal!,
            (var report, _) => Row(report, request.IncludeHistory),
        };

    /// <summary>The one with our id, whole.</summary>
    public async Task<(DealReport? Report, Refusal? Refusal)> ReportAsync(string id, bool withHistory, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.Deals.GetAsync(id, cancellation) is not { } deal || deal.Side != side)
        {
            return (null, notFound.With());
        }

        var report = await context.Deals.ReportAsync(deal, withHistory, cancellation);
        return await context.RefuseNetworkAsync(caller, report.Source.Network, cancellation) is { } refused ? (null, refused)
            : CanSee(caller, deal) ? (report, null)
            : (null, notFound.With());
    }

    /// <summary>Lets a deal's owner decide. State before scope before creator, as clients know it: a stranger learns nothing about what cannot be acted upon.</summary>
    public async Task<Reply<TRow>> DecideAsync(
        DealDecision decision,
        string identifier,
        Network network,
        string? contract,
        Func<Deal, DealEvent> decided,
        ApiKey caller,
        CancellationToken cancellation
    )
    {
        if (await context.RefuseNetworkAsync(caller, network, cancellation) is { } refused)
        {
            return refused;
        }

        if (await FindAsync(network, contract, identifier, cancellation) is not { } found)
        {
            return decision.NotNow;
        }

        if (Judge(decision, found, caller) is { } refusal)
        {
            return refusal;
        }

        // Judged once more where it is stored: of two who decide at once the second finds another deal.
        RefusalKind? late = null;
        var changed = await context.Deals.DecideAsync(found.Id, deal => (late = Judge(decision, deal, caller)) is null ? decided(deal) : null, cancellation);
        return changed is not null ? await RowAsync(changed, withHistory: false, cancellation)
            : late == decision.NotNow ? decision.Changed
            : late ?? decision.Changed;
    }

    /// <summary>The one with an identifier on a network, at one of its contracts or any.</summary>
    public async Task<Deal?> FindAsync(Network network, string? contract, string identifier, CancellationToken cancellation)
    {
        var sources = (await context.SourcesAsync(network, cancellation)).Where(s => contract is null || s.ContractAddress.ToString() == contract);
        return await context.Deals.FindAsync(side, [.. sources.Select(s => s.Id)], identifier, cancellation);
    }

    /// <summary>A row as everything stands now.</summary>
    public async Task<TRow> RowAsync(Deal deal, bool withHistory, CancellationToken cancellation) =>
        Row(await context.Deals.ReportAsync(deal, withHistory, cancellation), withHistory);

    /// <summary>A key that is limited to some wallets sees their deals, and what it made itself: a new purchase has no wallet yet.</summary>
    public static bool CanSee(ApiKey caller, Deal deal) =>
        caller.Wallets is not { } wallets || deal.RequestedBy == caller.Id || (deal.WalletId is { } wallet && wallets.Contains(wallet));

    /// <summary>What a list looks in where the caller names no source (spec payment-service-api.md 6, "V1 default filter").</summary>
    public async Task<(DealQuery Shown, DealQuery Hidden)> QueriesAsync(
        Network network,
        PaymentSourceType? type,
        string? contract,
        bool hasDefault,
        ApiKey caller,
        Func<DealQuery, DealQuery> narrow,
        CancellationToken cancellation
    )
    {
        var all = (await context.SourcesAsync(network, cancellation)).Where(s => s.RemovedAt is null);
        var sources = ListedSources.Of(all, type, contract, hasDefault);
        var query = narrow(new DealQuery(side) { Wallets = caller.Wallets, OrMadeBy = caller.Id });
        return (query with { Sources = sources.Shown }, query with { Sources = sources.Hidden, Cursor = null });
    }

    /// <summary>Why a key may not decide this now, or null.</summary>
    public static RefusalKind? Judge(DealDecision decision, Deal deal, ApiKey caller, DateTimeOffset now) =>
        !decision.Fits(deal) ? decision.NotNow
        : !CanSee(caller, deal) ? DealRefusals.OutOfScope
        : !caller.CanAdmin && deal.RequestedBy != caller.Id ? decision.NotCreator
        : decision.Refuse(deal, now);

    private RefusalKind? Judge(DealDecision decision, Deal deal, ApiKey caller) => Judge(decision, deal, caller, context.Clock.GetUtcNow());

    private async Task<HiddenRows?> HiddenAsync(DealQuery hidden, CancellationToken cancellation) =>
        hidden.Sources.IsEmpty ? null
        : await context.Deals.CountAsync(hidden, cancellation) is > 0 and var count ? new HiddenRows(PaymentSourceType.Web3CardanoV1, count)
        : null;

    private async Task<ImmutableArray<TRow>> RowsAsync(DealQuery query, bool withHistory, CancellationToken cancellation) =>
        [.. (await context.Deals.ReportAsync(query, withHistory, cancellation)).Select(r => Row(r, withHistory))];

    private TRow Row(DealReport report, bool withHistory) => rowOf(report, withHistory, new(context.Clock.Tip?.Height, context.Engine.HoldsUntil));
}
