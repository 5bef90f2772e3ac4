using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Settlement.Deals;
using static Masumi.Protocol.PaymentService.Purchases.PurchaseRefusals;

namespace Masumi.Payments.Purchases;

/// <summary>Purchases: the buyer's side of deals (spec payment-service-api.md 6.2).</summary>
internal sealed class Buying
{
    private readonly PaymentsContext _context;
    private readonly DealDesk<PurchaseRow> _desk;
    private readonly PurchaseEntry _entry;
    private readonly DealRecoveries<PurchaseRow> _recoveries;
    private readonly DealExplanations<PurchaseRow> _explanations;

    public Buying(PaymentsContext context)
    {
        _context = context;
        _desk = new(context, DealSide.Purchase, PurchaseRows.Of, NotFound);
        _entry = new(context, _desk);
        _recoveries = new(
            context,
            _desk,
            new(
                RecoveryNotFound,
                NotCreatorOfRecovery,
                RecoveryInitial,
                RecoveryNotWaiting,
                RecoveryNoError,
                RecoveryNotRetryable,
                RecoveryCompleted,
                ChangedConcurrently
            )
        );
        _explanations = new(context, _desk);
    }

    /// <summary>Buys a job.</summary>
    public Task<Reply<PurchaseRow>> CreateAsync(NewPurchase request, ApiKey caller, CancellationToken cancellation) =>
        _entry.EnterAsync(request, caller, cancellation);

    /// <summary>A page, newest first.</summary>
    public async Task<Reply<PurchaseList>> ListAsync(DealListQuery request, ApiKey caller, CancellationToken cancellation)
    {
        var (page, refusal) = await _desk.ListAsync(request, caller, cancellation);
        return page is null ? refusal! : new PurchaseList(page.Rows, page.Hidden);
    }

    /// <summary>How many.</summary>
    public Task<Reply<DealCount>> CountAsync(DealCountQuery request, ApiKey caller, CancellationToken cancellation) =>
        _desk.CountAsync(request, caller, cancellation);

    /// <summary>Those that changed, oldest change first.</summary>
    public async Task<Reply<PurchaseList>> DiffAsync(DealDiffQuery request, DiffStamp stamp, ApiKey caller, CancellationToken cancellation)
    {
        var (rows, refusal) = await _desk.DiffAsync(request, stamp, caller, cancellation);
        return refusal is null ? new PurchaseList(rows) : refusal;
    }

    /// <summary>The one with an identifier.</summary>
    public Task<Reply<PurchaseRow>> ResolveAsync(ResolveRequest request, ApiKey caller, CancellationToken cancellation) =>
        _desk.ResolveAsync(request, caller, cancellation);

    /// <summary>The one with an id.</summary>
    public Task<Reply<PurchaseRow>> GetAsync(DealRowQuery request, ApiKey caller, CancellationToken cancellation) =>
        _desk.GetAsync(request, caller, cancellation);

    /// <summary>Wants the money back.</summary>
    public Task<Reply<PurchaseRow>> RequestRefundAsync(DealCall request, string? contract, ApiKey caller, CancellationToken cancellation) =>
        _desk.DecideAsync(
            DealDecision.RequestRefund,
            request.BlockchainIdentifier,
            request.Network,
            contract,
            _ => new DealEvent.RefundWished(RefundWish.Asked),
            caller,
            cancellation
        );

    /// <summary>On a V1 source takes the request back; on a V2 source releases the disputed escrow to the seller, for good.</summary>
    public Task<Reply<PurchaseRow>> CancelRefundRequestAsync(DealCall request, ApiKey caller, CancellationToken cancellation) =>
        _desk.DecideAsync(
            DealDecision.CancelRefundRequest,
            request.BlockchainIdentifier,
            request.Network,
            null,
            deal => new DealEvent.RefundWished(deal.Family == Contracts.Common.EscrowFamily.V1 ? RefundWish.TakenBack : RefundWish.Released),
            caller,
            cancellation
        );

    /// <summary>Takes an error away.</summary>
    public Task<Reply<PurchaseRow>> RecoverAsync(RecoveryRequest request, ApiKey caller, CancellationToken cancellation) =>
        _recoveries.RecoverAsync(request, caller, cancellation);

    /// <summary>How one stands.</summary>
    public Task<Reply<DealExplanation>> ExplainAsync(DealExplainQuery request, ApiKey caller, CancellationToken cancellation) =>
        _explanations.ExplainAsync(request, caller, cancellation);

    /// <summary>What was spent.</summary>
    public async Task<Reply<SpendingAnswer>> SpendingAsync(TotalsRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var (period, refusal) = await DealPeriods.SumAsync(_context, _desk, DealSide.Purchase, request, caller, cancellation);
        return period is not { Totals: var totals }
            ? refusal!
            : new SpendingAnswer(
                request.AgentIdentifier,
                period.Start,
                period.End,
                totals.Count,
                totals.Settled.Total,
                totals.Refunded.Total,
                totals.Pending.Total,
                totals.Settled.Days,
                totals.Refunded.Days,
                totals.Pending.Days,
                totals.Settled.Months,
                totals.Refunded.Months,
                totals.Pending.Months
            );
    }
}
