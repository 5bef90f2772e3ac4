using Masumi.Protocol;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>Forks in the middle of a round, around a result, and under two processes on one database.</summary>
public sealed class ForkedRoundTests
{
    private const int MostQuestions = 16;

    // P13: whichever question of a round the fork comes before.
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task A_fork_in_the_middle_of_a_round_makes_no_second_lock(int depth, bool drops)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 6);
        world.Devnet.Mine(3);
        for (var at = 0; at < MostQuestions; at++)
        {
            var identifier = await world.AgreeAsync(5);
            await world.Buyer.RoundAsync();
            world.Devnet.Mine(depth);
            ForkAt(world, world.Buyer, at, depth, drops);
            await world.Buyer.RoundAsync();
            await world.Buyer.RoundAsync();
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
            world.Buyer.Chain.Before = _ => Task.CompletedTask;
            await world.SettleAsync();
            Assert.Single(world.LocksOf(identifier));
            Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
            Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
        }
    }

    // P14
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public async Task A_fork_around_a_result_ends_no_round_and_loses_no_result(int depth, bool drops)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        world.Fund(world.Seller.Wallet.Address, 100);
        world.Devnet.Mine(4);
        for (var at = 0; at < MostQuestions; at++)
        {
            var one = await world.LockAsync();
            var two = await world.LockAsync();
            await world.Seller.WantAsync(one, Intent.SubmitResult, new string('1', 64));
            await world.Seller.RoundAsync();
            world.Devnet.Mine(depth);
            await world.Seller.WantAsync(two, Intent.SubmitResult, new string('2', 64));
            ForkAt(world, world.Seller, at, depth, drops);
            await world.Seller.RoundAsync();
            await world.Seller.RoundAsync();
            world.Seller.Chain.Before = _ => Task.CompletedTask;
            await world.SettleAsync(6);
            foreach (var (identifier, hash) in new[] { (one, '1'), (two, '2') })
            {
                var deal = await world.Buyer.DealAsync(identifier);
                Assert.Equal((OnChainState.ResultSubmitted, new string(hash, 64)), (deal.OnChainState, deal.Projection.ResultHash));
                Assert.Null((await world.Seller.DealAsync(identifier)).Problem);
            }
        }
    }

    // P14
    [Fact]
    public async Task A_deal_that_cannot_be_planned_is_set_aside_with_its_problem_and_the_others_go_on()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 3);
        var good = await world.AgreeAsync();
        var sound = await world.Buyer.DealAsync(good);
        var bad = sound with { Id = "bad", Terms = sound.Terms with { Identifier = BlockchainIdentifier.Parse("3187") } };
        Assert.IsType<InsertOutcome.Stored>(await world.Buyer.MakeAsync(bad, world.Now));
        var later = await world.AgreeAsync();
        await world.SettleAsync();
        foreach (var identifier in new[] { good, later })
        {
            Assert.Single(world.LocksOf(identifier));
            Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        }

        Assert.Equal(("build", false), (await world.Buyer.DealAsync("3187")).Problem is { } problem ? (problem.Code, problem.NeedsManual) : default);
    }

    // P11: one process reads a block and pauses; the chain forks, the other follows the fork; the first wakes up and writes what it read.
    [Theory, MemberData(nameof(RollbackTests.Stores), MemberType = typeof(RollbackTests))]
    public async Task What_a_process_read_before_a_fork_that_another_has_followed_is_not_written(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        var twin = world.Seller.Twin();
        await twin.RoundAsync();
        Assert.Null((await twin.DealAsync(identifier)).OnChainState);
        world.Devnet.Mine();
        var paused = 0;
        world.Seller.Chain.Before = async question =>
        {
            if (question == "caught up" && paused++ == 0)
            {
                Assert.True(world.Devnet.TryFork(2, 3, drop: true));
                await twin.RoundAsync();
            }
        };
        await world.Seller.RoundAsync();
        Assert.Equal(1, paused);
        Assert.Empty(world.LocksOf(identifier));
        for (var i = 0; i < 3; i++)
        {
            world.Devnet.Mine();
            await world.Seller.RoundAsync();
            await twin.RoundAsync();
            Assert.Null((await world.Seller.DealAsync(identifier)).OnChainState);
        }

        // The buyer sends it again.
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await twin.DealAsync(identifier)).OnChainState);
    }

    private static void ForkAt(SettlementWorld world, TestNode node, int at, int depth, bool drops)
    {
        var asked = 0;
        node.Chain.Before = _ =>
        {
            if (asked++ == at)
            {
                Assert.True(world.Devnet.TryFork(depth, depth + 1, drops));
            }

            return Task.CompletedTask;
        };
    }
}
