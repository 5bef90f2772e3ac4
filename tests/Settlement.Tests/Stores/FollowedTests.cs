using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Stores;

// P1, P2; both stores, the same behaviour.
public sealed class FollowedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Forgotten meanwhile, what is on no chain would stand for good: looks forget only what is followed.
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_follows_a_lock_that_is_noted_late_stays_followed_and_is_doubted_until_it_is_read_again(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var (before, first, second) = (At("a", 3), At("b", 5), At("c", 7));
        var newest = StoreWorld.Point(8);
        Assert.True(await world.AppendAsync(null, newest, before, first, second));
        Assert.Empty(await world.Store.Chain.ListDoubtedAsync("source", 0, Stop));

        var late = At("d", 4);
        var id = late.Transaction.Transaction.Id;
        var locked = new EscrowStep(
            "source",
            late.Transaction.Block,
            0,
            0,
            id,
            StoreWorld.Purchase(1).Terms.Identifier.ToString(),
            null,
            null,
            new TxInput(id, 0),
            late.Transaction.Transaction.Body.Outputs[0],
            false,
            Lovelace.Zero
        );
        Assert.True(await world.AppendAsync(newest, null, late with { Steps = [locked] }));
        Assert.Equal(4, (await world.Store.Chain.ListFollowedAsync("source", 0, Stop)).Count);
        Assert.Equal([Id(first), Id(second)], (await world.Store.Chain.ListDoubtedAsync("source", 0, Stop)).OrderBy(t => t == Id(second)));

        Assert.True(await world.AppendAsync(newest, null, first));
        Assert.Equal([Id(second)], await world.Store.Chain.ListDoubtedAsync("source", 0, Stop));
        await world.ForgetAsync(Id(second));
        Assert.Empty(await world.Store.Chain.ListDoubtedAsync("source", 0, Stop));
        Assert.DoesNotContain(Id(second), (await world.Store.Chain.ListFollowedAsync("source", 0, Stop)).Keys);
    }

    private static FollowedTransaction At(string id, long height) =>
        new(new ChainTransaction(StoreWorld.Spending(id, [], (int)height).Transaction!, StoreWorld.Point(height), 0, true), [], []);

    private static TransactionId Id(FollowedTransaction followed) => followed.Transaction.Transaction.Id;
}
