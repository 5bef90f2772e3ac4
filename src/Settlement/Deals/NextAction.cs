namespace Masumi.Settlement;

/// <summary>
/// The API's <c>NextAction.requestedAction</c>, derived from what the node wants, whether a transaction for it is under way, and the chain's
/// word (spec payment-service-api.md 3.3, 4). Nothing stores it.
/// </summary>
public static class NextAction
{
    /// <summary>The action's name.</summary>
    /// <param name="deal">The deal.</param>
    /// <param name="underWay">True while a live attempt acts for it.</param>
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
        return deal.Intent switch
        {
            Intent.Nothing => "WaitingForExternalAction",
            Intent.Lock => "FundsLocking" + suffix,
            Intent.SubmitResult => "SubmitResult" + suffix,
            Intent.RequestRefund => "SetRefundRequested" + suffix,
            Intent.CancelRefundRequest => "UnSetRefundRequested" + suffix,
            Intent.AuthorizeRefund => "AuthorizeRefund" + suffix,
            Intent.AuthorizeWithdrawal => "AuthorizeWithdrawal" + suffix,
            Intent.Withdraw => "Withdraw" + suffix,
            Intent.WithdrawRefund => "WithdrawRefund" + suffix,
            _ => throw new InvalidOperationException($"An intent without a name: {deal.Intent}."),
        };
    }
}
