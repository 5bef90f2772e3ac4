using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Redeemers of the escrow contract (spec escrow.md 3.1).</summary>
public static class EscrowRedeemer
{
    internal static RedeemerActions<EscrowAction> V1 { get; } =
        new(
            EscrowFamily.V1,
            EscrowAction.Withdraw,
            EscrowAction.SetRefundRequested,
            EscrowAction.UnSetRefundRequested,
            EscrowAction.WithdrawRefund,
            EscrowAction.WithdrawDisputed,
            EscrowAction.SubmitResult,
            EscrowAction.AuthorizeRefund
        );

    internal static RedeemerActions<EscrowAction> V2 { get; } =
        new(
            EscrowFamily.V2,
            EscrowAction.Withdraw,
            EscrowAction.SetRefundRequested,
            EscrowAction.AuthorizeWithdrawal,
            EscrowAction.WithdrawRefund,
            EscrowAction.WithdrawDisputed,
            EscrowAction.SubmitResult,
            EscrowAction.AuthorizeRefund
        );

    /// <summary>The constructor index of an action; throws <see cref="ArgumentException"/> for an action the family does not have.</summary>
    public static int Index(EscrowAction action, EscrowFamily family) => Of(family).IndexOf(action);

    /// <summary>The action of a constructor index; null for one the contract does not know.</summary>
    public static EscrowAction? ActionOf(int index, EscrowFamily family) => Of(family).At((ulong)index);

    /// <summary>The redeemer of an action without payload; a V2 settlement makes its own.</summary>
    public static PlutusData Of(EscrowAction action, EscrowFamily family) =>
        action == EscrowAction.WithdrawDisputed && family == EscrowFamily.V2
            ? throw new ArgumentException("Settling a V2 dispute needs its values and signatures.", nameof(action))
            : PlutusData.C((ulong)Index(action, family));

    /// <summary>The action a redeemer asks for; null for anything that is none. Only the constructor counts, as for the reference's watcher.</summary>
    public static EscrowAction? Read(PlutusData redeemer, EscrowFamily family) => redeemer is PlutusData.Constr constr ? Of(family).At(constr.Tag) : null;

    private static RedeemerActions<EscrowAction> Of(EscrowFamily family) => family == EscrowFamily.V1 ? V1 : V2;
}
