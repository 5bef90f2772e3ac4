namespace Masumi.Settlement.Rails;

/// <summary>What a node does next on chain for a deal. Derived from what its owner wished, what the chain says and the time; nobody sets it.</summary>
public enum Intent
{
    /// <summary>Nothing: waiting for the other side, for time, or done.</summary>
    Nothing,

    /// <summary>Buyer: lock the funds.</summary>
    Lock,

    /// <summary>Seller: put the result hash on chain.</summary>
    SubmitResult,

    /// <summary>Buyer: ask for a refund.</summary>
    RequestRefund,

    /// <summary>Buyer, V1: take the request for a refund back.</summary>
    CancelRefundRequest,

    /// <summary>Seller: agree to a refund.</summary>
    AuthorizeRefund,

    /// <summary>Buyer: release a disputed escrow to the seller. Final.</summary>
    AuthorizeWithdrawal,

    /// <summary>Seller: collect.</summary>
    Withdraw,

    /// <summary>Buyer: collect the refund.</summary>
    WithdrawRefund,
}
