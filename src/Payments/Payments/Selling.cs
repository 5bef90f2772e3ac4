using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Settlement.Deals;
using static Masumi.Protocol.PaymentService.Payments.PaymentRefusals;

namespace Masumi.Payments.Payments;

/// <summary>Payments: the seller's side of deals (spec payment-service-api.md 6.1).</summary>
internal sealed class Selling
{
    private readonly PaymentsContext _context;
    private readonly DealDesk<PaymentRow> _desk;
    private readonly PaymentEntry _entry;
    private readonly DealRecoveries<PaymentRow> _recoveries;
    private readonly DealExplanations<PaymentRow> _explanations;

    public Selling(PaymentsContext context)
    {
        _context = context;
        _desk = new(context, DealSide.Payment, PaymentRows.Of, NotFound);
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

    /// <summary>Offers a job.</summary>
    public Task<Reply<PaymentRow>> CreateAsync(NewPayment request, ApiKey caller, CancellationToken cancellation) =>
        _entry.EnterAsync(request, caller, cancellation);

    /// <summary>A page, newest first.</summary>
    public async Task<Reply<PaymentList>> ListAsync(DealListQuery request, ApiKey caller, CancellationToken cancellation)
    {
        var (page, refusal) = await _desk.ListAsync(request, caller, cancellation);
        return page is null ? refusal! : new PaymentList(page.Rows, page.Hidden);
    }

    /// <summary>How many.</summary>
    public Task<Reply<DealCount>> CountAsync(DealCountQuery request, ApiKey caller, CancellationToken cancellation) =>
        _desk.CountAsync(request, caller, cancellation);

    /// <summary>Those that changed, oldest change first.</summary>
    public async Task<Reply<PaymentList>> DiffAsync(DealDiffQuery request, DiffStamp stamp, ApiKey caller, CancellationToken cancellation)
    {
        var (rows, refusal) = await _desk.DiffAsync(request, stamp, caller, cancellation);
        return refusal is null ? new PaymentList(rows) : refusal;
    }

    /// <summary>The one with an identifier.</summary>
    public Task<Reply<PaymentRow>> ResolveAsync(ResolveRequest request, ApiKey caller, CancellationToken cancellation) =>
        _desk.ResolveAsync(request, caller, cancellation);

    /// <summary>The one with an id.</summary>
    public Task<Reply<PaymentRow>> GetAsync(DealRowQuery request, ApiKey caller, CancellationToken cancellation) =>
        _desk.GetAsync(request, caller, cancellation);

    /// <summary>Delivers.</summary>
    public Task<Reply<PaymentRow>> SubmitResultAsync(SubmitResultRequest request, string? contract, ApiKey caller, CancellationToken cancellation) =>
        _desk.DecideAsync(
            DealDecision.SubmitResult,
            request.BlockchainIdentifier,
            request.Network,
            contract,
            _ => new DealEvent.ResultGiven(ResultHash.Parse(request.SubmitResultHash)),
            caller,
            cancellation
        );

    /// <summary>Gives the money back, for good.</summary>
    public Task<Reply<PaymentRow>> AuthorizeRefundAsync(DealCall request, string? contract, ApiKey caller, CancellationToken cancellation) =>
        _desk.DecideAsync(
            DealDecision.AuthorizeRefund,
            request.BlockchainIdentifier,
            request.Network,
            contract,
            _ => new DealEvent.RefundAgreed(),
            caller,
            cancellation
        );

    /// <summary>Takes an error away.</summary>
    public Task<Reply<PaymentRow>> RecoverAsync(RecoveryRequest request, ApiKey caller, CancellationToken cancellation) =>
        _recoveries.RecoverAsync(request, caller, cancellation);

    /// <summary>How one stands.</summary>
    public Task<Reply<DealExplanation>> ExplainAsync(DealExplainQuery request, ApiKey caller, CancellationToken cancellation) =>
        _explanations.ExplainAsync(request, caller, cancellation);

    /// <summary>What was earned.</summary>
    public async Task<Reply<IncomeAnswer>> IncomeAsync(TotalsRequest request, ApiKey caller, CancellationToken cancellation)
    {
        var (period, refusal) = await DealPeriods.SumAsync(_context, _desk, DealSide.Payment, request, caller, cancellation);
        return period is not { Totals: var totals }
            ? refusal!
            : new IncomeAnswer(
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
