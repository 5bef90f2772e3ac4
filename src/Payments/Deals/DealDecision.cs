using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;

namespace Masumi.Payments.Deals;

/// <summary>
/// Something that a deal's owner may decide: the one rule about when, for the call itself and for the explanation that names it. What the contract will never grant is refused
/// to the caller, not put off (spec payment-service-api.md 10.2).
/// </summary>
/// <param name="Operation">The call.</param>
/// <param name="Side">Of which side.</param>
/// <param name="States">In which states.</param>
/// <param name="NotNow">The refusal in others.</param>
/// <param name="NotCreator">The refusal of another key.</param>
/// <param name="Changed">The refusal of who was too slow.</param>
internal sealed record DealDecision(
    Operation Operation,
    DealSide Side,
    Func<OnChainState, bool> States,
    RefusalKind NotNow,
    RefusalKind NotCreator,
    RefusalKind Changed
)
{
    // A validity interval ends 18 slots before a deadline: later nothing can be built.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(18);

    /// <summary>Deliver.</summary>
    public static DealDecision SubmitResult { get; } =
        new(
            PaymentsOperations.SubmitResult,
            DealSide.Payment,
            s => s is OnChainState.FundsLocked or OnChainState.RefundRequested or OnChainState.Disputed,
            PaymentRefusals.InvalidState,
            PaymentRefusals.NotCreatorOfResult,
            PaymentRefusals.ChangedConcurrently
        )
        {
            Until = deal => deal.Terms.Deadlines.SubmitResult - LastMoment,
            Never = (deal, until, now) => now >= until ? PaymentRefusals.ResultTooLate : null,
        };

    /// <summary>Give the money back.</summary>
    public static DealDecision AuthorizeRefund { get; } =
        new(
            PaymentsOperations.AuthorizeRefund,
            DealSide.Payment,
            s => s is OnChainState.Disputed or OnChainState.RefundRequested,
            PaymentRefusals.InvalidState,
            PaymentRefusals.NotCreatorOfRefund,
            PaymentRefusals.ChangedConcurrently
        )
        {
            Never = (deal, _, _) => deal.Family == EscrowFamily.V1 && deal.OnChainState != OnChainState.Disputed ? PaymentRefusals.RefundNeedsDispute : null,
        };

    /// <summary>Ask for the money back.</summary>
    public static DealDecision RequestRefund { get; } =
        new(
            PurchasesOperations.RequestRefund,
            DealSide.Purchase,
            s => s is OnChainState.FundsLocked or OnChainState.ResultSubmitted,
            PurchaseRefusals.InvalidStateForRefund,
            PurchaseRefusals.NotCreatorOfRefund,
            PurchaseRefusals.ChangedConcurrently
        )
        {
            Until = deal => deal.Terms.Deadlines.Unlock - LastMoment,
            Never = (deal, until, now) => now >= until ? PurchaseRefusals.RefundTooLate : null,
        };

    /// <summary>Take that back (V1), or release a disputed escrow to the seller (V2).</summary>
    public static DealDecision CancelRefundRequest { get; } =
        new(
            PurchasesOperations.CancelRefundRequest,
            DealSide.Purchase,
            s => s is OnChainState.RefundRequested or OnChainState.Disputed,
            PurchaseRefusals.InvalidStateForCancel,
            PurchaseRefusals.NotCreatorOfCancel,
            PurchaseRefusals.ChangedConcurrently
        )
        {
            Never = (deal, _, _) =>
                deal.Family == EscrowFamily.V2 && deal.OnChainState != OnChainState.Disputed ? PurchaseRefusals.WithdrawalNeedsDispute : null,
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DealDecision> All { get; } = [SubmitResult, AuthorizeRefund, RequestRefund, CancelRefundRequest];

    /// <summary>Possible until; null as long as the state stays.</summary>
    public Func<Deal, DateTimeOffset?> Until { get; private init; } = _ => null;

    /// <summary>Why the contract will never grant it to a deal in a fitting state, or null.</summary>
    public Func<Deal, DateTimeOffset?, DateTimeOffset, RefusalKind?> Never { get; private init; } = (_, _, _) => null;

    /// <summary>Whether a deal waits for a decision, and in a state that allows this one.</summary>
    public bool Fits(Deal deal) =>
        deal.Side == Side && deal.NextAction == RequestedAction.WaitingForExternalAction && deal.OnChainState is { } state && States(state);

    /// <summary>The refusal of a deal that fits, or null.</summary>
    public RefusalKind? Refuse(Deal deal, DateTimeOffset now) => Never(deal, Until(deal), now);
}
