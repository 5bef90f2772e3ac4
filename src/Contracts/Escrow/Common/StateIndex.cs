namespace Masumi.Contracts.Escrow.Common;

/// <summary>The constructor index of every <see cref="EscrowState"/>, for the validators.</summary>
internal static class StateIndex
{
    public const int FundsLocked = (int)EscrowState.FundsLocked;
    public const int ResultSubmitted = (int)EscrowState.ResultSubmitted;
    public const int RefundRequested = (int)EscrowState.RefundRequested;
    public const int Disputed = (int)EscrowState.Disputed;
    public const int WithdrawAuthorized = (int)EscrowState.WithdrawAuthorized;
    public const int RefundAuthorized = (int)EscrowState.RefundAuthorized;
}
