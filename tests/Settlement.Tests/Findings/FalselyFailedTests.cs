using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>A provider says once that a transaction of ours failed its scripts, and was right about everything else.</summary>
public sealed class FalselyFailedTests
{
    private static readonly SettlementOptions WithoutWaiting = new() { LockWindow = TimeSpan.Zero, Confirmations = Confirmations.Always(0) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The refund request has the wallet's reserved coin as collateral; the lock spends that coin, as there is no other. "The request failed" then reads as "it took the
    // lock's coin", and what the request gave back passes for something that excludes the lock. It does not: the request never took the coin.
    [Fact]
    public async Task What_a_transaction_gave_back_excludes_nothing_that_it_was_only_said_to_have_taken()
    {
        await using var world = await SettlementWorld.CreateAsync(options: WithoutWaiting);
        var first = await world.LockAsync(996);
        world.Fund(world.Buyer.Wallet.Address, 10);
        world.Devnet.Mine(12);
        await world.SettleAsync(1);

        // The request is in the mempool, and so is the lock, at one provider's that is slow to pass it on.
        await world.Buyer.WantAsync(first, Intent.RequestRefund);
        await world.Buyer.RoundAsync();
        var request = world.Buyer.Chain.Handed[^1];
        Assert.NotEmpty(request.Witnesses.Redeemers);
        var second = await world.AgreeAsync(5);
        world.Buyer.Chain.OnSubmit = t => t.Witnesses.Redeemers.IsEmpty ? Fault.Delayed : Fault.None;
        await world.Buyer.RoundAsync();
        var slow = world.Buyer.Chain.Handed[^1];
        Assert.Empty(slow.Witnesses.Redeemers);
        Assert.Equal(request.Body.Collateral, slow.Body.Inputs);
        world.Buyer.Chain.OnSubmit = _ => Fault.None;

        // Money comes, and the request gets into a block; told once that it failed.
        for (var i = 0; i < 3; i++)
        {
            world.Fund(world.Buyer.Wallet.Address, 100);
        }

        world.Devnet.Mine(12);
        var lies = 0;
        world.Buyer.Chain.Retell = told => told.Transaction.Id == request.Id && lies++ == 0 ? told with { IsValid = false } : told;
        await world.Buyer.RoundAsync();
        Assert.True(lies > 0);
        foreach (var attempt in await world.Buyer.AttemptsAsync(second))
        {
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{attempt.TxId} {attempt.State} {attempt.Answer} taken by {attempt.TakenBy}: {string.Join(", ", attempt.Transaction!.Body.Inputs)}"
            );
        }

        // The mempool passes on what it had.
        await world.Buyer.Chain.ReleaseAsync(Stop);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        Assert.Single(world.LocksOf(second));
    }
}
