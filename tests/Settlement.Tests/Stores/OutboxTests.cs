using System.Text.Json;
using Dapper;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Stores;
using Masumi.Storage.Postgres;

namespace Masumi.Settlement.Tests.Stores;

// O10; both stores, the same behaviour.
public sealed class OutboxTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Events_come_in_the_order_of_their_numbers_each_with_the_revision_that_its_deal_then_had(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var (a, b) = (await world.MakeAsync(1), await world.MakeAsync(2));
        var changed = await world.HinderAsync(a, TroubleKind.Build, StoreWorld.Start.AddSeconds(1));
        await world.HinderAsync(b, TroubleKind.Build, StoreWorld.Start.AddSeconds(2));
        await world.HinderAsync(a, TroubleKind.Rival, StoreWorld.Start.AddSeconds(3));

        var events = await world.EventsAsync();
        Assert.Equal(events.Select(e => e.Seq).Order().Distinct(), events.Select(e => e.Seq));
        Assert.Equal([(a.Id, 1), (b.Id, 1), (a.Id, 2), (b.Id, 2), (a.Id, 3)], events.Select(e => (e.EntityId, (int)e.Revision)));
        Assert.Equal(2, changed!.Revision);
        Assert.All(events, e => Assert.Equal("Purchase", e.Entity));
        Assert.Equal(["Created", "Created", "NextActionChanged", "NextActionChanged", "NextActionChanged"], events.Select(e => e.Kind));
        Assert.Equal(StoreWorld.Start.AddSeconds(3), events[^1].At);
        using var payload = JsonDocument.Parse(events[2].Payload);
        Assert.Equal("FundsLockingRequested", payload.RootElement.GetProperty("nextAction").GetString());
        Assert.Equal("for a test", payload.RootElement.GetProperty("errorNote").GetString()?[..10]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_did_not_happen_left_no_event_and_a_deal_that_stayed_the_same_none_either(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        Assert.IsType<InsertOutcome.Refused>(
            await world.Store.Deals.InsertAsync(StoreWorld.Purchase(1), (_, _) => Task.FromResult(false), StoreWorld.Start, Stop)
        );
        Assert.Empty(await world.EventsAsync());

        var deal = await world.MakeAsync(2);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            world.Store.Deals.ChangeAsync(deal.Id, _ => throw new InvalidOperationException("in the middle of a change"), StoreWorld.Start, Stop)
        );
        Assert.Equal(deal, await world.Store.Deals.ChangeAsync(deal.Id, d => new DealChange(d, []), StoreWorld.Start.AddDays(1), Stop));
        Assert.IsType<InsertOutcome.Exists>(await world.Store.Deals.InsertAsync(StoreWorld.Purchase(2), null, StoreWorld.Start, Stop));
        Assert.Single(await world.EventsAsync());
        Assert.Single(await world.Store.Deals.ListHistoryAsync(deal.Id, Stop));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_consumer_has_a_place_of_its_own_that_never_goes_back(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await world.Store.Events.AdvanceAsync("webhooks", 7, StoreWorld.Start, Stop);
        await world.Store.Events.AdvanceAsync("pages", 9, StoreWorld.Start, Stop);
        await world.Store.Events.AdvanceAsync("pages", 3, StoreWorld.Start, Stop);
        Assert.Equal(7, await world.Store.Events.CursorAsync("webhooks", Stop));
        Assert.Equal(9, await world.Store.Events.CursorAsync("pages", Stop));
        Assert.Equal(0, await world.Store.Events.CursorAsync("new", Stop));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Events_go_when_they_are_old_and_every_consumer_has_them_and_at_last_in_any_case(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var deal = await world.MakeAsync(1);
        await world.HinderAsync(deal, TroubleKind.Build, StoreWorld.Start.AddDays(10));
        await world.HinderAsync(deal, TroubleKind.Rival, StoreWorld.Start.AddDays(20));
        var events = world.Store.Events;
        var all = await world.EventsAsync();
        await events.AdvanceAsync("slow", all[0].Seq, StoreWorld.Start, Stop);
        await events.AdvanceAsync("fast", all[^1].Seq, StoreWorld.Start, Stop);

        Assert.Equal(0, await events.RetireAsync(StoreWorld.Start, DateTimeOffset.UnixEpoch, Stop));
        Assert.Equal(1, await events.RetireAsync(StoreWorld.Start.AddDays(15), DateTimeOffset.UnixEpoch, Stop));
        Assert.Equal(all[1..], await world.EventsAsync());
        Assert.Equal(1, await events.RetireAsync(StoreWorld.Start.AddDays(15), StoreWorld.Start.AddDays(15), Stop));
        Assert.Equal(all[2..], await world.EventsAsync());

        // The numbers go on, also when nothing is left.
        Assert.Equal(1, await events.RetireAsync(StoreWorld.Start.AddDays(30), StoreWorld.Start.AddDays(30), Stop));
        await world.MakeAsync(2);
        Assert.True(Assert.Single(await world.EventsAsync(all[^1].Seq)).Seq > all[^1].Seq);
    }

    [Fact]
    public async Task On_PostgreSQL_no_reader_passes_by_an_event_that_is_committed_after_one_with_a_later_number()
    {
        await using var world = await StoreWorld.CreateAsync(StoreKind.Postgres);
        var written = new TaskCompletionSource();
        var mayCommit = new TaskCompletionSource();
        var first = world.Database.WriteAsync(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(
                    "INSERT INTO outbox (entity, entity_id, revision, kind, payload, at) VALUES ('Source', 'slow', 0, 'Slow', '{}', 0)",
                    transaction: transaction
                );
                written.SetResult();
                await mayCommit.Task;
            },
            Stop
        );
        await written.Task;
        var deal = await world.MakeAsync(1);
        var newest = await world.Store.Events.NewestAsync(Stop);
        Assert.Empty(await world.Store.Events.ListAsync(0, 100, Stop));

        mayCommit.SetResult();
        await first;
        var events = await world.EventsAsync();
        Assert.Equal(["slow", deal.Id], events.Select(e => e.EntityId));
        Assert.Equal(newest, events[^1].Seq);
    }

    [Fact]
    public async Task On_PostgreSQL_two_who_store_deals_at_the_same_time_are_not_in_each_others_way()
    {
        await using var world = await StoreWorld.CreateAsync(StoreKind.Postgres);
        Assert.IsType<PostgresDatabase>(world.Database);
        await world.MakeAsync(0);
        var begun = new TaskCompletionSource();
        var mayGoOn = new TaskCompletionSource();
        var tries = 0;
        var slow = world.Store.Deals.InsertAsync(
            StoreWorld.Purchase(1),
            async (_, _) =>
            {
                tries++;
                begun.TrySetResult();
                await mayGoOn.Task;
                return true;
            },
            StoreWorld.Start,
            Stop
        );
        await begun.Task;
        for (var i = 2; i < 30; i++)
        {
            await world.MakeAsync(i);
        }

        mayGoOn.SetResult();
        Assert.IsType<InsertOutcome.Stored>(await slow);
        Assert.Equal(1, tries);
        Assert.Equal(30, (await world.EventsAsync()).Select(e => e.EntityId).Distinct().Count());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Many_writers_and_a_reader_beside_them_who_sees_each_change_once_and_in_order(StoreKind kind)
    {
        const int Writers = 3;
        const int Changes = 20;
        await using var world = await StoreWorld.CreateAsync(kind);
        var deals = new List<Deal>();
        for (var i = 0; i < Writers; i++)
        {
            deals.Add(await world.MakeAsync(i));
        }

        var writing = Task.WhenAll(deals.Select(d => Task.Run(() => ChangeAsync(d), Stop)));
        var seen = new List<OutboxEvent>();
        while (seen.Count < Writers * (Changes + 1))
        {
            seen.AddRange(await world.Store.Events.ListAsync(seen.Count == 0 ? 0 : seen[^1].Seq, 7, Stop));
            if (writing.IsFaulted)
            {
                await writing;
            }
        }

        await writing;
        Assert.Equal(seen.Select(e => e.Seq).Order().Distinct(), seen.Select(e => e.Seq));
        foreach (var deal in deals)
        {
            Assert.Equal(Enumerable.Range(1, Changes + 1), seen.Where(e => e.EntityId == deal.Id).Select(e => (int)e.Revision));
        }

        async Task ChangeAsync(Deal deal)
        {
            for (var i = 0; i < Changes; i++)
            {
                Assert.NotNull(await world.HinderAsync(deal, i % 2 == 0 ? TroubleKind.Build : TroubleKind.Rival, StoreWorld.Start.AddSeconds(i)));
            }
        }
    }
}
