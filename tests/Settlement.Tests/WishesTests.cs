using Masumi.Cardano;

namespace Masumi.Settlement.Tests;

/// <summary>What becomes of a wish when the chain moves or time passes (spec payment-service-api.md 4.2-4.6).</summary>
public sealed class WishesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DealTerms Terms = new(
        "00",
        "00",
        PricingKind.Fixed,
        Value.Of(Lovelace.FromAda(5)),
        "aa",
        Start.AddHours(1),
        Start.AddHours(2),
        Start.AddHours(8),
        Start.AddHours(14),
        Address.Create(NetworkId.Testnet, Credential.Key(default)),
        null,
        null
    );

    private static Deal Of(DealSide side, Wish wish, OnChainState? state, string? resultHash = null, string? wanted = null) =>
        new()
        {
            Id = "c1",
            Side = side,
            SourceId = "c2",
            Terms = Terms,
            CreatedAt = Start,
            Wish = wish,
            WishResultHash = wanted,
            Projection = new Projection { State = state, ResultHash = resultHash },
        };

    [Theory]
    [InlineData(Wish.Lock, null, Wish.Lock, false)]
    [InlineData(Wish.Lock, OnChainState.FundsLocked, Wish.Nothing, false)]
    [InlineData(Wish.RequestRefund, OnChainState.FundsLocked, Wish.RequestRefund, false)]
    [InlineData(Wish.RequestRefund, OnChainState.Disputed, Wish.Nothing, false)]
    [InlineData(Wish.RequestRefund, OnChainState.WithdrawAuthorized, Wish.Nothing, true)]
    [InlineData(Wish.AuthorizeWithdrawal, OnChainState.RefundAuthorized, Wish.Nothing, true)]
    [InlineData(Wish.WithdrawRefund, OnChainState.ResultSubmitted, Wish.Nothing, false)]
    [InlineData(Wish.WithdrawRefund, OnChainState.RefundWithdrawn, Wish.Nothing, false)]
    public void A_buyers_wish_follows_the_chain(Wish before, OnChainState? state, Wish after, bool manual)
    {
        var deal = Wishes.AfterProjection(Of(DealSide.Purchase, before, state));
        Assert.Equal(after, deal.Wish);
        Assert.Equal(manual, deal.Problem is { NeedsManual: true });
    }

    [Fact]
    public void A_lock_that_was_rolled_back_is_wanted_again() =>
        Assert.Equal(Wish.Lock, Wishes.AfterProjection(Of(DealSide.Purchase, Wish.Nothing, null)).Wish);

    [Fact]
    public void A_result_that_was_rolled_back_is_wanted_again_with_the_same_hash()
    {
        var deal = Wishes.AfterProjection(Of(DealSide.Payment, Wish.Nothing, OnChainState.FundsLocked, wanted: "bb"));
        Assert.Equal((Wish.SubmitResult, "bb"), (deal.Wish, deal.WishResultHash));
    }

    [Fact]
    public void Another_result_on_chain_does_not_fulfil_the_wish_for_this_one()
    {
        Assert.Equal(Wish.SubmitResult, Wishes.AfterProjection(Of(DealSide.Payment, Wish.SubmitResult, OnChainState.Disputed, "aa", "bb")).Wish);
        Assert.Equal(Wish.Nothing, Wishes.AfterProjection(Of(DealSide.Payment, Wish.SubmitResult, OnChainState.Disputed, "bb", "bb")).Wish);
    }

    [Theory]
    [InlineData(DealSide.Payment, OnChainState.ResultSubmitted, 8 * 60 + 9, Wish.Nothing)]
    [InlineData(DealSide.Payment, OnChainState.ResultSubmitted, 8 * 60 + 10, Wish.Withdraw)]
    [InlineData(DealSide.Payment, OnChainState.WithdrawAuthorized, 1, Wish.Withdraw)]
    [InlineData(DealSide.Payment, OnChainState.FundsLocked, 20 * 60, Wish.Nothing)]
    [InlineData(DealSide.Purchase, OnChainState.FundsLocked, 2 * 60 + 9, Wish.Nothing)]
    [InlineData(DealSide.Purchase, OnChainState.FundsLocked, 2 * 60 + 10, Wish.WithdrawRefund)]
    [InlineData(DealSide.Purchase, OnChainState.RefundAuthorized, 1, Wish.WithdrawRefund)]
    [InlineData(DealSide.Purchase, OnChainState.Disputed, 20 * 60, Wish.Nothing)]
    public void Time_makes_each_side_collect_what_is_due(DealSide side, OnChainState state, int minutes, Wish after) =>
        Assert.Equal(after, Wishes.AfterTime(Of(side, Wish.Nothing, state), Start.AddMinutes(minutes)).Wish);

    [Fact]
    public void A_lock_that_never_came_is_given_up_five_minutes_after_its_deadline()
    {
        var waiting = Of(DealSide.Purchase, Wish.Lock, null);
        Assert.Equal(waiting, Wishes.AfterTime(waiting, Start.AddMinutes(65)));
        var given = Wishes.AfterTime(waiting, Start.AddMinutes(66));
        Assert.Equal((OnChainState.FundsOrDatumInvalid, Wish.Nothing), (given.Projection.State, given.Wish));
        Assert.Contains("passed without on-chain lock", given.Problem!.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Wish.Nothing, false, "WaitingForExternalAction")]
    [InlineData(Wish.Lock, false, "FundsLockingRequested")]
    [InlineData(Wish.Lock, true, "FundsLockingInitiated")]
    [InlineData(Wish.RequestRefund, true, "SetRefundRequestedInitiated")]
    [InlineData(Wish.WithdrawRefund, false, "WithdrawRefundRequested")]
    public void The_next_action_is_derived_in_the_words_of_the_api(Wish wish, bool underWay, string action) =>
        Assert.Equal(action, NextAction.Of(Of(DealSide.Purchase, wish, null), underWay));
}
