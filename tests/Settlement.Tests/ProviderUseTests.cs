using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests;

/// <summary>What the engine asks of several providers, and of one that may be asked little.</summary>
public sealed class ProviderUseTests
{
    private static readonly SettlementOptions Agreeing = new()
    {
        LockWindow = TimeSpan.Zero,
        Confirmations = Confirmations.Always(1),
        Agreement = new AgreementRule { From = Lovelace.FromAda(100) },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_lock_counts_for_its_seller_only_once_a_second_provider_has_it_too()
    {
        await using var world = await SettlementWorld.CreateAsync(options: Agreeing, sellerProviders: 2);
        world.Views.Set("seller-2", "txs-behind:200");
        var large = await world.AgreeAsync(100);
        var small = await world.AgreeAsync(90);
        await world.SettleAsync(6);
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(small)).OnChainState);
        Assert.Null((await world.Seller.DealAsync(large)).OnChainState);
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(large)).OnChainState);

        // It does not answer: not yet, either.
        world.Views.Set("seller-2", "status:503");
        await world.SettleAsync(2);
        Assert.Null((await world.Seller.DealAsync(large)).OnChainState);
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(small)).OnChainState);

        world.Views.Clear("seller-2");
        world.Seller.Restart();
        for (var i = 0; i < 40 && (await world.Seller.DealAsync(large)).OnChainState is null; i++)
        {
            // A provider that failed is left alone for a while.
            await Task.Delay(250, Stop);
            await world.SettleAsync(1);
        }

        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(large)).OnChainState);

        // The word stands, also in another process.
        world.Views.Set("seller-2", "txs-behind:200");
        world.Seller.Restart();
        await world.Seller.WantAsync(large, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(large)).OnChainState);
    }

    [Fact]
    public async Task Where_there_is_one_provider_a_large_lock_waits_for_nobody()
    {
        await using var world = await SettlementWorld.CreateAsync(options: Agreeing);
        var large = await world.AgreeAsync(500);
        await world.SettleAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(large)).OnChainState);
    }

    [Theory]
    [InlineData("swallow-submit")]
    [InlineData("refuse-submit")]
    public async Task A_result_gets_out_although_the_first_of_two_providers_passes_nothing_on(string view)
    {
        await using var world = await SettlementWorld.CreateAsync(sellerProviders: 2);
        var identifier = await world.LockAsync(20);
        world.Views.Set("seller", view);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(identifier)).OnChainState);
    }

    [Fact]
    public void A_second_word_is_needed_from_the_amount_on_and_for_assets_that_nobody_named()
    {
        var known = AssetId.Parse(new string('c', 56));
        var rule = AgreementRule.Default with { Assets = AgreementRule.Default.Assets.Add(known, 500) };
        Assert.False(rule.Needs(Value.Of(Lovelace.FromAda(999))));
        Assert.True(rule.Needs(Value.Of(Lovelace.FromAda(1000))));
        Assert.False(rule.Needs(Holding(known, 499)));
        Assert.True(rule.Needs(Holding(known, 500)));
        Assert.True(rule.Needs(Holding(AssetId.Parse(new string('d', 56)), 1)));

        static Value Holding(AssetId asset, Int128 quantity) => Value.Of(Lovelace.FromAda(2), [KeyValuePair.Create(asset, quantity)]);
    }

    [Fact]
    public async Task A_result_whose_deadline_is_near_gets_out_although_all_other_calls_are_used_up()
    {
        await using var world = await SettlementWorld.CreateAsync(sellerEndpoint: Scarce);
        var job = await world.LockAsync();
        await UseUpAsync(world.Seller.Provided);
        await world.Seller.WantAsync(job, Intent.SubmitResult, new string('a', 64));
        await world.Seller.RoundAsync();
        await world.Seller.RoundAsync();
        Assert.Empty(world.Seller.Chain.Handed);

        // Four hours were agreed.
        world.Time.Move(TimeSpan.FromMinutes(230));
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(job)).OnChainState);
    }

    [Fact]
    public async Task What_has_no_deadline_near_leaves_the_last_calls_alone()
    {
        await using var world = await SettlementWorld.CreateAsync(sellerEndpoint: Scarce);
        await world.LockAsync();
        await UseUpAsync(world.Seller.Provided);
        var before = world.Seller.Provided.Calls.Total;
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        await world.Seller.RoundAsync();
        Assert.Equal(before, world.Seller.Provided.Calls.Total);
        Assert.NotNull(await world.Seller.Provided.With(CallPriority.Deadline).GetTipAsync(Stop));
    }

    private static BlockfrostOptions Scarce(BlockfrostOptions usual) =>
        new()
        {
            BaseUrl = usual.BaseUrl,
            ProjectId = usual.ProjectId,
            CallsPerSecond = 0.0001,
            Burst = 150,
        };

    private static async Task UseUpAsync(ProvidedChain chain)
    {
        for (var i = 0; i < 500; i++)
        {
            try
            {
                await chain.GetTipAsync(Stop);
            }
            catch (ChainUnavailableException)
            {
                return;
            }
        }

        Assert.Fail("There is no end of calls.");
    }
}
