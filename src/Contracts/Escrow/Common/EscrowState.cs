namespace Masumi.Contracts.Escrow.Common;

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

    /// <summary>V2: the buyer released the escrow to the seller; irrevocable.</summary>
    WithdrawAuthorized = 4,

    /// <summary>V2: the seller released the escrow to the buyer; irrevocable.</summary>
    RefundAuthorized = 5,
}
