using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Deals;

/// <summary>
/// The API's <c>NextAction.requestedAction</c>, derived from what the node does next, whether a transaction for it is under way, and the chain's
/// word (spec payment-service-api.md 3.3, 4). Nothing stores it.
/// </summary>
public static class NextAction
{
    /// <summary>The action.</summary>
    public static RequestedAction Of(Deal deal)
    {
        ArgumentNullException.ThrowIfNull(deal);
        if (deal.Problem is { NeedsManual: true })
        {
            return RequestedAction.WaitingForManualAction;
        }

        // Nobody waits for the payment of an offer whose time is over.
        if (deal.IsFinal || deal.IsExpired)
        {
            return RequestedAction.None;
        }

        return (deal.UnderWay?.Action ?? deal.Intent) switch
        {
            Intent.Nothing => RequestedAction.WaitingForExternalAction,
            Intent.Lock => Of(RequestedAction.FundsLockingRequested, RequestedAction.FundsLockingInitiated),
            Intent.SubmitResult => Of(RequestedAction.SubmitResultRequested, RequestedAction.SubmitResultInitiated),
            Intent.RequestRefund => Of(RequestedAction.SetRefundRequestedRequested, RequestedAction.SetRefundRequestedInitiated),
            Intent.CancelRefundRequest => Of(RequestedAction.UnSetRefundRequestedRequested, RequestedAction.UnSetRefundRequestedInitiated),
            Intent.AuthorizeRefund => Of(RequestedAction.AuthorizeRefundRequested, RequestedAction.AuthorizeRefundInitiated),
            Intent.AuthorizeWithdrawal => Of(RequestedAction.AuthorizeWithdrawalRequested, RequestedAction.AuthorizeWithdrawalInitiated),
            Intent.Withdraw => Of(RequestedAction.WithdrawRequested, RequestedAction.WithdrawInitiated),
            Intent.WithdrawRefund => Of(RequestedAction.WithdrawRefundRequested, RequestedAction.WithdrawRefundInitiated),
            var other => throw new InvalidOperationException($"An intent without a name: {other}."),
        };

        RequestedAction Of(RequestedAction requested, RequestedAction initiated) => deal.UnderWay is null ? requested : initiated;
    }
}
