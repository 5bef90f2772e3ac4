using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Tests;

/// <summary>What clients with an API key of their own are shown, over HTTP; everybody else is shown the truth meanwhile.</summary>
public sealed class DevnetViewTests : KeyedDevnet
{
    [Fact]
    public async Task Lists_are_behind_while_transactions_and_tip_are_not()
    {
        var payment = Paid();
        Chain.Mine();
        Show("list-behind:2");

        Assert.Equal(404, (await AskAsync(Key, $"addresses/{Wallet.Bob.Address}/transactions")).Status);
        Assert.Equal(404, (await AskAsync(Key, $"addresses/{Wallet.Bob.Address}/txs")).Status);
        Assert.Single(await ListAsync(Key, $"addresses/{Wallet.Bob.Address}/utxos"));
        Assert.Equal(200, (await AskAsync(Key, $"txs/{payment.Id}")).Status);
        Assert.Equal(2, await HeightAsync(Key));
        Assert.Single(await ListAsync(null, $"addresses/{Wallet.Bob.Address}/transactions"));

        Chain.Mine();

        Assert.Single(await ListAsync(Key, $"addresses/{Wallet.Bob.Address}/transactions"));
    }

    [Fact]
    public async Task The_list_of_an_asset_is_behind_too()
    {
        var asset = $"{Chain.FaucetPolicy}61";
        Chain.Fund(Wallet.Bob.Address, Value.Of(Lovelace.FromAda(5), [KeyValuePair.Create(AssetId.Parse(asset), (Int128)7)]));
        Chain.Mine();
        Show("list-behind:1");

        Assert.Equal(404, (await AskAsync(Key, $"assets/{asset}/transactions")).Status);
        Assert.Single(await ListAsync(null, $"assets/{asset}/transactions"));
        Assert.Single(await ListAsync(Key, $"assets/{asset}/addresses"));
    }

    [Fact]
    public async Task Unspent_lists_are_behind()
    {
        Paid();
        Show("utxo-behind:1");

        Assert.Equal(404, (await AskAsync(Key, $"addresses/{Wallet.Bob.Address}/utxos")).Status);
        Assert.Equal("100000000", (string)(await ListAsync(Key, $"addresses/{Wallet.Alice.Address}/utxos"))[0]!["amount"]![0]!["quantity"]!);
        Assert.Single(await ListAsync(Key, $"addresses/{Wallet.Bob.Address}/transactions"));
    }

    [Fact]
    public async Task Transactions_are_behind()
    {
        var payment = Paid();
        Show("txs-behind:1");

        Assert.Equal(404, (await AskAsync(Key, $"txs/{payment.Id}")).Status);
        Assert.Equal(404, (await AskAsync(Key, $"txs/{payment.Id}/utxos")).Status);
        Assert.Equal(200, (await AskAsync(null, $"txs/{payment.Id}")).Status);
        Assert.Single(await ListAsync(Key, $"addresses/{Wallet.Bob.Address}/transactions"));
    }

    [Fact]
    public async Task Everything_is_behind_the_tip_too()
    {
        var payment = Paid();
        Show("behind:1");

        Assert.Equal(0, await HeightAsync(Key));
        Assert.Equal(404, (await AskAsync(Key, $"txs/{payment.Id}")).Status);
        Assert.Equal(404, (await AskAsync(Key, "blocks/1")).Status);
        Assert.Equal(404, (await AskAsync(Key, $"addresses/{Wallet.Bob.Address}/utxos")).Status);
        Assert.Equal($"{payment.Id}", (string)(await ListAsync(Key, "mempool"))[0]!["tx_hash"]!);
        Assert.Equal(1, await HeightAsync(null));
    }

    [Fact]
    public async Task Who_is_behind_sees_a_branch_that_was_left()
    {
        Chain.Mine(2);
        var left = Chain.Tip;
        Assert.True(Chain.TryFork(1, 2));
        Show("behind:1");

        Assert.Equal($"{left.Hash}", (string)(await AskAsync(Key, "blocks/latest")).Body["hash"]!);
        Assert.Equal($"{Chain.Tip.Hash}", (string)(await AskAsync(null, "blocks/latest")).Body["hash"]!);
    }

