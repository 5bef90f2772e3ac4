namespace Masumi.Contracts.Escrow.Common;

/// <summary>What a redeemer asks for. Numbers are ours: constructor 2 means different things in the two families (spec escrow.md 3.1).</summary>
public enum EscrowAction
{
    /// <summary>The seller collects.</summary>
    Withdraw,

    /// <summary>The buyer asks for a refund.</summary>
    SetRefundRequested,

    /// <summary>V1: the buyer takes the request for a refund back.</summary>
    UnSetRefundRequested,

    /// <summary>V2: the buyer gives the escrow to the seller, for good: a disputed one, in ours also one with a result.</summary>
    AuthorizeWithdrawal,

    /// <summary>The buyer collects the refund.</summary>
    WithdrawRefund,

    /// <summary>Admins divide a disputed escrow.</summary>
    WithdrawDisputed,

    /// <summary>The seller puts a result hash on chain.</summary>
    SubmitResult,

    /// <summary>The seller agrees to a refund.</summary>
    AuthorizeRefund,
}

/// <summary>Who acts on an escrow.</summary>
public enum EscrowParty
{
    /// <summary>Locked the funds.</summary>
    Buyer,

    /// <summary>Holds the agent's token.</summary>
    Seller,

    /// <summary>Settle disputes.</summary>
    Admins,
}

/// <summary>Facts about actions that need no datum.</summary>
public static class EscrowActions
{
    /// <summary>Who must sign.</summary>
    public static EscrowParty Actor(this EscrowAction action) =>
        action switch
        {
            EscrowAction.Withdraw or EscrowAction.SubmitResult or EscrowAction.AuthorizeRefund => EscrowParty.Seller,
            EscrowAction.WithdrawDisputed => EscrowParty.Admins,
            EscrowAction.SetRefundRequested or EscrowAction.UnSetRefundRequested or EscrowAction.AuthorizeWithdrawal or EscrowAction.WithdrawRefund =>
                EscrowParty.Buyer,
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an escrow action."),
        };

    /// <summary>True when the action ends the escrow, false when it continues in a new output.</summary>
    public static bool IsTerminal(this EscrowAction action) => action is EscrowAction.Withdraw or EscrowAction.WithdrawRefund or EscrowAction.WithdrawDisputed;

    /// <summary>The word in the transaction's metadata message (spec escrow.md 3.1).</summary>
    public static string Label(this EscrowAction action) =>
        action switch
        {
            EscrowAction.Withdraw => "CollectCompleted",
            EscrowAction.SetRefundRequested => "RequestRefund",
            EscrowAction.UnSetRefundRequested => "CancelRefund",
            EscrowAction.AuthorizeWithdrawal => "AuthorizeWithdrawal",
            EscrowAction.WithdrawRefund => "CollectRefund",
            EscrowAction.WithdrawDisputed => "WithdrawDisputed",
            EscrowAction.SubmitResult => "SubmitResult",
            EscrowAction.AuthorizeRefund => "AuthorizeRefund",
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an escrow action."),
        };
}
