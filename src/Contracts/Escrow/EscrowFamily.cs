namespace Masumi.Contracts.Escrow;

/// <summary>The two generations of the escrow contract. They share addresses' shape, nothing else may be assumed (spec escrow.md 4.6).</summary>
public enum EscrowFamily
{
    /// <summary>Web3CardanoV1: 16 fields, protocol fee, one escrow per transaction.</summary>
    V1 = 1,

    /// <summary>Web3CardanoV2: 19 fields, no fee, batches, return addresses.</summary>
    V2 = 2,
}

/// <summary>The state in the datum, with its constructor index (spec escrow.md 2.5).</summary>
public enum EscrowState
{
    /// <summary>The buyer's funds are in escrow.</summary>
    FundsLocked = 0,

    /// <summary>A result hash is on chain.</summary>
    ResultSubmitted = 1,

    /// <summary>The buyer wants a refund; there is no result.</summary>
    RefundRequested = 2,

    /// <summary>The buyer wants a refund although there is a result.</summary>
    Disputed = 3,

    /// <summary>V2: the buyer released a disputed escrow to the seller; irrevocable.</summary>
    WithdrawAuthorized = 4,

    /// <summary>V2: the seller released the escrow to the buyer; irrevocable.</summary>
    RefundAuthorized = 5,
}

/// <summary>What a redeemer asks for. Numbers are ours: constructor 2 means different things in the two families (spec escrow.md 3.1).</summary>
public enum EscrowAction
{
    /// <summary>The seller collects.</summary>
    Withdraw,

    /// <summary>The buyer asks for a refund.</summary>
    SetRefundRequested,

    /// <summary>V1: the buyer takes the request for a refund back.</summary>
    UnSetRefundRequested,

    /// <summary>V2: the buyer gives a disputed escrow to the seller, for good.</summary>
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
            _ => EscrowParty.Buyer,
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
