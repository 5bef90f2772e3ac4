using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Stores;

// Decision 1 as the database keeps it; both stores, the same behaviour.
public sealed class AttemptConstraintTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task No_two_attempts_that_may_take_effect_spend_the_same_or_act_for_the_same(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var (a, b, c) = (await world.MakeAsync(1), await world.MakeAsync(2), await world.MakeAsync(3));
        var first = StoreWorld.Spending("first", [a, b], 1, 2);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(first));
        Assert.Equal(first.TxId, Assert.IsType<AttemptOutcome.Known>(await world.InsertAsync(first with { Id = "again" })).Attempt.TxId);
        Assert.IsType<AttemptOutcome.Overtaken>(await world.InsertAsync(StoreWorld.Spending("coin", [c], 2, 3)));
        Assert.IsType<AttemptOutcome.Overtaken>(await world.InsertAsync(StoreWorld.Spending("deal", [b], 4)));

        // All or nothing: what could have been taken was not.
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(StoreWorld.Spending("other", [c], 3, 4)));
        Assert.Equal("other", (await world.Store.Deals.GetAsync(c.Id, Stop))!.UnderWay!.Id);
        Assert.Equal(["first", "other"], (await world.Store.Rounds.ListAsync(DateTimeOffset.UnixEpoch, 10, Stop)).Open.Sent.Select(s => s.Id).Order());
    }

    // A verdict is a provider's word: a payment that was called failed may stand on chain all the same.
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_payment_that_was_called_failed_must_be_excluded_like_any_other(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var deal = await world.MakeAsync(1);
        var old = StoreWorld.Spending("old", [deal], 1);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(old));
        var failed = new ChainTransaction(old.Transaction!, StoreWorld.Point(3), 0, IsValid: false);
        await world.Store.Attempts.MarkFoundAsync(old, failed, StoreWorld.Decide(StoreWorld.Start), Stop);
        Assert.Null((await world.Store.Deals.GetAsync(deal.Id, Stop))!.UnderWay);
        Assert.Equal(old.TxId, Assert.IsType<AttemptOutcome.NotExclusive>(await world.InsertAsync(StoreWorld.Spending("beside", [deal], 2))).Rival);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_a_second_look_found_gone_waits_for_a_block_again_with_the_same_bytes(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var deal = await world.MakeAsync(1);
        var lost = StoreWorld.Spending("lost", [deal], 1);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(lost));
        await world.Store.Attempts.MarkFoundAsync(
            lost,
            new ChainTransaction(lost.Transaction!, StoreWorld.Point(3), 0, true),
            StoreWorld.Decide(StoreWorld.Start),
            Stop
        );
        Assert.Equal(AttemptState.InBlock, (await world.Store.Attempts.FindAsync("lost", Stop))!.State);
        await world.ForgetAsync(lost.TxId);
        Assert.Equal(AttemptState.Offered, (await world.Store.Attempts.FindAsync("lost", Stop))!.State);
        Assert.Equal("lost", (await world.Store.Deals.GetAsync(deal.Id, Stop))!.UnderWay!.Id);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_attempt_that_passed_for_dead_must_be_excluded_by_a_coin_until_no_rollback_reaches_it(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var deal = await world.MakeAsync(1);
        var old = StoreWorld.Spending("old", [deal], 1);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(old));
        await world.EndAsync(old);
        Assert.Null((await world.Store.Deals.GetAsync(deal.Id, Stop))!.UnderWay);

        var beside = StoreWorld.Spending("beside", [deal], 2);
        Assert.Equal(old.TxId, Assert.IsType<AttemptOutcome.NotExclusive>(await world.InsertAsync(beside)).Rival);

        // Naming a coin is not spending it.
        var named = beside with
        {
            Rivals = [new AttemptRival("old", StoreWorld.Coin(1))],
        };
        Assert.IsType<AttemptOutcome.NotExclusive>(await world.InsertAsync(named));
        var instead = StoreWorld.Spending("instead", [deal], 1, 2) with { Rivals = [new AttemptRival("old", StoreWorld.Coin(1))] };
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(instead));

        // The old one cannot come back beside it.
        await world.Store.Attempts.ReviveAsync((await world.Store.Attempts.FindAsync("old", Stop))!, StoreWorld.Decide(StoreWorld.Start), Stop);
        Assert.Equal(AttemptState.Conflicted, (await world.Store.Attempts.FindAsync("old", Stop))!.State);
        Assert.Equal("instead", (await world.Store.Deals.GetAsync(deal.Id, Stop))!.UnderWay!.Id);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Beyond_every_rollback_an_attempt_keeps_neither_bytes_nor_what_it_spent_and_is_still_told_of(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var deal = await world.MakeAsync(1);
        var old = StoreWorld.Spending("old", [deal], 1);
        Assert.IsType<AttemptOutcome.Stored>(await world.InsertAsync(old));
        await world.EndAsync(old);
        await world.Store.Attempts.RetireAsync(1000, old.InvalidHereafter, StoreWorld.Start, Stop);
        Assert.NotNull((await world.Store.Attempts.FindAsync("old", Stop))!.Transaction);
        await world.Store.Attempts.RetireAsync(1000, old.InvalidHereafter + 1, StoreWorld.Start, Stop);
        var kept = (await world.Store.Attempts.FindAsync(old.TxId.ToString(), Stop))!;
        Assert.Equal((AttemptState.Expired, null, old.Fee), (kept.State, kept.Transaction, kept.Fee));
        Assert.Equal(kept.Id, Assert.Single(await world.Store.Attempts.ListForAsync(deal.Id, Stop)).Id);
        Assert.Empty(await world.Store.Attempts.ListDoubtfulAsync("source", Stop));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_two_engines_that_act_at_the_same_time_one_does_for_each_deal_and_coin(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        for (var i = 0; i < 15; i++)
        {
            var deal = await world.MakeAsync(i);
            var (x, y) = (StoreWorld.Spending($"x{i}", [deal], 2 * i), StoreWorld.Spending($"y{i}", [deal], i % 2 == 0 ? 2 * i : (2 * i) + 1));
            var outcomes = await Task.WhenAll(new[] { x, y }.Select(a => Task.Run(() => world.InsertAsync(a), Stop)));
            Assert.Single(outcomes, o => o is AttemptOutcome.Stored);
            Assert.Single(outcomes, o => o is AttemptOutcome.Overtaken);
            var winner = outcomes[0] is AttemptOutcome.Stored ? x : y;
            Assert.Equal(winner.Id, (await world.Store.Deals.GetAsync(deal.Id, Stop))!.UnderWay!.Id);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_two_who_store_the_same_identifier_at_the_same_time_one_does_and_the_other_is_told(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        for (var i = 0; i < 15; i++)
        {
            var outcomes = await Task.WhenAll(
                new[] { "a", "b" }.Select(id =>
                    Task.Run(() => world.Store.Deals.InsertAsync(StoreWorld.Purchase(i) with { Id = $"{id}{i}" }, null, StoreWorld.Start, Stop), Stop)
                )
            );
            var stored = Assert.Single(outcomes.OfType<InsertOutcome.Stored>()).Deal;
            Assert.Equal(stored.Id, Assert.Single(outcomes.OfType<InsertOutcome.Exists>()).Deal.Id);
        }
    }
}
