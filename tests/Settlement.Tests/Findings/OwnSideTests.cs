using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;
using Masumi.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>Our own side: poor and busy wallets, what stays behind.</summary>
public sealed class OwnSideTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-findings-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    // O3
    [Fact]
    public async Task Five_hundred_purchases_that_nobody_can_pay_cost_no_question_and_hold_up_nothing()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var dear = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            dear.Add(await world.AgreeAsync(2000 + i));
        }

        var cheap = await world.AgreeAsync(5);
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        Assert.Single(world.LocksOf(cheap));
        await world.Buyer.RoundAsync();
        await world.Buyer.RoundAsync();
        var before = world.Buyer.Provided.Calls.Total;
        await world.Buyer.RoundAsync();
        Assert.Equal(1, world.Buyer.Provided.Calls.Total - before);
        var deal = await world.Buyer.DealAsync(dear[7]);
        Assert.Equal("insufficient_funds", deal.Problem?.Code);
        Assert.Contains("missing at addr_test1", deal.Problem!.Note, StringComparison.Ordinal);

        // Money for one of them.
        world.Fund(world.Buyer.Wallet.Address, 2100);
        world.Devnet.Mine();
        await world.SettleAsync(2);
        Assert.Single(world.LocksOf(dear[0]));
    }

    // O4: a ledger's block holds 90,112 bytes, a transaction 16,384 of them.
    [Fact]
    public async Task A_burst_of_200_from_one_coin_is_locked_in_full_transactions_and_nobody_is_shown_as_poor()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 1);
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Devnet.Mine();
        var burst = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            burst.Add(await world.AgreeAsync(5));
        }

        var start = world.Devnet.Tip.Height;
        for (var block = 0; block < 6; block++)
        {
            await world.Buyer.RoundAsync();
            foreach (var identifier in burst)
            {
                Assert.Null((await world.Buyer.DealAsync(identifier)).Problem);
            }

            world.Devnet.Mine();
        }

        Assert.All(burst, identifier => Assert.Single(world.LocksOf(identifier)));
        var locks = world.Buyer.Chain.Handed.Select(t => t.Bytes.Length).ToList();
        Assert.All(locks.SkipLast(1), bytes => Assert.InRange(bytes, 12_000, 16_384));
        var blocks = world.Devnet.Blocks.Where(b => b.Height > start && b.Transactions.Any(t => t.Body.Outputs.Any(o => o.Address == world.Escrow.Address)));
        Assert.InRange(blocks.Count(), 1, (locks.Sum() / 90_112) + 2);
    }

    // O5
    [Fact]
    public async Task What_is_finished_is_looked_at_by_no_round_and_its_bytes_go()
    {
        const int Count = 60;
        var file = Path.Combine(_folder, "node.db");
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: SqliteDatabase.Open(file, TimeProvider.System));
        var empty = Size(file);
        var deals = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            deals.Add(await world.AgreeAsync(5));
        }

        await world.SettleAsync(6);
        foreach (var identifier in deals)
        {
            await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        }

        await world.SettleAsync(6);
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        foreach (var identifier in deals)
        {
            var deal = await world.Buyer.DealAsync(identifier);
            Assert.Equal((OnChainState.Withdrawn, null), (deal.OnChainState, deal.NextAt));
        }

        // Beyond every rollback the bytes of transactions go.
        world.Devnet.Mine(2200);
        await world.SettleAsync();
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            Assert.Empty((await node.Store.Rounds.ListDueAsync(DateTimeOffset.MaxValue, moneyCame: true, 1000, Stop)).Deals);
            foreach (var attempt in await node.AttemptsAsync(deals[0]))
            {
                Assert.Equal((AttemptState.Final, null), (attempt.State, attempt.Transaction));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{(Size(file) - empty) / Count} bytes a deal");
    }

    // O10
    [Fact]
    public async Task Each_consumer_of_the_outbox_goes_on_where_it_was_and_what_all_have_goes()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        await world.LockAsync();
        await world.LockAsync();
        var events = world.Seller.Store.Events;
        var all = await events.ListAsync(0, 1000, Stop);
        Assert.Equal(all.Select(e => e.Seq).Order().Distinct(), all.Select(e => e.Seq));
        Assert.Contains(all, e => e is { Kind: "StateChanged", Entity: "Payment" });
        var revisions = all.Where(e => e.EntityId == all[^1].EntityId).Select(e => e.Revision).ToList();
        Assert.Equal(revisions.Order(), revisions);

        await events.AdvanceAsync("webhooks", all[1].Seq, world.Now, Stop);
        await events.AdvanceAsync("pages", all[^1].Seq, world.Now, Stop);
        await events.AdvanceAsync("pages", all[0].Seq, world.Now, Stop);
        Assert.Equal(
            (all[1].Seq, all[^1].Seq, 0L),
            (await events.CursorAsync("webhooks", Stop), await events.CursorAsync("pages", Stop), await events.CursorAsync("new", Stop))
        );

        var later = DateTimeOffset.UtcNow.AddYears(1);
        Assert.Equal(2, await events.RetireAsync(later, DateTimeOffset.UnixEpoch, Stop));
        Assert.Equal(all[2].Seq, (await events.ListAsync(0, 1, Stop))[0].Seq);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        Assert.True(await events.NewestAsync(Stop) > all[^1].Seq);
        Assert.NotEmpty(await events.ListAsync(await events.CursorAsync("pages", Stop), 10, Stop));
    }

    // R9, decision 11
    [Fact]
    public async Task Purchases_that_come_within_a_second_share_one_transaction_and_one_that_comes_alone_waits_no_longer()
    {
        await using var world = await SettlementWorld.CreateAsync(options: new SettlementOptions());
        var first = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        Assert.Empty(world.Buyer.Chain.Handed);
        world.Time.Move(TimeSpan.FromMilliseconds(600));
        var second = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        Assert.Empty(world.Buyer.Chain.Handed);
        world.Time.Move(TimeSpan.FromSeconds(1.5));
        await world.Buyer.RoundAsync();
        Assert.Single(world.Buyer.Chain.Handed);
        world.Devnet.Mine();
        Assert.Equal(world.LocksOf(first), world.LocksOf(second));
        Assert.Single(world.LocksOf(first));
    }

    // What is in use; the file itself never shrinks.
    private static long Size(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly");
        connection.Open();
        long Read(string pragma)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA {pragma}";
            return (long)command.ExecuteScalar()!;
        }

        return (Read("page_count") - Read("freelist_count")) * Read("page_size");
    }
}