    [Fact]
    public async Task As_much_is_kept_as_a_view_looks_at()
    {
        Show("behind:100");
        Chain.Mine(120);

        Assert.Equal(20, await HeightAsync(Key));
        Assert.Equal(100, Chain.Earlier.Count);
        Assert.True(Server.Views.Clear(Key));
        Chain.Mine();
        Assert.Equal(32, Chain.Earlier.Count);
        Assert.False(Server.Views.Clear(Key));
    }

    [Fact]
    public async Task The_tip_is_ahead_in_time_and_height()
    {
        Chain.Mine();
        Show("tip-ahead:86400,tip-height:+3");

        var (lie, truth) = ((await AskAsync(Key, "blocks/latest")).Body, (await AskAsync(null, "blocks/latest")).Body);

        Assert.Equal((long)truth["time"]! + 86_400, (long)lie["time"]!);
        Assert.Equal((long)truth["slot"]! + 86_400, (long)lie["slot"]!);
        Assert.Equal(4, (int)lie["height"]!);
        Assert.Equal(lie.ToJsonString(), (await AskAsync(Key, $"blocks/{Chain.Tip.Hash}")).Body.ToJsonString());
        Assert.Equal(0, (int)(await AskAsync(Key, "blocks/0")).Body["height"]!);
    }

    [Fact]
    public async Task The_tip_can_be_behind_in_time()
    {
        Chain.Mine();
        Show("tip-ahead:-3600,tip-height:-1");

        var (lie, truth) = ((await AskAsync(Key, "blocks/latest")).Body, (await AskAsync(null, "blocks/latest")).Body);

        Assert.Equal((long)truth["time"]! - 3600, (long)lie["time"]!);
        Assert.Equal(0, (int)lie["height"]!);
    }

    [Fact]
    public async Task A_hidden_transaction_is_as_if_it_were_not_there()
    {
        var payment = Paid();
        var child = Wallet.Alice.Pay(Wallet.OutputOf(payment, 1), Wallet.Bob.Address, Lovelace.FromAda(5));
        Chain.Submit(child);
        Chain.Mine();
        Show($"hide:{payment.Id}");

        Assert.Equal(404, (await AskAsync(Key, $"txs/{payment.Id}")).Status);
        Assert.Equal(404, (await AskAsync(Key, $"txs/{payment.Id}/cbor")).Status);
        Assert.Equal([$"{child.Id}"], await HashesAsync(Key, $"addresses/{Wallet.Bob.Address}/transactions"));
        Assert.Equal([$"{child.Id}"], await HashesAsync(Key, $"addresses/{Wallet.Bob.Address}/utxos"));
        Assert.Equal(
            [.. Chain.Blocks[0].Transactions.Select(t => $"{t.Id}"), $"{child.Id}"],
            await HashesAsync(Key, $"addresses/{Wallet.Alice.Address}/utxos")
        );
        Assert.Empty(await ListAsync(Key, "blocks/1/txs"));
        Assert.Equal(0, (int)(await AskAsync(Key, "blocks/1")).Body["tx_count"]!);
        Assert.Equal(200, (await AskAsync(Key, $"txs/{child.Id}/utxos")).Status);
        Assert.Equal(2, await HeightAsync(Key));
        Assert.Equal(2, (await ListAsync(null, $"addresses/{Wallet.Bob.Address}/utxos")).Count);

        Show($"hide:{payment.Id},hide:{child.Id}");

        Assert.Equal(404, (await AskAsync(Key, $"addresses/{Wallet.Bob.Address}/utxos")).Status);
        Assert.Equal(Chain.Blocks[0].Transactions.Select(t => $"{t.Id}"), await HashesAsync(Key, $"addresses/{Wallet.Alice.Address}/utxos"));
    }

