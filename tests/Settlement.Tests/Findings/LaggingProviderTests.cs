using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>Providers whose answers are of different moments, or of one that is past: one purchase, one lock.</summary>
public sealed class LaggingProviderTests
{
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(20);

    // P1
    [Theory]
    [InlineData("list-behind:1")]
    [InlineData("list-behind:2")]
    [InlineData("list-behind:3")]
    [InlineData("list-behind:4")]
    [InlineData("list-behind:5")]
    [InlineData("utxo-behind:3")]
    [InlineData("txs-behind:2")]
    [InlineData("list-behind:2,utxo-behind:4")]
    [InlineData("list-behind:3,txs-behind:1")]
    public async Task A_purchase_is_locked_once_however_late_one_answer_of_the_provider_is_beside_another(string view)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        world.Devnet.Mine(6);
        world.Views.Set("buyer", view);
        var identifier = await world.AgreeAsync(25);
        for (var block = 0; block < 12; block++)
        {
            await world.Buyer.RoundAsync();
            await world.Buyer.RoundAsync();
            world.Devnet.Advance(Block);
        }

        await world.Buyer.RoundAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Single(world.Buyer.Chain.Handed.Select(t => t.Id).Distinct());

        world.Views.Clear("buyer");
        await GoesOnAsync(world, identifier);
    }

    // P1
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Twelve_purchases_are_locked_once_each_when_every_seventh_answer_is_a_block_late(int seed)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        world.Devnet.Mine(6);
        world.Views.Seed = seed;
        world.Views.Set("buyer", "list-behind:1@15%", "txs-behind:1@15%", "utxo-behind:1@15%");
        var identifiers = new List<string>();
        for (var block = 0; block < 24; block++)
        {
            if (identifiers.Count < 12)
            {
                identifiers.Add(await world.AgreeAsync(25));
            }

            await world.Buyer.RoundAsync();
            world.Devnet.Advance(Block);
        }

        world.Views.Clear("buyer");
        await world.SettleAsync();
        foreach (var identifier in identifiers)
        {
            Assert.Single(world.LocksOf(identifier));
            Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
            Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
        }
    }

    // P2: the buyer's provider shows the lock to nobody for eight blocks, then to all.
    [Fact]
    public async Task A_lock_that_was_invisible_for_eight_blocks_is_found_by_the_buyers_node_itself()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Views.Set("buyer", $"hide:{Assert.Single(world.Buyer.Chain.Handed).Id}");
        for (var block = 0; block < 8; block++)
        {
            world.Devnet.Advance(Block);
            await world.Buyer.RoundAsync();
        }

        Assert.Null((await world.Buyer.DealAsync(identifier)).OnChainState);
        world.Views.Clear("buyer");
        for (var block = 0; block < 4; block++)
        {
            world.Devnet.Advance(Block);
            await world.Buyer.RoundAsync();
        }

        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Single(world.LocksOf(identifier));
        await GoesOnAsync(world, identifier);
    }

    // P2
    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(60, false)]
    [InlineData(150, false)]
    public async Task A_lock_that_only_the_sellers_list_lacked_is_found_within_half_an_hour_and_served(int blocks, bool restarts)
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Views.Set("seller", $"hide:{Assert.Single(world.Buyer.Chain.Handed).Id}");
        for (var block = 0; block < blocks; block++)
        {
            world.Devnet.Advance(Block);
            await world.Seller.RoundAsync();
        }

        await world.Buyer.RoundAsync();
        Assert.Null((await world.Seller.DealAsync(identifier)).OnChainState);
        world.Views.Clear("seller");
        if (restarts)
        {
            world.Seller.Restart();
        }

        for (var block = 0; block < 95; block++)
        {
            world.Devnet.Advance(Block);
            await world.Seller.RoundAsync();
        }

        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
        await GoesOnAsync(world, identifier);
    }

    // P2: blind from the first half hour to the time to pay. Looks that come back to a few blocks only would never come back to that one.
    [Fact]
    public async Task A_lock_that_was_hidden_over_many_looks_is_found_before_the_seller_gives_up()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Views.Set("seller", $"hide:{Assert.Single(world.Buyer.Chain.Handed).Id}");
        for (var block = 0; block < 345; block++)
        {
            world.Devnet.Advance(Block);
            await world.Seller.RoundAsync();
        }

        Assert.Null((await world.Seller.DealAsync(identifier)).OnChainState);
        world.Views.Clear("seller");
        for (var block = 0; block < 50; block++)
        {
            world.Devnet.Advance(Block);
            await world.Seller.RoundAsync();
        }

        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
        await GoesOnAsync(world, identifier);
    }

    // P2: blind over more than one look, the one before giving up among them.
    [Fact]
    public async Task A_lock_that_comes_to_light_after_everybody_gave_up_is_no_lost_money()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        var hidden = $"hide:{Assert.Single(world.Buyer.Chain.Handed).Id}";
        world.Devnet.Mine();
        world.Views.Set("buyer", hidden);
        world.Views.Set("seller", hidden);
        for (var minute = 0; minute < 150; minute += 10)
        {
            world.Devnet.Advance(TimeSpan.FromMinutes(10));
            await world.Buyer.RoundAsync();
            await world.Seller.RoundAsync();
        }

        Assert.Equal(OnChainState.FundsOrDatumInvalid, (await world.Buyer.DealAsync(identifier)).OnChainState);
        world.Views.Clear("buyer");
        world.Views.Clear("seller");
        for (var minute = 0; minute < 240; minute += 10)
        {
            world.Devnet.Advance(TimeSpan.FromMinutes(10));
            await world.SettleAsync(1);
        }

        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Seller.DealAsync(identifier)).OnChainState);
    }

    // P12
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_tip_below_what_was_seen_is_no_reason_to_pay_again(int behind)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, provided: SettlementWorld.Hosted);
        world.Devnet.Mine(8);
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Devnet.Advance(Block);
        await world.Buyer.RoundAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);

        // An index in the middle of its own rollback, for less than the ten minutes after which it would be believed.
        world.Views.Set("buyer", $"behind:{behind}");
        for (var i = 0; i < 10; i++)
        {
            await world.Buyer.RoundAsync();
            world.Time.Move(TimeSpan.FromSeconds(20));
            Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        }

        world.Views.Clear("buyer");
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Single(world.Buyer.Chain.Handed);
        await GoesOnAsync(world, identifier);
    }

    // P12, a lock that only newer blocks have.
    [Theory]
    [InlineData("behind:2")]
    [InlineData("behind:4")]
    [InlineData("behind:3@50%")]
    public async Task A_provider_that_falls_behind_while_the_lock_gets_into_a_block_makes_no_second_one(string view)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, provided: SettlementWorld.Hosted);
        world.Devnet.Mine(8);
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Views.Set("buyer", view);
        for (var block = 0; block < 40; block++)
        {
            world.Devnet.Advance(Block);
            await world.Buyer.RoundAsync();
        }

        world.Views.Clear("buyer");
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        await GoesOnAsync(world, identifier);
    }

    // P15
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_transaction_that_is_built_again_byte_for_byte_is_recognised_and_ends_no_round(int behind)
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Devnet.Mine(8);
        var identifier = await world.AgreeAsync(25);
        for (var i = 0; i < 12; i++)
        {
            // A chain that goes back and forth, on a network where going back is believed; time stands still.
            world.Views.Set("buyer", i % 2 == 0 ? $"behind:{behind}" : "behind:1");
            await world.Buyer.RoundAsync();
            world.Views.Clear("buyer");
            await world.Buyer.RoundAsync();
            world.Devnet.Mine();
        }

        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Single(await world.Buyer.AttemptsAsync(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }

    // P10, decision 12
    [Fact]
    public async Task A_life_costs_the_providers_of_both_sides_no_more_than_fourteen_questions_besides_looking_for_news()
    {
        // Looking again has a budget of its own.
        var options = new SettlementOptions { LockWindow = TimeSpan.Zero, ReconcileInterval = TimeSpan.FromDays(2) };
        await using var world = await SettlementWorld.CreateAsync(options: options);
        var asked = new List<long>();
        for (var life = 0; life < 2; life++)
        {
            var before = Asked(world);
            var identifier = await world.LockAsync(25);
            await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
            await world.SettleAsync();
            await world.AdvanceAsync(TimeSpan.FromHours(8));
            Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
            asked.Add(Asked(world) - before);
            foreach (var node in new[] { world.Buyer, world.Seller })
            {
                TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", node.Provided.Calls.List().Select(c => $"{c.Kind} {c.Count}")));
            }
        }

        // The first pays for what a process learns once.
        Assert.InRange(asked[1], 1, 14);
    }

    // P10, decision 12: a look at the tip, and with a new block one at the list.
    [Fact]
    public async Task An_idle_node_asks_for_the_tip_and_with_a_new_block_for_its_list()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        await world.SettleAsync();
        var before = world.Seller.Provided.Calls.Total;
        for (var i = 0; i < 10; i++)
        {
            await world.Seller.RoundAsync();
        }

        Assert.Equal(10, world.Seller.Provided.Calls.Total - before);
        before = world.Seller.Provided.Calls.Total;
        for (var i = 0; i < 10; i++)
        {
            world.Devnet.Mine();
            await world.Seller.RoundAsync();
        }

        Assert.InRange(world.Seller.Provided.Calls.Total - before, 10, 30);
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
    }

    private static long Asked(SettlementWorld world) =>
        new[] { world.Buyer, world.Seller }.Sum(n =>
            n.Provided.Calls.List().Where(c => c.Kind is not (CallKind.Tip or CallKind.AddressList or CallKind.Block)).Sum(c => c.Count)
        );

    private static async Task GoesOnAsync(SettlementWorld world, string identifier)
    {
        await world.SettleAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(identifier)).OnChainState);
        Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Single(world.LocksOf(identifier));
    }
}
