using System.Collections.Frozen;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Settlement.Rails;

/// <summary>The escrow contracts' rails: a table of what is granted when (spec escrow.md 4), and the contracts' own planning.</summary>
internal sealed class EscrowRail : IRail
{
    private readonly FrozenDictionary<Intent, OnChainState[]> _grants;

    private EscrowRail(EscrowFamily family, int mostLegs, Dictionary<Intent, OnChainState[]> grants)
    {
        Family = family;
        MostLegs = mostLegs;
        _grants = grants.ToFrozenDictionary();
    }

    /// <summary>One escrow a transaction; a buyer can take a request back; agreeing to a refund takes a result off the chain.</summary>
    public static EscrowRail V1 { get; } =
        new(
            EscrowFamily.V1,
            1,
            new()
            {
                [Intent.SubmitResult] = [FundsLocked, ResultSubmitted, RefundRequested, Disputed],
                [Intent.RequestRefund] = [FundsLocked, ResultSubmitted],
                [Intent.CancelRefundRequest] = [RefundRequested, Disputed],
                [Intent.AuthorizeRefund] = [Disputed],
                [Intent.Withdraw] = [ResultSubmitted],
                [Intent.WithdrawRefund] = [FundsLocked, RefundRequested],
            }
        );

    /// <summary>Several escrows a transaction; either party can give the money to the other, for good.</summary>
    public static EscrowRail V2 { get; } =
        new(
            EscrowFamily.V2,
            EscrowSchedule.MaxLegs,
            new()
            {
                [Intent.SubmitResult] = [FundsLocked, ResultSubmitted, RefundRequested, Disputed],
                [Intent.RequestRefund] = [FundsLocked, ResultSubmitted],
                [Intent.AuthorizeRefund] = [FundsLocked, ResultSubmitted, RefundRequested, Disputed],
                [Intent.AuthorizeWithdrawal] = [Disputed],
                [Intent.Withdraw] = [ResultSubmitted, WithdrawAuthorized],
                [Intent.WithdrawRefund] = [FundsLocked, RefundRequested, RefundAuthorized],
            }
        );

    public EscrowFamily Family { get; }

    public int MostLegs { get; }

    public bool Grants(Intent action, OnChainState state) => _grants.TryGetValue(action, out var states) && states.Contains(state);

    public LegResult Plan(EscrowTransactions transactions, Intent action, Utxo escrow, ResultHash? result, Address payout, DateTimeOffset now) =>
        action switch
        {
            Intent.SubmitResult => transactions.SubmitResult(escrow, result!, now),
            Intent.RequestRefund => transactions.RequestRefund(escrow, now),
            Intent.CancelRefundRequest => transactions.CancelRefundRequest(escrow, now),
            Intent.AuthorizeRefund => transactions.AuthorizeRefund(escrow, now),
            Intent.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, now),
            Intent.Withdraw => transactions.Withdraw(escrow, payout, now),
            Intent.WithdrawRefund => transactions.WithdrawRefund(escrow, payout, now),
            _ => throw new InvalidOperationException($"No action on an escrow: {action}."),
        };
}
