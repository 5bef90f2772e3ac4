using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Masumi.Acceptance;

/// <summary>What was once provoked on running nodes, on running nodes: one lock, the deal goes on, without a person.</summary>
public sealed class ProviderFindingsTests(FundedTrade funded) : IClassFixture<FundedTrade>
{
    private readonly Trade _trade = funded.Trade;

    // P1
    [Theory(Timeout = 300_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_list_that_is_behind_the_rest_makes_no_second_lock(int behind)
    {
        _trade.Devnet.Views.Set(Trade.BuyersKey, $"list-behind:{behind}");
        var identifier = await _trade.BuyAsync();
        await _trade.BothAsync(identifier, "FundsLocked");
        await _trade.BlocksAsync(behind + 3);
        Assert.Single(_trade.Locks(identifier));
        _trade.Devnet.Views.Clear(Trade.BuyersKey);
        await _trade.GoesOnAsync(identifier);
    }

    // P1
    [Fact(Timeout = 300_000)]
    public async Task Twelve_purchases_have_one_lock_each_while_some_answers_are_a_block_late()
    {
        _trade.Devnet.Views.Set(Trade.BuyersKey, "list-behind:1@15%");
        var identifiers = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            identifiers.Add(await _trade.BuyAsync());
            await _trade.BlocksAsync(i % 3 == 0 ? 1 : 0);
        }

        foreach (var identifier in identifiers)
        {
            await _trade.BothAsync(identifier, "FundsLocked");
        }

        await _trade.BlocksAsync(5);
        _trade.Devnet.Views.Clear(Trade.BuyersKey);
        Assert.All(identifiers, identifier => Assert.Single(_trade.Locks(identifier)));
        await _trade.GoesOnAsync(identifiers[11]);
    }

    // P2: the lists are nine blocks behind, then everything is visible again.
    [Theory(Timeout = 300_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lock_that_the_lists_did_not_show_in_time_is_found_by_the_nodes_themselves(bool isBlindForTheBuyerToo)
    {
        _trade.Devnet.Views.Set(Trade.SellersKey, "list-behind:12");
        if (isBlindForTheBuyerToo)
        {
            _trade.Devnet.Views.Set(Trade.BuyersKey, "list-behind:12");
        }

        var identifier = await _trade.BuyAsync();
        await Trade.UntilAsync("lock", () => Task.FromResult(_trade.Locks(identifier)), locks => locks.Count > 0);
        await _trade.BlocksAsync(9);
        Assert.Null((string?)(await _trade.RowAsync("payment", identifier))["onChainState"]);
        _trade.Devnet.Views.Clear(Trade.SellersKey);
        _trade.Devnet.Views.Clear(Trade.BuyersKey);
        await _trade.BlocksAsync(4);

        // Half an hour at the most.
        _trade.Devnet.Chain.Advance(TimeSpan.FromMinutes(31));
        await _trade.GoesOnAsync(identifier);
    }

    // P8
    [Theory(Timeout = 300_000)]
    [InlineData("hang")]
    [InlineData("status:429:12")]
    public async Task A_provider_that_does_not_serve_us_costs_an_answer_of_ten_seconds_and_no_purchase(string view)
    {
        // An agent the buyer's node has not heard of.
        var offer = await _trade.OfferAsync(await _trade.RegisterAsync());
        var identifier = (string)offer["blockchainIdentifier"]!;
        _trade.Devnet.Views.Set(Trade.BuyersKey, view);
        var started = Stopwatch.GetTimestamp();
        var refused = await _trade.Buyer.CallAsync(HttpMethod.Post, "purchase", offer);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal((503, "chain_unavailable"), (refused.Status, (string?)refused.Body!["error"]!["code"]));
        Assert.Equal(200, (await _trade.Buyer.CallAsync(HttpMethod.Get, "purchase?network=Preprod&filterPaymentSourceType=Web3CardanoV2")).Status);
        await Trade.UntilAsync("not ready", _trade.Buyer.IsReadyAsync, ready => !ready);

        _trade.Devnet.Views.Clear(Trade.BuyersKey);
        await Trade.UntilAsync("purchase", () => _trade.Buyer.CallAsync(HttpMethod.Post, "purchase", offer), answer => answer.Status == 200);
        await _trade.GoesOnAsync(identifier);
        Assert.True(await _trade.Buyer.IsReadyAsync());
    }

    // P8
    [Fact(Timeout = 300_000)]
    public async Task A_node_starts_while_its_provider_hangs_and_does_its_work_when_it_is_back()
    {
        _trade.Devnet.Views.Set("another-key", "hang");
        await using var node = await TradingNode.StartAsync(_trade.Settings("another", "Purchasing", 3, "another-key"));
        Assert.False(await node.IsReadyAsync());
        Assert.Equal("not available", (string?)(await node.CallAsync(HttpMethod.Get, "health")).Data["chain"]);
        Assert.Single((await node.CallAsync(HttpMethod.Get, "wallet/list")).Data["Wallets"]!.AsArray());

        _trade.Devnet.Views.Clear("another-key");
        await Trade.UntilAsync("ready", node.IsReadyAsync, ready => ready);
    }

    // P8
    [Fact(Timeout = 300_000)]
    public async Task A_second_provider_takes_over_from_one_that_hangs()
    {
        _trade.Devnet.Views.Set("a-bad-key", "hang");
        var settings = _trade.Settings("two", "Purchasing", 3, "a-bad-key");
        var good = (JsonObject)settings["chain"]!.DeepClone();
        good.Remove("pollMilliseconds");
        good["key"] = "a-good-key";
        settings["chain"]!["providers"] = new JsonArray(good);
        await using var node = await TradingNode.StartAsync(settings);
        await Trade.UntilAsync("ready", node.IsReadyAsync, ready => ready);
        Assert.Equal("available", (string?)(await node.CallAsync(HttpMethod.Get, "health")).Data["chain"]);
    }

    // H2
    [Theory(Timeout = 300_000)]
    [InlineData(4)]
    [InlineData(25)]
    public async Task A_strangers_lock_in_the_buyers_name_before_the_honest_one_holds_up_nobody(long ada)
    {
        var offer = await _trade.OfferAsync();
        var identifier = (string)offer["blockchainIdentifier"]!;
        _trade.LockInTheBuyersName(offer, ada);
        await _trade.BlocksAsync(4);
        Assert.Null((string?)(await _trade.RowAsync("payment", identifier))["onChainState"]);
        _ = (await _trade.Buyer.CallAsync(HttpMethod.Post, "purchase", offer)).Data;
        await _trade.GoesOnAsync(identifier);
    }
}

/// <summary>A trade whose buyer has money.</summary>
public sealed class FundedTrade : IAsyncLifetime
{
    public Trade Trade { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Trade.InitializeAsync();
        Trade.Pay(coins: 12, ada: 100);
    }

    public ValueTask DisposeAsync() => Trade.DisposeAsync();
}
