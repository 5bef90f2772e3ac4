using Dapper;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests;

/// <summary>Faults of spec settlement.md 7 that no other test here is about; <c>docs/reliability.md</c> lists them all.</summary>
public sealed class FaultScenarioTests
{
    private const string Result = "2222222222222222222222222222222222222222222222222222222222222222";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // F1, F2, F4: whichever question it was about to put.
    [Fact]
    public async Task A_process_that_dies_before_any_question_of_its_rounds_leaves_nothing_half_done()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        for (var at = 0; at < 14; at++)
        {
            var identifier = await world.AgreeAsync();
            DieAt(world.Buyer, at);
            await world.SettleAsync();

            // What stood there unpaid when it died waits, since the database might be an old copy.
            await world.PassAsync(TimeSpan.FromMinutes(12));
            Assert.Single(world.LocksOf(identifier));
            Assert.Single(await world.Buyer.AttemptsAsync(identifier));
            await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
            DieAt(world.Seller, at);
            await world.SettleAsync();
            foreach (var node in new[] { world.Buyer, world.Seller })
            {
                var deal = await node.DealAsync(identifier);
                Assert.Equal((OnChainState.ResultSubmitted, null), (deal.OnChainState, deal.Problem));
            }
        }
    }

    // F13
    [Fact]
    public async Task Lists_that_lack_every_other_row_take_nothing_back_and_pay_nothing_twice()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var seen = await world.LockAsync();
        world.Views.Set("buyer", "half-lists");
        world.Views.Set("seller", "half-lists");
        var next = await world.AgreeAsync();
        await world.SettleAsync(10);
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(seen)).OnChainState);
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(seen)).OnChainState);
        world.Views.Clear("buyer");
        world.Views.Clear("seller");
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        Assert.Single(world.LocksOf(next));
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(next)).OnChainState);
    }

    // F14
    [Fact]
    public async Task Reading_the_whole_chain_again_changes_nothing_and_tells_nobody_anything()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var paid = await world.LockAsync();
        await world.Seller.WantAsync(paid, Intent.SubmitResult, Result);
        await world.SettleAsync();
        var open = await world.LockAsync(10);
        await world.SettleAsync();
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            var before = await RowsAsync(node);
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
            await node.RoundAsync();
            await node.RoundAsync();
            Assert.Equal(before, await RowsAsync(node));
        }

        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(open)).OnChainState);
    }

    // F21
    [Fact]
    public async Task A_wallet_of_three_hundred_small_coins_still_pays()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 300);
        var identifier = await world.AgreeAsync(120);
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
    }

    // F24
    [Fact]
    public async Task A_change_of_parameters_on_the_way_costs_no_collateral_and_the_result_is_built_again()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        world.Views.Set("seller", "swallow-submit");
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.Seller.RoundAsync();
        world.Views.Clear("seller");
        world.Devnet.ChangeParameters(p => p with { MinFeePerByte = p.MinFeePerByte * 2 });
        for (var minute = 0; minute < 14; minute++)
        {
            world.Devnet.Advance(TimeSpan.FromMinutes(1));
            await world.Seller.RoundAsync();
        }

        await world.SettleAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(identifier)).OnChainState);
        Assert.DoesNotContain(world.Devnet.Blocks.SelectMany(b => b.Transactions), t => !t.IsValid);
    }

    // F36
    [Fact]
    public async Task What_a_cooldown_forbids_is_done_at_its_time_and_asked_for_no_earlier()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('1', 64));
        await world.SettleAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.Seller.RoundAsync();
        var waiting = await world.Seller.DealAsync(identifier);
        Assert.Equal((Intent.SubmitResult, null), (waiting.Intent, waiting.Problem));
        Assert.Equal(waiting.Projection.SellerCooldown + TimeSpan.FromSeconds(1), waiting.NextAt);
        var asked = world.Seller.Provided.Calls.Total;
        await world.Seller.RoundAsync();
        Assert.Equal(asked + 1, world.Seller.Provided.Calls.Total);

        await world.AdvanceAsync(waiting.NextAt!.Value - world.Now + TimeSpan.FromMinutes(1));
        Assert.Equal(Result, (await world.Buyer.DealAsync(identifier)).Projection.ResultHash);
    }

    // F41
    [Fact]
    public async Task A_wallet_that_is_removed_gets_nothing_new_and_finishes_what_it_began()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var paid = await world.LockAsync();
        var refunded = await world.LockAsync();
        await world.Seller.WantAsync(paid, Intent.SubmitResult, Result);
        Assert.True(await world.Buyer.Store.Wallets.RemoveAsync(world.Buyer.Wallet.Id, world.Now, Stop));
        Assert.True(await world.Seller.Store.Wallets.RemoveAsync(world.Seller.Wallet.Id, world.Now, Stop));
        var late = await world.AgreeAsync();
        await world.SettleAsync();
        Assert.Empty(world.LocksOf(late));
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        await world.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(paid)).OnChainState);
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(refunded)).OnChainState);
    }

    // F43
    [Fact]
    public async Task A_source_that_is_disabled_is_followed_and_its_money_collected()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var paid = await world.LockAsync();
        await world.Seller.WantAsync(paid, Intent.SubmitResult, Result);
        Assert.True(await world.Seller.Store.Sources.SetDisabledAsync(world.Seller.Source.Id, world.Now, Stop));
        Assert.True(await world.Buyer.Store.Sources.SetDisabledAsync(world.Buyer.Source.Id, world.Now, Stop));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(paid)).OnChainState);
        Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(paid)).OnChainState);
    }

    // F45
    [Fact]
    public async Task The_money_there_is_goes_to_the_purchase_whose_time_is_nearest_and_what_comes_too_late_ends_at_once()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var relaxed = await world.AgreeAsync(600);
        var urgent = await world.AgreeAsync(600, TimeSpan.FromMinutes(10));
        var late = await world.AgreeAsync(5, TimeSpan.FromSeconds(40));
        await world.SettleAsync();
        Assert.Single(world.LocksOf(urgent));
        Assert.Empty(world.LocksOf(relaxed));
        Assert.Empty(world.LocksOf(late));
        Assert.Equal("insufficient_funds", (await world.Buyer.DealAsync(relaxed)).Problem?.Code);
        await world.AdvanceAsync(TimeSpan.FromMinutes(6));
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(OnChainState.FundsOrDatumInvalid, (await world.Buyer.DealAsync(late)).OnChainState);
    }

    // F48, F49
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Transactions_of_a_chain_that_a_mempool_lost_are_sent_again_in_order(int lost)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 1);
        var burst = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            burst.Add(await world.AgreeAsync(5));
        }

        await world.Buyer.RoundAsync();
        var sent = world.Buyer.Chain.Handed.Select(t => t.Id).ToList();
        Assert.InRange(sent.Count, 4, 8);
        // The first is the parent of all; what it left in several coins is spent side by side.
        Assert.InRange(world.Devnet.Drop(sent[lost]).Length, lost == 0 ? sent.Count : 1, sent.Count - lost);
        await world.SettleAsync(5);
        Assert.All(burst, identifier => Assert.Single(world.LocksOf(identifier)));
        Assert.Subset(sent.ToHashSet(), world.Buyer.Chain.Handed.Select(t => t.Id).ToHashSet());
    }

    // F51
    [Fact]
    public async Task An_identifier_at_one_contract_says_nothing_of_the_same_at_another()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        var deal = await world.Seller.DealAsync(identifier);
        var other = world.Seller.Source with { Id = "other", ContractAddress = SettlementWorld.ContractV1.Address };
        Assert.True(await world.Seller.Store.Sources.AddAsync(other, Stop));
        var twin = deal with { Id = "twin", SourceId = other.Id, WalletId = null, Projection = Projection.Nothing };
        Assert.IsType<InsertOutcome.Stored>(await world.Seller.MakeAsync(twin, world.Now));
        await world.SettleAsync();
        Assert.Null((await world.Seller.Store.Deals.GetAsync("twin", Stop))!.OnChainState);
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
    }

    private static void DieAt(TestNode node, int at)
    {
        var asked = 0;
        node.Chain.Before = _ => asked++ == at ? throw new ProcessDied() : Task.CompletedTask;
    }

    // Deals, steps and events, column by column.
    private static Task<List<string>> RowsAsync(TestNode node) =>
        node.Database.ReadAsync(
            async connection =>
            {
                var lines = new List<string>();
                foreach (var table in new[] { "deal", "escrow_step", "outbox", "action_history", "chain_point" })
                {
                    var order = table switch
                    {
                        "deal" => "id",
                        "escrow_step" => "source_id, height, tx_index, ordinal",
                        "outbox" => "seq",
                        "chain_point" => "height DESC LIMIT 1",
                        _ => "deal_id, seq",
                    };
                    foreach (IDictionary<string, object?> row in await connection.QueryAsync($"SELECT * FROM {table} ORDER BY {order}"))
                    {
                        lines.Add(
                            $"{table} {string.Join(' ', row.Select(c => $"{c.Key}={(c.Value is byte[] bytes ? Convert.ToHexString(bytes) : c.Value)}"))}"
                        );
                    }
                }

                return lines;
            },
            Stop
        );
}
