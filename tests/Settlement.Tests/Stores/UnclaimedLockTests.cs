using Dapper;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Stores;

/// <summary>A lock of ours whose purchase is not here is an attempt all the same, and the purchase's when that comes.</summary>
public sealed class UnclaimedLockTests
{
    // What a database has of a purchase and its lock, from the last to the first.
    private static readonly string[] Tables =
    [
        "attempt_subject",
        "attempt_input",
        "attempt",
        "action_history",
        "deal",
        "escrow_step",
        "followed_tx",
        "chain_point",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite, false)]
    [InlineData(StoreKind.Sqlite, true)]
    [InlineData(StoreKind.Postgres, false)]
    [InlineData(StoreKind.Postgres, true)]
    public async Task A_purchase_takes_over_the_lock_that_came_before_it_wherever_that_stands(StoreKind kind, bool isTakenBack)
    {
        await using var world = await SettlementWorld.CreateAsync(kind, buyerCoins: 4);
        var identifier = await world.AgreeAsync(25);
        var asked = await world.Buyer.DealAsync(identifier);
        await world.SettleAsync();
        var paid = Assert.Single(world.LocksOf(identifier));
        foreach (var table in Tables)
        {
            await world.Buyer.Database.WriteAsync((c, t) => c.ExecuteAsync($"DELETE FROM {table}", null, t), Stop);
        }

        world.Buyer.Restart();
        await world.Buyer.RoundAsync();
        var attempt = await world.Buyer.Store.Attempts.FindAsync($"{paid}", Stop);
        Assert.Equal((AttemptState.InBlock, 64), (attempt!.State, Assert.Single(attempt.Subjects).SubjectId.Length));
        if (isTakenBack)
        {
            world.Buyer.Chain.OnSubmit = _ => Fault.RequestLost;
            world.Devnet.Rollback((int)(world.Devnet.Tip.Height - attempt.Height!.Value) + 1, drop: true);
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        Assert.IsType<InsertOutcome.Stored>(await world.Buyer.MakeAsync(asked with { Id = "asked-again", CreatedAt = world.Now }, world.Now));
        world.Time.Move(TimeSpan.FromSeconds(2));
        await world.Buyer.RoundAsync();
        var deal = await world.Buyer.DealAsync(identifier);
        Assert.Equal((isTakenBack, isTakenBack ? paid : null), (deal.Projection.State is null, deal.UnderWay?.TxId));
        Assert.Equal([new AttemptSubject("asked-again", nameof(Rails.Intent.Lock))], (await world.Buyer.Store.Attempts.FindAsync($"{paid}", Stop))!.Subjects);
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        await world.SettleAsync();
        Assert.Equal([paid], world.LocksOf(identifier));
    }
}