    [Fact]
    public async Task A_hidden_transaction_does_not_wait_and_minted_nothing()
    {
        var asset = AssetId.Parse($"{Chain.FaucetPolicy}61");
        var minted = Assert.IsType<DevnetFunding.Paid>(Chain.Fund(Wallet.Bob.Address, Value.Of(Lovelace.FromAda(5), [KeyValuePair.Create(asset, (Int128)7)])));
        Show($"hide:{minted.Output.TxId}");

        Assert.Empty(await ListAsync(Key, "mempool"));
        Assert.Single(await ListAsync(null, "mempool"));
        Chain.Mine();
        Assert.Equal(404, (await AskAsync(Key, $"assets/{asset}")).Status);
        Assert.Equal(404, (await AskAsync(Key, $"assets/policy/{asset.Policy}")).Status);
        Assert.Equal(200, (await AskAsync(null, $"assets/{asset}")).Status);

        // It stays known by what moved it later.
        var coin = Chain.Now.UtxosAt(Wallet.Bob.Address).Single();
        Assert.IsType<DevnetSubmission.Accepted>(Chain.Submit(Wallet.Bob.Pay(coin, Wallet.Bob.Address, Lovelace.FromAda(1))));
        Chain.Mine();
        Assert.Equal(200, (await AskAsync(Key, $"assets/{asset}")).Status);
        Assert.Single(await ListAsync(Key, $"assets/{asset}/transactions"));
        Assert.Equal(200, (await AskAsync(Key, $"addresses/{Wallet.Bob.Address}/extended")).Status);
    }

    [Fact]
    public async Task Submissions_are_refused_so_many_times_and_not_taken()
    {
        var payment = Payment();
        Show("refuse-submit:2");

        for (var i = 0; i < 2; i++)
        {
            var (status, answer) = await SubmitAsync(Key, payment);
            Assert.Equal(400, status);
            Assert.Contains("BadInputsUTxO", (string)answer["message"]!);
            Assert.Empty(Chain.Mempool);
        }

        Assert.Equal(200, (await SubmitAsync(Key, payment)).Status);
        Assert.Single(Chain.Mempool);
        Assert.Contains("the view of an API key", (string)(await ListAsync(null, "../../devnet/refusals"))[0]!["failures"]![0]!["expected"]!);
    }

    [Fact]
    public async Task Submissions_are_refused_for_ever_and_others_are_not()
    {
        Show("refuse-submit");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(400, (await SubmitAsync(Key, Payment())).Status);
        }

