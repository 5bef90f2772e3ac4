using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Devnet;
using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>Providers that say what is not so: of time, parameters, signatures, and of what they took.</summary>
public sealed class LyingProviderTests
{
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // P3
    [Fact]
    public async Task A_tip_of_tomorrow_ends_no_deal_and_when_it_is_gone_the_honest_lock_is_served()
    {
        await using var world = await SettlementWorld.CreateAsync(provided: SettlementWorld.Hosted);
        world.Devnet.Mine();
        var identifier = await world.AgreeAsync(25);
        world.Views.Set("seller", "tip-ahead:86400");
        world.Views.Set("buyer", "tip-ahead:86400");
        for (var i = 0; i < 4; i++)
        {
            await world.Buyer.RoundAsync();
            await world.Seller.RoundAsync();
            world.Devnet.Advance(Block);
        }

        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            var deal = await node.DealAsync(identifier);
            Assert.Equal((null, null, null), (deal.OnChainState, deal.Problem, deal.GaveUpAt));
        }

        world.Views.Clear("seller");
        world.Views.Clear("buyer");
        await GoesOnAsync(world, identifier);
    }

    // P3, where a moved clock is believed because the network is a devnet: what was concluded goes with its cause.
    [Fact]
    public async Task An_offer_that_was_given_up_by_a_wrong_clock_is_served_when_its_lock_comes()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Devnet.Mine();
        var identifier = await world.AgreeAsync(25);
        world.Views.Set("seller", "tip-ahead:86400");
        for (var i = 0; i < 4; i++)
        {
            await world.Seller.RoundAsync();
            world.Devnet.Mine();
        }

        world.Views.Clear("seller");
        world.Devnet.Mine();
        await GoesOnAsync(world, identifier);
    }

    // P4
    [Theory]
    [InlineData("parameters:min_fee_b=400000000")]
    [InlineData("parameters:coins_per_utxo_size=40000000")]
    [InlineData("parameters:min_fee_a=4400")]
    public async Task Parameters_out_of_all_bounds_get_nothing_signed_and_the_purchase_goes_on_when_they_are_right_again(string view)
    {
        await using var world = await SettlementWorld.CreateAsync(provided: SettlementWorld.Hosted);
        world.Views.Set("buyer", view);
        var identifier = await world.AgreeAsync(20);
        await world.SettleAsync();
        Assert.Empty(world.Buyer.Chain.Handed);
        Assert.Empty(await world.Buyer.AttemptsAsync(identifier));

        world.Views.Clear("buyer");
        await GoesOnAsync(world, identifier);
        Assert.True((await world.Buyer.AttemptsAsync(identifier))[0].Fee < Lovelace.FromAda(2));
    }

    // P4, decision 5: the bounds of a devnet are wide, the caps on what a transaction costs are not.
    [Theory]
    [InlineData("parameters:min_fee_b=15000000")]
    [InlineData("parameters:coins_per_utxo_size=400000")]
    public async Task No_parameters_make_a_lock_cost_more_than_its_caps(string view)
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Views.Set("buyer", view);
        var identifier = await world.AgreeAsync(5);
        await world.SettleAsync();
        Assert.Empty(world.Buyer.Chain.Handed);
        var waiting = await world.Buyer.DealAsync(identifier);
        Assert.Equal((Intent.Lock, "build", false), (waiting.Intent, waiting.Problem?.Code, waiting.Problem?.NeedsManual));

        // Parameters are asked for again after a while; the problem goes with its cause.
        world.Views.Clear("buyer");
        world.Devnet.Advance(TimeSpan.FromMinutes(15));
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Null((await world.Buyer.DealAsync(identifier)).Problem);
    }

    // P5
    [Fact]
    public async Task A_lock_without_its_buyers_signature_is_not_worked_for_until_it_is_shown_with_it()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Views.Set("seller", $"bad-witness:{Assert.Single(world.Buyer.Chain.Handed).Id}");
        for (var block = 0; block < 5; block++)
        {
            world.Devnet.Advance(Block);
            await world.Seller.RoundAsync();
        }

        var seller = await world.Seller.DealAsync(identifier);
        Assert.Null(seller.OnChainState);
        Assert.Equal("strange_output", seller.Problem?.Code);

        // Whoever lied was the provider: the lock is good.
        world.Views.Clear("seller");
        world.Seller.Restart();
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        await GoesOnAsync(world, identifier);
    }

    // P6
    [Theory]
    [InlineData("refuse-submit:1", 40)]
    [InlineData("delay-submit:50:refused", 40)]
    [InlineData("delay-submit:50:refused", 400)]
    [InlineData("delay-submit:600:refused", 400)]
    [InlineData("delay-submit:600:accepted", 400)]
    [InlineData("swallow-submit", 400)]
    [InlineData("lose-answer", 40)]
    public async Task A_lock_that_was_refused_and_is_in_a_mempool_all_the_same_has_no_twin(string view, int seconds)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 3);
        world.Views.Set("buyer", view);
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Views.Clear("buyer");
        Assert.Single(await world.Buyer.AttemptsAsync(identifier));

        // A larger coin: left to itself, coin selection would take this one.
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Devnet.Mine();
        for (var passed = 0; passed < seconds + 700; passed += 20)
        {
            world.Time.Move(Block);
            world.Time.Fire();
            world.Devnet.Mine();
            if (passed >= seconds || passed < 20)
            {
                await world.Buyer.RoundAsync();
            }
        }

        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        await GoesOnAsync(world, identifier);
    }

    // P7, R6
    [Fact]
    public async Task A_purchase_that_every_provider_refuses_leaves_a_handful_of_rows_and_goes_out_ever_less_often()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Views.Set("buyer", "refuse-submit");
        var identifier = await world.AgreeAsync(25);
        for (var block = 0; block < 12; block++)
        {
            await world.Buyer.RoundAsync();
            await world.Buyer.RoundAsync();
            await world.Buyer.RoundAsync();
            world.Devnet.Advance(Block);
        }

        var deal = await world.Buyer.DealAsync(identifier);
        Assert.Single(await world.Buyer.AttemptsAsync(identifier));
        Assert.InRange((await world.Buyer.Store.Deals.ListHistoryAsync(deal.Id, Stop)).Length, 1, 3);
        Assert.InRange((await world.Buyer.Store.Events.ListAsync(0, 100, Stop)).Count(e => e.EntityId == deal.Id), 1, 4);
        Assert.InRange(world.Buyer.Chain.Handed.Count, 2, 6);

        world.Views.Clear("buyer");
        await GoesOnAsync(world, identifier);
    }

    // R6
    [Fact]
    public async Task A_lock_whose_coins_a_rollback_took_is_sent_once_per_block_at_most_and_ever_less_often()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 1);
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        world.Devnet.Rollback((int)world.Devnet.Tip.Height, drop: true);
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        var before = world.Buyer.Chain.Handed.Count;
        for (var block = 0; block < 10; block++)
        {
            var sent = world.Buyer.Chain.Handed.Count;
            for (var round = 0; round < 4; round++)
            {
                await world.Buyer.RoundAsync();
            }

            Assert.InRange(world.Buyer.Chain.Handed.Count - sent, 0, 1);
            world.Devnet.Mine();
        }

        Assert.InRange(world.Buyer.Chain.Handed.Count - before, 1, 5);

        // The wallet's money comes again, in another coin, and the purchase goes on when the first lock is over.
        world.Fund(world.Buyer.Wallet.Address, 1000);
        world.Fund(world.Seller.Wallet.Address, 100);
        world.Fund(world.Seller.Wallet.Address, 10);
        world.Devnet.Mine();
        await world.SettleAsync();
        Assert.InRange(world.LocksOf(identifier).Count, 0, 1);
    }

    // R11
    [Fact]
    public async Task After_a_rollback_the_transaction_that_waits_in_the_mempool_is_looked_for_before_another_is_planned()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var start = world.Devnet.Tip.Height;
        var identifier = await world.LockAsync(25);
        var handed = world.Buyer.Chain.Handed.Select(t => t.Id).ToHashSet();
        world.Devnet.Rollback((int)(world.Devnet.Tip.Height - start));
        await world.Buyer.RoundAsync();
        await world.Buyer.RoundAsync();
        Assert.Subset(handed, world.Buyer.Chain.Handed.Select(t => t.Id).ToHashSet());
        await world.SettleAsync();
        Assert.Equal([.. handed], world.LocksOf(identifier));
        Assert.Equal(0, Assert.Single(await world.Buyer.AttemptsAsync(identifier)).Refusals);
    }

    // P9
    [Fact]
    public async Task A_foreign_transaction_with_150_inputs_costs_a_follower_no_more_questions_than_any()
    {
        await using var world = await SettlementWorld.CreateAsync();
        await world.LockAsync();
        var stranger = WalletKeys.FromMnemonic(Mnemonic.FromEntropy([.. Enumerable.Repeat((byte)77, 32)]));
        var home = stranger.BaseAddress(Cardano.Addresses.NetworkId.Testnet);
        for (var i = 0; i < 150; i++)
        {
            world.Fund(home, 2);
        }

        world.Devnet.Mine(4);
        await world.SettleAsync();
        var plan = new TransactionPlan
        {
            Inputs = [.. world.Devnet.State.Utxos.Where(u => u.Value.Address == home).Select(u => new Utxo(u.Key, u.Value))],
            Outputs = [new TxOutput(world.Escrow.Address, Value.Of(new Lovelace(1_200_000)))],
            ChangeAddress = home,
            Signers = [stranger.Payment],
        };
        Assert.Equal(150, plan.Inputs.Length);
        var built = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, world.Devnet.Parameters, world.Devnet.Slots, new Plutus.PlutusEvaluator()));
        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(built.Transaction));
        world.Devnet.Mine();
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            var before = node.Provided.Calls.List().Where(c => c.Kind is not (CallKind.Tip or CallKind.AddressList)).Sum(c => c.Count);
            await node.RoundAsync();
            Assert.InRange(node.Provided.Calls.List().Where(c => c.Kind is not (CallKind.Tip or CallKind.AddressList)).Sum(c => c.Count) - before, 1, 2);
        }
    }

    private static async Task GoesOnAsync(SettlementWorld world, string identifier)
    {
        await world.SettleAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(identifier)).OnChainState);
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(identifier)).OnChainState);
        Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Single(world.LocksOf(identifier));
    }
}
