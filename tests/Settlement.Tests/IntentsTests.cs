using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Settlement.Tests;

/// <summary>What becomes of an intent when the chain moves or time passes (spec payment-service-api.md 4.2-4.6).</summary>
public sealed class IntentsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ResultHash First = ResultHash.Parse(new string('a', 64));
    private static readonly ResultHash Second = ResultHash.Parse(new string('b', 64));

    private static readonly DealTerms Terms = new(
        BlockchainIdentifier.Parse("00"),
        AgentIdentifier.Parse(new string('0', 58)),
        PricingType.Fixed,
        Value.Of(Lovelace.FromAda(5)),
        InputHash.Parse("aa"),
        new Deadlines(Start.AddHours(1), Start.AddHours(2), Start.AddHours(8), Start.AddHours(14)),
        Address.Create(NetworkId.Testnet, Credential.Key(default)),
        null,
        null
    );

    private static Deal Of(DealSide side, Intent intent, OnChainState? state, ResultHash? resultHash = null, ResultHash? wanted = null) =>
        new()
        {
            Id = "c1",
            Side = side,
            SourceId = "c2",
            Terms = Terms,
            CreatedAt = Start,
            Intent = intent,
            IntentResultHash = wanted,
            Projection = new Projection { State = state, ResultHash = resultHash?.ToString() },
        };

    [Theory]
    [InlineData(Intent.Lock, null, Intent.Lock, false)]
    [InlineData(Intent.Lock, OnChainState.FundsLocked, Intent.Nothing, false)]
    [InlineData(Intent.RequestRefund, OnChainState.FundsLocked, Intent.RequestRefund, false)]
    [InlineData(Intent.RequestRefund, OnChainState.Disputed, Intent.Nothing, false)]
    [InlineData(Intent.RequestRefund, OnChainState.WithdrawAuthorized, Intent.Nothing, true)]
    [InlineData(Intent.AuthorizeWithdrawal, OnChainState.RefundAuthorized, Intent.Nothing, false)]
    [InlineData(Intent.WithdrawRefund, OnChainState.ResultSubmitted, Intent.Nothing, false)]
    [InlineData(Intent.WithdrawRefund, OnChainState.RefundWithdrawn, Intent.Nothing, false)]
    public void A_buyers_intent_follows_the_chain(Intent before, OnChainState? state, Intent after, bool manual)
    {
        var deal = Intents.AfterProjection(Of(DealSide.Purchase, before, state));
        Assert.Equal(after, deal.Intent);
        Assert.Equal(manual, deal.Problem is { NeedsManual: true });
    }

    [Theory]
    [InlineData(Intent.SubmitResult)]
    [InlineData(Intent.AuthorizeRefund)]
    public void A_seller_whose_action_a_release_overtook_collects(Intent overtaken)
    {
        var deal = Intents.AfterProjection(Of(DealSide.Payment, overtaken, OnChainState.WithdrawAuthorized, First, Second));
        Assert.Null(deal.Problem);
        Assert.Equal(Intent.Withdraw, Intents.AfterTime(deal, Start.AddHours(2)).Intent);
    }

    [Fact]
    public void A_buyer_whose_release_a_refund_overtook_collects_the_refund()
    {
        var deal = Intents.AfterProjection(Of(DealSide.Purchase, Intent.AuthorizeWithdrawal, OnChainState.RefundAuthorized));
        Assert.Equal(Intent.WithdrawRefund, Intents.AfterTime(deal, Start.AddHours(3)).Intent);
    }

    [Fact]
    public void A_lock_that_was_rolled_back_is_wanted_again() =>
        Assert.Equal(Intent.Lock, Intents.AfterProjection(Of(DealSide.Purchase, Intent.Nothing, null)).Intent);

    [Fact]
    public void A_result_that_was_rolled_back_is_wanted_again_with_the_same_hash()
    {
        var deal = Intents.AfterProjection(Of(DealSide.Payment, Intent.Nothing, OnChainState.FundsLocked, wanted: Second));
        Assert.Equal((Intent.SubmitResult, Second), (deal.Intent, deal.IntentResultHash));
    }

    [Fact]
    public void Another_result_on_chain_does_not_fulfil_the_intent_for_this_one()
    {
        Assert.Equal(Intent.SubmitResult, Intents.AfterProjection(Of(DealSide.Payment, Intent.SubmitResult, OnChainState.Disputed, First, Second)).Intent);
        Assert.Equal(Intent.Nothing, Intents.AfterProjection(Of(DealSide.Payment, Intent.SubmitResult, OnChainState.Disputed, Second, Second)).Intent);
    }

    [Theory]
    [InlineData(DealSide.Payment, OnChainState.ResultSubmitted, 8 * 60 + 9, Intent.Nothing)]
    [InlineData(DealSide.Payment, OnChainState.ResultSubmitted, 8 * 60 + 10, Intent.Withdraw)]
    [InlineData(DealSide.Payment, OnChainState.WithdrawAuthorized, 1, Intent.Withdraw)]
    [InlineData(DealSide.Payment, OnChainState.FundsLocked, 20 * 60, Intent.Nothing)]
    [InlineData(DealSide.Purchase, OnChainState.FundsLocked, 2 * 60 + 9, Intent.Nothing)]
    [InlineData(DealSide.Purchase, OnChainState.FundsLocked, 2 * 60 + 10, Intent.WithdrawRefund)]
    [InlineData(DealSide.Purchase, OnChainState.RefundAuthorized, 1, Intent.WithdrawRefund)]
    [InlineData(DealSide.Purchase, OnChainState.Disputed, 20 * 60, Intent.Nothing)]
    public void Time_makes_each_side_collect_what_is_due(DealSide side, OnChainState state, int minutes, Intent after) =>
        Assert.Equal(after, Intents.AfterTime(Of(side, Intent.Nothing, state), Start.AddMinutes(minutes)).Intent);

    [Fact]
    public void A_lock_that_never_came_is_given_up_five_minutes_after_its_deadline()
    {
        var waiting = Of(DealSide.Purchase, Intent.Lock, null);
        Assert.Equal(waiting, Intents.AfterTime(waiting, Start.AddMinutes(65)));
        var given = Intents.AfterTime(waiting, Start.AddMinutes(66));
        Assert.Equal((OnChainState.FundsOrDatumInvalid, Intent.Nothing), (given.Projection.State, given.Intent));
        Assert.Contains("passed without on-chain lock", given.Problem!.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void An_offer_that_nobody_paid_ends_without_a_problem()
    {
        var waiting = Of(DealSide.Payment, Intent.Nothing, null) with { Problem = new DealProblem(ErrorType.NetworkError, "earlier", NeedsManual: false) };
        Assert.Equal(waiting, Intents.AfterTime(waiting, Start.AddMinutes(65)));
        var over = Intents.AfterTime(waiting, Start.AddMinutes(66));
        Assert.Equal((OnChainState.FundsOrDatumInvalid, Intent.Nothing, true), (over.Projection.State, over.Intent, over.IsExpired));
        Assert.Null(over.Problem);
        Assert.Equal(RequestedAction.None, NextAction.Of(over, underWay: false));

        // The chain is read again and still shows nothing.
        Assert.Equal(over, Intents.AfterProjection(over));
        Assert.Equal(over, Intents.AfterTime(over, Start.AddDays(2)));
    }

    [Fact]
    public void A_lock_that_a_rollback_took_back_for_good_is_a_problem_of_a_seller_who_had_a_result()
    {
        var over = Intents.AfterTime(Of(DealSide.Payment, Intent.SubmitResult, null, wanted: First), Start.AddMinutes(66));
        Assert.True(over.Problem is { NeedsManual: true });
        Assert.Equal(RequestedAction.WaitingForManualAction, NextAction.Of(over, underWay: false));
        Assert.Contains("Payment request payByTime", Intents.AfterProjection(over).Problem!.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Intent.Nothing, false, RequestedAction.WaitingForExternalAction)]
    [InlineData(Intent.Lock, false, RequestedAction.FundsLockingRequested)]
    [InlineData(Intent.Lock, true, RequestedAction.FundsLockingInitiated)]
    [InlineData(Intent.RequestRefund, true, RequestedAction.SetRefundRequestedInitiated)]
    [InlineData(Intent.WithdrawRefund, false, RequestedAction.WithdrawRefundRequested)]
    public void The_next_action_is_derived_in_the_words_of_the_api(Intent intent, bool underWay, RequestedAction action) =>
        Assert.Equal(action, NextAction.Of(Of(DealSide.Purchase, intent, null), underWay));
}
