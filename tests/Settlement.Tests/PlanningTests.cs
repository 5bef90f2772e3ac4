using Masumi.Cardano;
using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests;

/// <summary>Which transactions many deals become.</summary>
public sealed class PlanningTests
{
    [Fact]
    public async Task A_purchase_that_is_too_dear_does_not_hold_up_the_ones_behind_it()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var dear = await world.AgreeAsync(ada: 5000);
        var cheap = await world.AgreeAsync();
        await world.SettleAsync();
        Assert.Single(world.LocksOf(cheap));
        Assert.Empty(world.LocksOf(dear));
        var waiting = await world.Buyer.DealAsync(dear);
        Assert.Equal((Intent.Lock, ErrorType.InsufficientFunds), (waiting.Intent, waiting.Problem?.Type));

        world.Fund(world.Buyer.Wallet.Address, 6000);
        await world.SettleAsync();
        Assert.Single(world.LocksOf(dear));
        Assert.Null((await world.Buyer.DealAsync(dear)).Problem);
    }

    [Fact]
    public async Task Many_locks_and_results_share_transactions_without_waiting_for_blocks()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var jobs = new List<string>();
        for (var i = 0; i < 16; i++)
        {
            jobs.Add(await world.AgreeAsync());
        }

        await world.Buyer.RoundAsync();
        Assert.Single(world.Buyer.Chain.Handed);
        world.Devnet.Mine();
        await world.SettleAsync(1);
        foreach (var job in jobs)
        {
            Assert.Single(world.LocksOf(job));
            await world.Seller.WantAsync(job, Intent.SubmitResult, new string('d', 64));
        }

        await world.Seller.RoundAsync();
        Assert.InRange(world.Seller.Chain.Handed.Count, 1, 3);
        world.Devnet.Mine();
        await world.SettleAsync(1);
        foreach (var job in jobs)
        {
            Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(job)).Projection.State);
        }

        await world.AdvanceAsync(TimeSpan.FromHours(7));
        foreach (var job in jobs)
        {
            Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(job)).Projection.State);
        }
    }

    [Fact]
    public async Task A_lock_taken_back_after_a_result_was_wanted_does_not_lose_the_result()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var start = world.Devnet.Tip.Height;
        var job = await world.LockAsync();
        world.Devnet.Rollback((int)(world.Devnet.Tip.Height - start), drop: true);
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        await world.Seller.WantAsync(job, Intent.SubmitResult, new string('e', 64));
        await world.SettleAsync(8);
        Assert.Equal(new string('e', 64), (await world.Buyer.DealAsync(job)).Projection.ResultHash);
        Assert.Equal(Lovelace.FromAda(5), (await world.Buyer.DealAsync(job)).Terms.Funds.Coin);
    }

    [Fact]
    public async Task A_refund_request_that_never_got_out_does_not_hold_up_the_refund()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var job = await world.LockAsync();
        await world.Buyer.WantAsync(job, Intent.RequestRefund);
        world.Buyer.Chain.Down = true;
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        world.Buyer.Chain.Down = false;
        await world.SettleAsync(6);
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(job)).Projection.State);
    }

    [Fact]
    public async Task A_second_result_that_came_too_late_does_not_hold_up_being_paid_for_the_first()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var job = await world.LockAsync();
        await world.Seller.WantAsync(job, Intent.SubmitResult, new string('1', 64));
        await world.SettleAsync();
        await world.Seller.WantAsync(job, Intent.SubmitResult, new string('2', 64));
        world.Seller.Chain.Down = true;
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        world.Seller.Chain.Down = false;
        await world.SettleAsync(6);
        var deal = await world.Seller.DealAsync(job);
        Assert.Equal((OnChainState.Withdrawn, new string('1', 64)), (deal.Projection.State, deal.Projection.ResultHash));
    }

    [Fact]
    public async Task A_result_that_came_too_late_is_the_operators_to_know()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var job = await world.LockAsync();
        await world.Seller.WantAsync(job, Intent.SubmitResult, new string('1', 64));
        world.Seller.Chain.Down = true;
        world.Devnet.Advance(TimeSpan.FromHours(4));
        world.Seller.Chain.Down = false;
        await world.Seller.RoundAsync();
        var deal = await world.Seller.DealAsync(job);
        Assert.Equal(Intent.Nothing, deal.Intent);
        Assert.Equal("missed", deal.Problem?.Code);
        Assert.Contains("submitResultTime", deal.Problem!.Note);
    }
}
