using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>One wrong or missing answer, and then the truth: nothing is believed for good, and nobody else waits.</summary>
public sealed class WrongAnswerTests
{
    // The result is called failed in phase 2, once: the dispute, or the collection, must not hang on it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_result_that_was_once_called_failed_is_seen_at_the_next_look(bool isToldToBuyer)
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync(20);
        var misled = isToldToBuyer ? world.Buyer : world.Seller;
        var lies = 0;
        misled.Chain.Retell = told => !told.Transaction.Witnesses.Redeemers.IsEmpty && lies++ == 0 ? told with { IsValid = false } : told;
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        Assert.True(lies > 0);
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            Assert.Equal(OnChainState.ResultSubmitted, (await node.DealAsync(identifier)).OnChainState);
        }

        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        Assert.Equal(OnChainState.Disputed, (await world.Seller.DealAsync(identifier)).OnChainState);
    }

    // One of several that act together may be what nobody takes: it does not take the others with it.
    [Fact]
    public async Task Of_actions_that_were_refused_together_and_expired_each_is_made_alone()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var deals = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            deals.Add(await world.AgreeAsync(10));
        }

        await world.SettleAsync();
        world.Seller.Chain.OnSubmit = t => t.Witnesses.Redeemers.Length > 1 ? Fault.Refused : Fault.None;
        foreach (var identifier in deals)
        {
            await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        }

        for (var minutes = 0; minutes < 12; minutes++)
        {
            await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        foreach (var identifier in deals)
        {
            Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(identifier)).OnChainState);
        }
    }

    // Thousands of coins of dust, or one row that makes no sense, at one wallet.
    [Fact]
    public async Task A_wallet_whose_coins_cannot_be_listed_ends_no_round()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var identifier = await world.LockAsync(20);
        world.Seller.Restart();
        world.Seller.Chain.Before = q => q == "unspent" ? throw new ChainUnavailableException("The list makes no sense.") : Task.CompletedTask;
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.Seller.RoundAsync();
        Assert.Equal("chain", (await world.Seller.DealAsync(identifier)).Problem?.Code);
        var other = await world.AgreeAsync(20);
        world.Buyer.Chain.Before = world.Seller.Chain.Before;

        // What was listed before is old by then.
        world.Devnet.Advance(TimeSpan.FromSeconds(20));
        world.Devnet.Mine(12);
        await world.Buyer.RoundAsync();
        Assert.Equal("chain", (await world.Buyer.DealAsync(other)).Problem?.Code);

        world.Seller.Chain.Before = world.Buyer.Chain.Before = _ => Task.CompletedTask;
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(identifier)).OnChainState);
        Assert.Single(world.LocksOf(other));
    }

    // ADR 7 holds what pays, not what spends the escrow itself.
    [Fact]
    public async Task A_wallet_whose_history_cannot_be_listed_after_a_start_holds_up_no_result()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync(20);
        world.Seller.Restart();
        world.Seller.Chain.Before = q => q == "list" ? throw new ChainUnavailableException("The list makes no sense.") : Task.CompletedTask;
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }
}
