using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Redeemers of the escrow contract (spec escrow.md 3.1).</summary>
public static class EscrowRedeemer
{
    /// <summary>The constructor index of an action; throws <see cref="ArgumentException"/> for an action the family does not have.</summary>
    public static int Index(EscrowAction action, EscrowFamily family) =>
        (action, family) switch
        {
            (EscrowAction.Withdraw, _) => 0,
            (EscrowAction.SetRefundRequested, _) => 1,
            (EscrowAction.UnSetRefundRequested, EscrowFamily.V1) => 2,
            (EscrowAction.AuthorizeWithdrawal, EscrowFamily.V2) => 2,
            (EscrowAction.WithdrawRefund, _) => 3,
            (EscrowAction.WithdrawDisputed, _) => 4,
            (EscrowAction.SubmitResult, _) => 5,
            (EscrowAction.AuthorizeRefund, _) => 6,
            _ => throw new ArgumentException($"{family} has no {action}.", nameof(action)),
        };

    /// <summary>The action of a constructor index; null for one the contract does not know.</summary>
    public static EscrowAction? ActionOf(int index, EscrowFamily family) =>
        index switch
        {
            0 => EscrowAction.Withdraw,
            1 => EscrowAction.SetRefundRequested,
            2 => family == EscrowFamily.V1 ? EscrowAction.UnSetRefundRequested : EscrowAction.AuthorizeWithdrawal,
            3 => EscrowAction.WithdrawRefund,
            4 => EscrowAction.WithdrawDisputed,
            5 => EscrowAction.SubmitResult,
            6 => EscrowAction.AuthorizeRefund,
            _ => null,
        };

    /// <summary>The redeemer of an action without payload; a V2 settlement makes its own.</summary>
    public static PlutusData Of(EscrowAction action, EscrowFamily family) =>
        action == EscrowAction.WithdrawDisputed && family == EscrowFamily.V2
            ? throw new ArgumentException("Settling a V2 dispute needs its values and signatures.", nameof(action))
            : PlutusData.C((ulong)Index(action, family));

    /// <summary>The action a redeemer asks for; null for anything that is none. Only the constructor counts, as for the reference's watcher.</summary>
    public static EscrowAction? Read(PlutusData redeemer, EscrowFamily family) =>
        redeemer is PlutusData.Constr { Tag: <= 6 } constr ? ActionOf((int)constr.Tag, family) : null;
}
