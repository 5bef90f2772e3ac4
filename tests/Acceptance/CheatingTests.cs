using Masumi.Cardano;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Acceptance;

/// <summary>Cheating transactions, built and submitted; next to each the honest one, so that the cheat alone is what was refused.</summary>
public sealed class CheatingTests
{
    private static readonly Lovelace Dear = Lovelace.FromAda(20);
    private static readonly Lovelace Cheap = Lovelace.FromAda(2);

    [Fact]
    public void Collecting_before_the_unlock_is_refused()
    {
        using var world = new CheatingWorld(Dear);
        var escrow = world.Submit(world.Lock());
        var later = world.Deadlines.Unlock.AddMinutes(20);
        var leg = CheatingWorld.Leg(world.Transactions.Withdraw(escrow, CheatingWorld.AddressOf(world.Seller), later));
        world.Refuse(EscrowPieces.Of(leg with { Window = world.Window }), world.Seller);
        world.Chain.Advance(later - world.Now);
        world.Accept(EscrowPieces.Of(leg), world.Seller);
    }

    [Fact]
    public void Collecting_by_a_stranger_is_refused()
    {
        using var world = new CheatingWorld(Dear);
        var escrow = world.Submit(world.Lock());
        world.Chain.Advance(world.Deadlines.Unlock.AddMinutes(20) - world.Now);
        var honest = CheatingWorld.Leg(world.Transactions.Withdraw(escrow, CheatingWorld.AddressOf(world.Seller), world.Now));
        var stolen = CheatingWorld.Leg(world.Transactions.Withdraw(escrow, CheatingWorld.AddressOf(world.Stranger), world.Now));
        world.Refuse(EscrowPieces.Of(stolen with { RequiredSigners = [world.Stranger.Payment.KeyHash] }), world.Stranger);
        world.Accept(EscrowPieces.Of(honest), world.Seller);
    }

    [Fact]
    public void Taking_money_out_of_a_continuing_escrow_is_refused()
    {
        using var world = new CheatingWorld(Dear);
        var leg = CheatingWorld.Leg(world.Transactions.SubmitResult(world.Lock(), CheatingWorld.Result, world.Now));
        var output = leg.Outputs[0];
        var less = output with { Value = output.Value.WithCoin(output.Value.Coin - Lovelace.FromAda(1)) };
        world.Refuse(EscrowPieces.Of(leg with { Outputs = [less] }), world.Seller);
        world.Accept(EscrowPieces.Of(leg), world.Seller);
    }

    [Fact]
    public void Moving_a_deadline_in_a_continuing_escrow_is_refused()
    {
        using var world = new CheatingWorld(Dear);
        var leg = CheatingWorld.Leg(world.Transactions.SubmitResult(world.Lock(), CheatingWorld.Result, world.Now));
        var sooner = leg.NewDatum! with { Deadlines = leg.NewDatum.Deadlines with { Unlock = leg.NewDatum.Deadlines.Unlock.AddHours(-5) } };
        world.Refuse(EscrowPieces.Of(leg with { Outputs = [leg.Outputs[0] with { Datum = sooner.ToInline() }] }), world.Seller);
        world.Accept(EscrowPieces.Of(leg), world.Seller);
    }

    [Fact]
    public void Taking_a_refund_after_a_result_is_refused()
    {
        using var world = new CheatingWorld(Dear);
        var locked = world.Lock();
        var later = world.Deadlines.SubmitResult.AddMinutes(20);
        var refund = CheatingWorld.Leg(world.Transactions.WithdrawRefund(locked, CheatingWorld.AddressOf(world.Buyer), later));
        var escrow = world.Submit(locked);
        world.Chain.Advance(later - world.Now);
        world.Refuse(EscrowPieces.Of(refund with { Input = refund.Input with { Utxo = escrow }, Window = world.Window }), world.Buyer);
    }

    [Fact]
    public void A_refund_without_a_result_is_the_buyers_after_the_deadline_and_not_before()
    {
        using var world = new CheatingWorld(Dear);
        var later = world.Deadlines.SubmitResult.AddMinutes(20);
        var refund = CheatingWorld.Leg(world.Transactions.WithdrawRefund(world.Lock(), CheatingWorld.AddressOf(world.Buyer), later));
        world.Refuse(EscrowPieces.Of(refund with { Window = world.Window }), world.Buyer);
        world.Chain.Advance(later - world.Now);
        world.Accept(EscrowPieces.Of(refund), world.Buyer);
    }

    [Fact]
    public void Submitting_a_result_after_the_deadline_is_refused()
    {
        using var world = new CheatingWorld(Dear);
        var leg = CheatingWorld.Leg(world.Transactions.SubmitResult(world.Lock(), CheatingWorld.Result, world.Now));
        world.Chain.Advance(world.Deadlines.SubmitResult.AddMinutes(20) - world.Now);

        // The cooldown has to fit the later interval, or it would be what is refused.
        var datum = leg.NewDatum! with
        {
            SellerCooldown = world.Now.AddHours(1).ToUnixTimeMilliseconds(),
        };
        world.Refuse(EscrowPieces.Of(leg with { Window = world.Window, Outputs = [leg.Outputs[0] with { Datum = datum.ToInline() }] }), world.Seller);
    }

    [Fact]
    public void Skipping_the_cooldown_is_refused()
    {
        using var world = new CheatingWorld(Dear);
        var escrow = world.Submit(world.Lock());
        var later = world.Now.AddMinutes(30);
        var again = CheatingWorld.Leg(world.Transactions.SubmitResult(escrow, ResultHash.Parse(new string('c', 64)), later));
        world.Refuse(EscrowPieces.Of(again with { Window = world.Window }), world.Seller);
        world.Chain.Advance(later - world.Now);
        world.Accept(EscrowPieces.Of(again), world.Seller);
    }

    [Fact]
    public void Keeping_the_buyers_collateral_is_refused()
    {
        using var world = new CheatingWorld(Cheap);
        var escrow = world.Submit(world.Lock());
        world.Chain.Advance(world.Deadlines.Unlock.AddMinutes(20) - world.Now);
        var leg = CheatingWorld.Leg(world.Transactions.Withdraw(escrow, CheatingWorld.AddressOf(world.Seller), world.Now));
        Assert.True(leg.Datum.CollateralReturn > Lovelace.Zero);
        var kept = leg.Outputs.Where(o => o.Address != CheatingWorld.AddressOf(world.Buyer));
        world.Refuse(EscrowPieces.Of(leg with { Outputs = [.. kept] }), world.Seller);
        world.Accept(EscrowPieces.Of(leg), world.Seller);
    }
}