        Assert.Equal(200, (await SubmitAsync("another", Payment())).Status);
    }

    [Fact]
    public async Task A_submission_is_swallowed()
    {
        var payment = Payment();
        Show("swallow-submit");

        var (status, answer) = await SubmitAsync(Key, payment);

        Assert.Equal((200, $"{payment.Id}"), (status, (string)answer!));
        Assert.Empty(Chain.Mempool);
    }

    [Theory]
    [InlineData("delay-submit:3600", 200)]
    [InlineData("delay-submit:3600:accepted", 200)]
    [InlineData("delay-submit:3600:refused", 400)]
    public async Task A_submission_is_answered_at_once_and_passed_on_later(string spec, int status)
    {
        var payment = Payment();
        Show(spec);

        Assert.Equal(status, (await SubmitAsync(Key, payment)).Status);
        Chain.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(Chain.Mempool);
        Chain.Advance(TimeSpan.FromMinutes(2));

        for (var i = 0; i < 500 && Chain.Mempool.IsEmpty; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        }

        Assert.Equal([payment.Id], Chain.Mempool.Select(t => t.Id));
    }

    [Fact]
    public async Task An_answer_is_lost_and_the_transaction_taken()
    {
        var payment = Payment();
        Show("lose-answer");

        await Assert.ThrowsAsync<HttpRequestException>(() => SubmitAsync(Key, payment));

        Assert.Equal([payment.Id], Chain.Mempool.Select(t => t.Id));
        Assert.Equal(0, await HeightAsync(Key));
    }

    [Fact]
    public async Task Lists_have_every_other_row()
    {
        Chain.Mine(4);
        Show("half-lists");

        Assert.Equal([1L, 3], (await ListAsync(Key, "blocks/0/next")).Select(b => (long)b!["height"]!));
        Assert.Equal(4, (await ListAsync(null, "blocks/0/next")).Count);
    }

    [Fact]
    public async Task Parameters_are_told_wrong()
    {
        Show("parameters:min_fee_b=400000000,parameters:coins_per_utxo_size=40000000");

        var (lie, truth) = ((await AskAsync(Key, "epochs/latest/parameters")).Body, (await AskAsync(null, "epochs/latest/parameters")).Body);

        Assert.Equal(400_000_000, (long)lie["min_fee_b"]!);
        Assert.Equal("40000000", (string)lie["coins_per_utxo_size"]!);
        Assert.Equal((long)truth["min_fee_a"]!, (long)lie["min_fee_a"]!);
        Assert.Equal(155_381, (long)truth["min_fee_b"]!);
        Assert.Equal(200, (await SubmitAsync(Key, Payment())).Status);
    }

    [Fact]
    public async Task Signatures_are_zeroed()
    {
        var payment = Paid();
        Show($"bad-witness:{payment.Id}");

        var told = Told((await AskAsync(Key, $"txs/{payment.Id}/cbor")).Body);
        var inBlock = Told((await ListAsync(Key, "blocks/1/txs/cbor"))[0]!);

        Assert.Equal(payment.Id, told.Id);
        Assert.All(Assert.Single(told.Witnesses.VKeys).Signature.ToArray(), b => Assert.Equal(0, b));
        Assert.Equal(told.Bytes.ToArray(), inBlock.Bytes.ToArray());
        Assert.Equal(payment.Bytes.ToArray(), Told((await AskAsync(null, $"txs/{payment.Id}/cbor")).Body).Bytes.ToArray());

        static Transaction Told(JsonNode answer) => Transaction.FromCbor(Convert.FromHexString((string)answer["cbor"]!));
    }

    [Theory]
    [InlineData("status:429:30", 429, "30")]
    [InlineData("status:402", 402, null)]
    [InlineData("status:403", 403, null)]
    [InlineData("status:503:1", 503, "1")]
    public async Task Every_call_is_answered_with_a_status(string spec, int status, string? retryAfter)
    {
        Show(spec);
        foreach (var path in new[] { "blocks/latest", "health", $"addresses/{Wallet.Alice.Address}/utxos", "genesis" })
        {
            using var response = await SendAsync(Key, new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)));
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status, (int)body["status_code"]!);
            Assert.Equal(retryAfter, response.Headers.RetryAfter?.ToString());
        }

        Assert.Equal(status, (await SubmitAsync(Key, Payment())).Status);
        Assert.Empty(Chain.Mempool);
        Assert.Equal(200, (await AskAsync(null, "health")).Status);
    }

    [Fact]
    public async Task A_call_hangs_until_its_caller_gives_up()
    {
        Show("hang");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SendAsync(Key, new HttpRequestMessage(HttpMethod.Get, new Uri("health", UriKind.Relative)), patience.Token)
        );

        Assert.Equal(200, (await AskAsync(null, "health")).Status);
    }

    [Fact]
    public async Task A_share_of_calls_is_drawn_from_a_seed()
    {
        Chain.Mine();
        var first = await DrawnAsync(7);
        var again = await DrawnAsync(7);
        var other = await DrawnAsync(8);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(late => late), 20, 60);

        async Task<bool[]> DrawnAsync(long seed)
        {
            Server.Views.Seed = seed;
            Show("behind:1@20%");
            var drawn = new bool[200];
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = await HeightAsync(Key) == 0;
            }

            return drawn;
        }
    }

    [Fact]
    public async Task Several_specs_apply_together()
    {
        Paid();
        Server.Views.Set(Key, "list-behind:1", "tip-height:+5", "txs-behind:1@100%");

        Assert.Equal(6, await HeightAsync(Key));
        Assert.Equal(404, (await AskAsync(Key, $"addresses/{Wallet.Bob.Address}/transactions")).Status);
        Assert.Equal(404, (await AskAsync(Key, $"txs/{Chain.Tip.Transactions[0].Id}")).Status);
    }
}
