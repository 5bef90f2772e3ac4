using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Escrow.V1;

/// <summary>Transactions the V1 contract accepts, one per action and state it is possible from.</summary>
internal static class HonestV1
{
    /// <summary>The fee of 5 % on what <see cref="EscrowScenario.Value"/> holds.</summary>
    public static Amount Fee { get; } = new(250_000, (0x77, "tok", 5));

    public static TestDatum AtState(int state) =>
        new()
        {
            Family = EscrowFamily.V1,
            State = state,
            Result = state is 1 or 3 ? Parties.Result : B(default),
        };

    /// <summary>The action with this redeemer, from this state.</summary>
    public static EscrowScenario Of(int action, int state) =>
        action switch
        {
            0 => Withdraw(state),
            1 => SetRefundRequested(state),
            2 => UnSetRefundRequested(state),
            3 => WithdrawRefund(state),
            4 => WithdrawDisputed(state),
            5 => SubmitResult(state),
            _ => AuthorizeRefund(state),
        };

    public static EscrowScenario Withdraw(int state = 1)
    {
        var scenario = At(0, state).SignedBy(Parties.Seller).Between(Clock.Unlock, Clock.Unlock + 300_000);
        return scenario with
        {
            Outputs = [scenario.Payout(Parties.FeeAddress, Fee), scenario.Payout(Parties.BuyerAddress, new Amount(1_435_230)), EscrowScenario.Change],
        };
    }

    public static EscrowScenario SetRefundRequested(int state = 0)
    {
        var scenario = At(1, state).SignedBy(Parties.Buyer);
        return scenario.Continuing(BuyerActed(scenario, HasResult(scenario) ? 3 : 2));
    }

    public static EscrowScenario UnSetRefundRequested(int state = 2)
    {
        var scenario = At(2, state).SignedBy(Parties.Buyer);
        return scenario.Continuing(BuyerActed(scenario, HasResult(scenario) ? 1 : 0));
    }

    public static EscrowScenario WithdrawRefund(int state = 0) =>
        (At(3, state) with { Outputs = [EscrowScenario.Change] }).SignedBy(Parties.Buyer).Between(Clock.Submit, Clock.Submit + 300_000);

    /// <summary>The first two of the three admins sign.</summary>
    public static EscrowScenario WithdrawDisputed(int state = 3) =>
        At(4, state).Between(Clock.Dispute, Clock.Dispute + 300_000) with
        {
            Outputs = [EscrowScenario.Change],
            Signers = [.. KnownDeployments.DefaultAdmins.Take(2).Select(a => B(a.ToArray()))],
        };

    public static EscrowScenario SubmitResult(int state = 0)
    {
        var scenario = At(5, state).SignedBy(Parties.Seller);
        return scenario.Continuing(SellerActed(scenario, state <= 1 ? 1 : 3, Ledger.Bytes(0x23, 32)));
    }

    public static EscrowScenario AuthorizeRefund(int state = 3)
    {
        var scenario = At(6, state).SignedBy(Parties.Seller);
        return scenario.Continuing(SellerActed(scenario, 2, B(default)));
    }

    public static TestDatum BuyerActed(EscrowScenario scenario, int state) =>
        scenario.Datum with
        {
            SellerCooldown = 0,
            BuyerCooldown = scenario.NewCooldown,
            State = state,
        };

    public static TestDatum SellerActed(EscrowScenario scenario, int state, PlutusData result) =>
        scenario.Datum with
        {
            Result = result,
            SellerCooldown = scenario.NewCooldown,
            BuyerCooldown = 0,
            State = state,
        };

    private static EscrowScenario At(int action, int state) => new() { Redeemer = C((ulong)action), Datum = AtState(state) };

    private static bool HasResult(EscrowScenario scenario) => scenario.Datum.Result is Bytes { Value.IsEmpty: false };
}
