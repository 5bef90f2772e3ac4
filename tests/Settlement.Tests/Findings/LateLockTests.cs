using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>A lock that is known only after what spends it, as a provider's lists lagged or lacked it: the deal stands where the chain has it.</summary>
public sealed class LateLockTests
{
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(20);

    // Nothing stands between a lock and its result.
    private static readonly SettlementOptions WithoutWaiting = new() { LockWindow = TimeSpan.Zero, Confirmations = Confirmations.Always(0) };

    // P1: the list is two blocks late once, and the result is in the block after the lock.
    [Fact]
    public async Task A_lock_that_is_listed_a_block_late_is_read_with_the_next_block()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, options: WithoutWaiting);
        world.Devnet.Mine(6);
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        world.Views.Set("buyer", "list-behind:2");
        await world.Buyer.RoundAsync();
        Assert.Null((await world.Buyer.DealAsync(identifier)).OnChainState);

        world.Views.Clear("buyer");
        await DeliverAsync(world, identifier);
        await world.Buyer.RoundAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.DoesNotContain(world.Buyer.Lines, l => l.StartsWith("Looking again", StringComparison.Ordinal));
    }

    // P1: a list that lacks every other row has the result and not the lock, which the buyer's node then finds by its hash.
    [Fact]
    public async Task A_result_that_was_read_before_its_lock_is_no_second_lock()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, options: WithoutWaiting);
        world.Devnet.Mine(6);

        // Another lock, in the block before.
        await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        await DeliverAsync(world, identifier);

        world.Views.Set("buyer", "half-lists");
        await world.Buyer.RoundAsync();
        world.Views.Clear("buyer");
        world.Devnet.Advance(Block);
        await world.Buyer.RoundAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(identifier)).OnChainState);
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }

    private static async Task DeliverAsync(SettlementWorld world, string identifier)
    {
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('b', 64));
        await world.Seller.RoundAsync();
        world.Devnet.Mine();
    }
}
