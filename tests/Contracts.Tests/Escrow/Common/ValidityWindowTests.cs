using Masumi.Cardano;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class ValidityWindowTests
{
    private static readonly SlotConfig Slots = SlotConfig.Preprod;
    private static readonly Deadlines Deadlines = Vectors.Deadlines;
    private static readonly EscrowDatum Locked = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked);

    private static long At(DateTimeOffset time) => Slots.SlotAt(time).Number;

    private static ValidityWindow Open(EscrowAction action, EscrowDatum datum, DateTimeOffset now)
    {
        Assert.True(ValidityWindow.TryFor(action, datum, now, Slots, out var window, out var refusal), refusal?.ToString());
        return window;
    }

    private static WindowRefusal Shut(EscrowAction action, EscrowDatum datum, DateTimeOffset now)
    {
        Assert.False(ValidityWindow.TryFor(action, datum, now, Slots, out _, out var refusal));
        return refusal;
    }

    [Fact]
    public void Without_deadlines_the_interval_is_five_minutes_to_both_sides()
    {
        var now = Deadlines.PayBy;
        Assert.Equal(new ValidityWindow(new Slot(At(now) - 301), new Slot(At(now) + 330)), Open(EscrowAction.AuthorizeRefund, Locked, now));
    }

    [Fact]
    public void A_deadline_ends_the_interval_18_slots_early()
    {
        var now = Deadlines.SubmitResult.AddMinutes(-2);
        var window = Open(EscrowAction.SubmitResult, Locked, now);
        Assert.Equal(new Slot(At(Deadlines.SubmitResult) - 18), window.InvalidHereafter);
    }

    [Fact]
    public void A_cooldown_starts_the_interval_in_the_slot_after_it()
    {
        var cooldown = Deadlines.PayBy.AddMinutes(-1);
        var datum = Locked with { SellerCooldown = cooldown.ToUnixTimeMilliseconds() };
        Assert.Equal(new Slot(At(cooldown) + 1), Open(EscrowAction.AuthorizeRefund, datum, Deadlines.PayBy).InvalidBefore);
        var refusal = Shut(EscrowAction.AuthorizeRefund, datum, cooldown);
        Assert.Equal(new WindowRefusal(WindowRule.TooEarly, cooldown, cooldown.AddSeconds(1)), refusal);
        Open(EscrowAction.AuthorizeRefund, datum, refusal.Required);
    }

    [Fact]
    public void Too_close_to_the_deadline_there_is_no_interval()
    {
        Assert.Equal(WindowRule.TooLate, Shut(EscrowAction.SubmitResult, Locked, Deadlines.SubmitResult.AddSeconds(-18)).Rule);
        Open(EscrowAction.SubmitResult, Locked, Deadlines.SubmitResult.AddSeconds(-19));
        Assert.Equal(WindowRule.TooLate, Shut(EscrowAction.SetRefundRequested, Locked, Deadlines.Unlock).Rule);
    }

    [Fact]
    public void A_later_result_may_use_the_dispute_deadline_once_there_is_a_first()
    {
        var now = Deadlines.SubmitResult.AddMinutes(1);
        var answered = Scenes.Datum(EscrowFamily.V2, EscrowState.ResultSubmitted);
        Assert.Equal(new Slot(At(now) + 330), Open(EscrowAction.SubmitResult, answered, now).InvalidHereafter);
        Assert.Equal(WindowRule.TooLate, Shut(EscrowAction.SubmitResult, Locked, now).Rule);
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Collections_start_after_their_deadline_in_both_families(EscrowFamily family)
    {
        var answered = Scenes.Datum(family, EscrowState.ResultSubmitted);
        Assert.Equal(WindowRule.TooEarly, Shut(EscrowAction.Withdraw, answered, Deadlines.Unlock).Rule);
        Assert.True(Slots.TimeOf(Open(EscrowAction.Withdraw, answered, Deadlines.Unlock.AddSeconds(1)).InvalidBefore) >= Deadlines.Unlock);
        var locked = Scenes.Datum(family, EscrowState.FundsLocked);
        Assert.Equal(WindowRule.TooEarly, Shut(EscrowAction.WithdrawRefund, locked, Deadlines.SubmitResult).Rule);
        Assert.True(Slots.TimeOf(Open(EscrowAction.WithdrawRefund, locked, Deadlines.SubmitResult.AddSeconds(1)).InvalidBefore) >= Deadlines.SubmitResult);
    }

    [Fact]
    public void Authorised_collections_wait_for_nothing()
    {
        Open(EscrowAction.Withdraw, Scenes.Datum(EscrowFamily.V2, EscrowState.WithdrawAuthorized), Deadlines.PayBy);
        Open(EscrowAction.WithdrawRefund, Scenes.Datum(EscrowFamily.V2, EscrowState.RefundAuthorized), Deadlines.PayBy);
    }

    [Fact]
    public void A_cooldown_beyond_all_calendars_is_too_early_for_ever()
    {
        var datum = Locked with { SellerCooldown = System.Numerics.BigInteger.Pow(2, 90) };
        Assert.Equal(DateTimeOffset.MaxValue, Shut(EscrowAction.SubmitResult, datum, Deadlines.PayBy).Required);
    }

    [Fact]
    public void A_lock_ends_before_the_pay_by_time_and_a_young_chain_starts_at_slot_0()
    {
        var slots = new SlotConfig(Deadlines.PayBy.AddSeconds(-60), new Slot(0), TimeSpan.FromSeconds(1));
        Assert.True(ValidityWindow.TryForLock(Deadlines.PayBy, Deadlines.PayBy.AddSeconds(-40), slots, out var window, out _));
        Assert.Equal(new ValidityWindow(new Slot(0), new Slot(60 - 18)), window);
        Assert.False(ValidityWindow.TryForLock(Deadlines.PayBy, Deadlines.PayBy.AddSeconds(-18), slots, out _, out var refusal));
        Assert.Equal(WindowRule.TooLate, refusal.Rule);
    }

    [Fact]
    public void Intervals_intersect_or_do_not()
    {
        var early = new ValidityWindow(new Slot(10), new Slot(20));
        Assert.Equal(new ValidityWindow(new Slot(15), new Slot(20)), early.Intersect(new ValidityWindow(new Slot(15), new Slot(30))));
        Assert.Null(early.Intersect(new ValidityWindow(new Slot(20), new Slot(30))));
    }
}
