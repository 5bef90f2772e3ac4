using System.Globalization;
using Dapper;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Tests.Findings;
using Masumi.Storage;

namespace Masumi.Settlement.Tests;

/// <summary>What following the chain left in the tables is what reading all of it anew leaves, column by column.</summary>
public sealed class FullResyncTests
{
    private const string Result = "3333333333333333333333333333333333333333333333333333333333333333";

    // About this node's own doing and its times, which no chain knows: when rows were written and how often, and what was tried in vain.
    private static readonly string[] Own = ["revision", "updated_at", "next_action_changed_at", "state_changed_at", "trouble_", "gave_up_at"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EscrowFamily.V1, StoreKind.Sqlite)]
    [InlineData(EscrowFamily.V2, StoreKind.Sqlite)]
    [InlineData(EscrowFamily.V1, StoreKind.Postgres)]
    [InlineData(EscrowFamily.V2, StoreKind.Postgres)]
    public async Task Several_lives_read_again_are_the_same_and_no_event_tells_of_a_state_that_did_not_change(EscrowFamily family, StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(
            store,
            buyerCoins: 6,
            escrow: family == EscrowFamily.V1 ? SettlementWorld.ContractV1 : SettlementWorld.Contract
        );
        await LiveAsync(world);
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            // Another database, with the terms and the owner's decisions alone.
            var followed = await RowsAsync(node.Database, all: false, "deal", "escrow_step");
            await using var database = await TestStores.OpenEmptyAsync(store);
            var fresh = await FreshAsync(node, database);
            await RoundsAsync(fresh);
            Assert.Equal(followed, await RowsAsync(database, all: false, "deal", "escrow_step"));
            foreach (var told in (await EventsAsync(fresh)).Where(e => e.Kind == "StateChanged").GroupBy(e => e.EntityId))
            {
                Assert.Equal(told.Select(e => e.Payload).Distinct(), told.Select(e => e.Payload));
            }

            // The same database, as if it had never read anything.
            var before = await RowsAsync(node.Database, all: true, "deal", "escrow_step", "outbox", "action_history");
            await node.Database.WriteAsync(
                async (connection, transaction) =>
                {
                    foreach (var table in new[] { "chain_point", "followed_tx", "escrow_step" })
                    {
                        await connection.ExecuteAsync($"DELETE FROM {table}", transaction: transaction);
                    }
                },
                Stop
            );
            node.Restart();
            await RoundsAsync(node);
            Assert.Equal(before, await RowsAsync(node.Database, all: true, "deal", "escrow_step", "outbox", "action_history"));
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Beyond_every_rollback_an_ended_escrow_keeps_no_content_and_what_comes_later_is_judged_all_the_same(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store, buyerCoins: 2);
        var stranger = new HostileCounterpartyTests.Stranger(world);
        var ended = await EndAsync(world);
        var strange = await EndAsync(world, identifier => Strange(world, stranger, identifier));
        var open = await world.LockAsync(7);
        world.Devnet.Mine(ChainStore.PointsKept + 200);
        await world.SettleAsync();
        await world.SettleAsync();
        Assert.Equal(0, await KeptAsync(world.Seller, ended));
        Assert.Equal(1, await KeptAsync(world.Seller, open));
        Assert.Equal(3, await KeptAsync(world.Seller, strange));

        // Somebody uses the identifier once more.
        var before = await world.Seller.DealAsync(ended);
        Assert.Equal((OnChainState.Withdrawn, null), (before.OnChainState, before.Projection.Strange));
        await Strange(world, stranger, ended);
        await world.SettleAsync();
        var after = await world.Seller.DealAsync(ended);
        Assert.NotNull(after.Projection.Strange);
        Assert.Equal(before.Projection, after.Projection with { Strange = null });
        Assert.Equal((before.Intent, before.NextAt), (after.Intent, after.NextAt));

        // Read anew and let go again, the same.
        await using var database = await TestStores.OpenEmptyAsync(store);
        var fresh = await FreshAsync(world.Seller, database);
        await RoundsAsync(fresh);
        var followed = await RowsAsync(world.Seller.Database, all: false, "deal");
        Assert.Equal(followed, await RowsAsync(database, all: false, "deal"));

        // And taken back.
        Assert.True(world.Devnet.TryFork(12, 13, drop: true));
        await world.SettleAsync();
        Assert.Equal(before.Projection, (await world.Seller.DealAsync(ended)).Projection);
    }

    private static async Task<string> EndAsync(SettlementWorld world, Func<string, Task>? meanwhile = null)
    {
        var identifier = await world.LockAsync(20);
        if (meanwhile is not null)
        {
            await meanwhile(identifier);
        }

        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(identifier)).OnChainState);
        return identifier;
    }

    private static async Task Strange(SettlementWorld world, HostileCounterpartyTests.Stranger stranger, string identifier)
    {
        stranger.Lock(await world.Seller.DealAsync(identifier), HostileCounterpartyTests.Named.Stranger, 4);
        world.Devnet.Mine();
    }

    // A result that is paid, one that is disputed and given back, one that never comes, one that is taken back by a fork and comes again, and an open one.
    private static async Task LiveAsync(SettlementWorld world)
    {
        var paid = await world.LockAsync(10);
        var disputed = await world.LockAsync(11);
        var missed = await world.LockAsync(12);
        await world.Seller.WantAsync(paid, Intent.SubmitResult, Result);
        await world.Seller.WantAsync(disputed, Intent.SubmitResult, Result);
        await world.SettleAsync(8);
        Assert.True(world.Devnet.TryFork(5, 6));
        await world.SettleAsync(8);
        await world.Buyer.WantAsync(disputed, Intent.RequestRefund);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(20));
        await world.Seller.WantAsync(disputed, Intent.AuthorizeRefund);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(20));
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        await world.SettleAsync(8);
        await world.LockAsync(13);
        foreach (
            var (identifier, state) in new[]
            {
                (paid, OnChainState.Withdrawn),
                (disputed, OnChainState.RefundWithdrawn),
                (missed, OnChainState.RefundWithdrawn),
            }
        )
        {
            foreach (var node in new[] { world.Buyer, world.Seller })
            {
                Assert.Equal(state, (await node.DealAsync(identifier)).OnChainState);
            }
        }
    }

    private static async Task<TestNode> FreshAsync(TestNode node, IDatabase database)
    {
        await database.MigrateAsync([SettlementStore.Migrations], Stop);
        var fresh = node.On(database);
        await fresh.Store.Sources.AddAsync(node.Source, Stop);
        await fresh.Store.Wallets.AddAsync(node.Wallet, Stop);
        var ids = await node.Database.ReadAsync(c => c.QueryAsync<string>("SELECT id FROM deal ORDER BY id"), Stop);
        foreach (var id in ids)
        {
            var known = (await node.Store.Deals.GetAsync(id, Stop))!;
            var deal = new Deal
            {
                Id = known.Id,
                Side = known.Side,
                SourceId = known.SourceId,
                Family = known.Family,
                Terms = known.Terms,
                WalletId = known.Side == DealSide.Payment ? known.WalletId : null,
                CreatedAt = known.CreatedAt,
                Wishes = known.Wishes,
            };
            Assert.IsType<InsertOutcome.Stored>(await fresh.MakeAsync(deal, known.CreatedAt));
        }

        return fresh;
    }

    private static async Task RoundsAsync(TestNode node)
    {
        for (var i = 0; i < 3; i++)
        {
            await node.RoundAsync();
        }
    }

    // How many outputs of an escrow have their content.
    private static async Task<int> KeptAsync(TestNode node, string identifier) =>
        (await node.Store.Chain.ListStepsAsync(node.Source.Id, identifier, Stop)).Count(s => s.Output is not null);

    private static async Task<IReadOnlyList<OutboxEvent>> EventsAsync(TestNode node) => await node.Store.Events.ListAsync(0, 10_000, Stop);

    private static Task<List<string>> RowsAsync(IDatabase database, bool all, params string[] tables) =>
        database.ReadAsync(
            async connection =>
            {
                var lines = new List<string>();
                foreach (var table in tables)
                {
                    var order = table switch
                    {
                        "deal" => "id",
                        "escrow_step" => "source_id, height, tx_index, ordinal",
                        "outbox" => "seq",
                        _ => "deal_id, seq",
                    };
                    foreach (IDictionary<string, object?> row in await connection.QueryAsync($"SELECT * FROM {table} ORDER BY {order}"))
                    {
                        var columns = row.Where(c => all || !Own.Any(o => c.Key.StartsWith(o, StringComparison.Ordinal)))
                            .Select(c => $"{c.Key}={Text(c.Value)}");
                        lines.Add($"{table} {string.Join(' ', columns)}");
                    }
                }

                return lines;
            },
            Stop
        );

    private static string Text(object? value) =>
        value switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
