namespace Masumi.Settlement;

/// <summary>
/// The API's <c>NextAction.requestedAction</c>, derived from what the node wants, whether a transaction for it is under way, and the chain's
/// word (spec payment-service-api.md 3.3, 4). Nothing stores it.
/// </summary>
public static class NextAction
{
    /// <summary>The action's name.</summary>
    /// <param name="deal">The deal.</param>
    /// <param name="underWay">True while a live intent acts for it.</param>
    public static string Of(Deal deal, bool underWay)
    {
        if (deal.Problem is { NeedsManual: true })
        {
            return "WaitingForManualAction";
        }

        if (deal.IsFinal)
        {
            return "None";
        }

        var suffix = underWay ? "Initiated" : "Requested";
        return deal.Wish switch
        {
            Wish.Nothing => "WaitingForExternalAction",
            Wish.Lock => "FundsLocking" + suffix,
            Wish.SubmitResult => "SubmitResult" + suffix,
            Wish.RequestRefund => "SetRefundRequested" + suffix,
            Wish.CancelRefundRequest => "UnSetRefundRequested" + suffix,
            Wish.AuthorizeRefund => "AuthorizeRefund" + suffix,
            Wish.AuthorizeWithdrawal => "AuthorizeWithdrawal" + suffix,
            Wish.Withdraw => "Withdraw" + suffix,
            Wish.WithdrawRefund => "WithdrawRefund" + suffix,
            _ => throw new InvalidOperationException($"A wish without a name: {deal.Wish}."),
        };
    }
}
