namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>What became of a transaction.</summary>
public enum TransactionStatus
{
    /// <summary>It waits for a block.</summary>
    Pending,

    /// <summary>A block has it.</summary>
    Confirmed,

    /// <summary>No block took it while it was valid.</summary>
    FailedViaTimeout,

    /// <summary>A person gave it up.</summary>
    FailedViaManualReset,

    /// <summary>Its block is gone, or another transaction took what it spends.</summary>
    RolledBack,
}

/// <summary>Where a deal is settled, when somebody insists.</summary>
public enum SettlementLayer
{
    /// <summary>On Cardano itself.</summary>
    L1,

    /// <summary>In a Hydra head of the two parties.</summary>
    Hydra,
}

/// <summary>Who moves an escrow.</summary>
public enum DealParty
{
    /// <summary>Who pays.</summary>
    Buyer,

    /// <summary>Who works.</summary>
    Seller,

    /// <summary>Those who divide a disputed escrow.</summary>
    Admins,
}

/// <summary>What a transaction does to an escrow.</summary>
public enum DealAct
{
    /// <summary>The buyer puts the money into it.</summary>
    Lock,

    /// <summary>The seller puts the result's hash on chain.</summary>
    SubmitResult,

    /// <summary>The buyer asks for the money back.</summary>
    RequestRefund,

    /// <summary>The buyer takes that back (V1).</summary>
    CancelRefundRequest,

    /// <summary>The seller agrees to a refund.</summary>
    AuthorizeRefund,

    /// <summary>The buyer releases a disputed escrow to the seller (V2).</summary>
    AuthorizeWithdrawal,

    /// <summary>The seller collects.</summary>
    Withdraw,

    /// <summary>The buyer takes the money back.</summary>
    WithdrawRefund,

    /// <summary>The admins divide the money.</summary>
    WithdrawDisputed,
}
