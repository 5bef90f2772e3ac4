using System.Text.Json.Nodes;
using Masumi.Cardano.Parameters;

namespace Masumi.Devnet.Tests;

/// <summary>The verbs that change what is shown and what holds: views, parameters, failing transactions, forks.</summary>
public sealed class DevnetRulesTests : KeyedDevnet
{
    [Fact]
    public async Task Views_are_set_told_and_cleared_while_running()
    {
        Chain.Mine();
        var set = await ControlAsync("view", """{"key":"liar","spec":"behind:1"}""");
        Assert.Equal(("liar", "behind:1"), ((string)set["key"]!, (string)set["specs"]![0]!));
        Assert.Equal(0, await HeightAsync(Key));
        Assert.Equal("""{"seed":1,"views":{"liar":["behind:1"]}}""", (await AskAsync(Key, "../../devnet/views")).Body.ToJsonString());

        await ControlAsync("view", """{"key":"liar","specs":["tip-height:+1","half-lists@50%"]}""");
        Assert.Equal(2, await HeightAsync(Key));
        await ControlAsync("view", """{"key":"liar","clear":true}""");
        Assert.Equal(1, await HeightAsync(Key));
    }

    [Theory]
    [InlineData("""{"key":"liar","spec":"lie"}""", "'lie' is no word of a view; allowed are list-behind:N, utxo-behind:N")]
    [InlineData("""{"key":"liar","spec":""}""", "allowed are")]
    [InlineData("""{"key":"liar","spec":"behind:0"}""", "from 1 to 1000")]
    [InlineData("""{"key":"liar","spec":"behind"}""", "from 1 to 1000")]
    [InlineData("""{"key":"liar","spec":"hang:1"}""", "allowed are")]
    [InlineData("""{"key":"liar","spec":"hide:ab"}""", "a transaction id is needed")]
    [InlineData("""{"key":"liar","spec":"status:200"}""", "from 400 to 599")]
    [InlineData("""{"key":"liar","spec":"delay-submit:1:maybe"}""", "accepted or refused")]
    [InlineData("""{"key":"liar","spec":"parameters:min_fee=1"}""", "allowed are protocol_major_ver, min_fee_a")]
    [InlineData("""{"key":"liar","spec":"parameters:min_fee_a=x"}""", "no non-negative integer")]
    [InlineData("""{"key":"liar","spec":"hang@0%"}""", "@1% to @100%")]
    [InlineData("""{"key":"liar","spec":"hang@20"}""", "@1% to @100%")]
    [InlineData("""{"key":"liar","spec":"behind:1,behind:2"}""", "there twice")]
    [InlineData("""{"key":"liar","spec":"swallow-submit,lose-answer"}""", "one of them")]
    [InlineData("""{"key":"liar"}""", "Either spec, specs or clear")]
    [InlineData("""{"key":"liar","spec":"hang","clear":true}""", "Either spec, specs or clear")]
    [InlineData("""{"key":"","spec":"hang"}""", "printable")]
    [InlineData("""{"spec":"hang"}""", "key")]
    [InlineData("""{"key":"liar","specs":"hang"}""", "a list of texts")]
    [InlineData("""{"key":"liar","specs":[1]}""", "a list of texts")]
    [InlineData("""{"key":"liar","view":"hang"}""", "Known here")]
    public async Task What_is_no_view_is_refused_with_what_is_allowed(string body, string part)
    {
        var (status, answer) = await TryControlAsync("view", body);
        var message = (string)answer["message"]!;

        Assert.Equal(400, status);
        Assert.Contains(part, message);
        Assert.DoesNotContain('\n', message);
        Assert.Empty(Server.Views.All);
    }

    [Fact]
    public async Task Parameters_change_for_everybody_and_at_an_epoch()
    {
        var payment = Payment();
        Assert.Equal(200, (await SubmitAsync(null, payment)).Status);

        var changed = await ControlAsync("parameters", """{"set":{"min_fee_b":"400000","price_mem":0.06}}""");

        Assert.Equal([$"{payment.Id}"], changed["dropped"]!.AsArray().Select(d => (string)d!));
        Assert.Equal(400_000, (long)(await AskAsync(null, "epochs/latest/parameters")).Body["min_fee_b"]!);
        Assert.Equal(0.06m, (decimal)(await AskAsync(null, "epochs/latest/parameters")).Body["price_mem"]!);
        Assert.Contains("FeeTooSmallUTxO", (string)(await SubmitAsync(null, payment)).Body["message"]!);

        var later = await ControlAsync("parameters", """{"set":{"min_fee_b":155381},"at_epoch":1}""");
        Assert.Equal([0L, 1], later["changes"]!.AsArray().Select(c => (long)c!["epoch"]!));
        Assert.Equal(400_000, (long)(await AskAsync(null, "epochs/latest/parameters")).Body["min_fee_b"]!);
        Chain.Advance(TimeSpan.FromDays(5));
        Assert.Equal(155_381, (long)(await AskAsync(null, "epochs/latest/parameters")).Body["min_fee_b"]!);
        Assert.Equal(400_000, (long)(await AskAsync(null, "epochs/0/parameters")).Body["min_fee_b"]!);
        Assert.Equal(200, (await SubmitAsync(null, payment)).Status);
    }

    [Fact]
    public async Task Evaluation_follows_the_parameters()
    {
        var spend = ScriptSpend.Of(Chain, ScriptSpend.Accepts);
        Chain.Mine();
        Assert.NotNull((await EvaluateAsync())["result"]!["EvaluationResult"]);

        await ControlAsync("parameters", """{"set":{"max_tx_ex_mem":"1"}}""");

        Assert.NotNull((await EvaluateAsync())["result"]!["EvaluationFailure"]);

        async Task<JsonNode> EvaluateAsync() => (await PostAsync(null, "utils/txs/evaluate", spend)).Body;
    }

    [Theory]
    [InlineData("{}", "set")]
    [InlineData("""{"set":{}}""", "set")]
    [InlineData("""{"set":{"min_fee":1}}""", "allowed are")]
    [InlineData("""{"set":{"key_deposit":1}}""", "allowed are")]
    [InlineData("""{"set":{"min_fee_b":-1}}""", "no non-negative integer")]
    [InlineData("""{"set":{"min_fee_b":[1]}}""", "a number")]
    [InlineData("""{"set":{"min_fee_b":1},"at_epoch":0}""", "has begun")]
    [InlineData("""{"set":{"max_tx_size":1000000}}""", "fit no block")]
    public async Task Parameters_that_cannot_be_are_refused(string body, string part)
    {
        var (status, answer) = await TryControlAsync("parameters", body);

        Assert.Equal(400, status);
        Assert.Contains(part, (string)answer["message"]!);
        Assert.Same(ProtocolParameters.Mainnet, Chain.Parameters);
    }

    [Fact]
    public async Task A_transaction_is_made_to_fail_in_its_block()
    {
        var spend = ScriptSpend.Of(Chain, ScriptSpend.Accepts);
        Chain.Mine();
        Assert.Equal(200, (await SubmitAsync(null, spend)).Status);

        await ControlAsync("fail", $$"""{"tx":"{{spend.Id}}"}""");
        Chain.Mine();

        var told = (await AskAsync(null, $"txs/{spend.Id}")).Body;
        Assert.False((bool)told["valid_contract"]!);
        Assert.Equal("3000000", (string)told["fees"]!);
        Assert.True((bool)(await AskAsync(null, $"txs/{spend.Id}/utxos")).Body["outputs"]![0]!["collateral"]!);
        Assert.Equal("next", (string)(await ControlAsync("fail", """{"next":true}"""))["failing"]!);
        foreach (var body in new[] { "{}", """{"tx":"ab"}""", $$"""{"tx":"{{spend.Id}}"}""", $$"""{"tx":"{{spend.Id}}","next":true}""" })
        {
            Assert.Equal(400, (await TryControlAsync("fail", body)).Status);
        }
    }

    [Fact]
    public async Task Blocks_are_replaced_in_one_step()
    {
        Chain.Mine(2);
        var left = Chain.Tip.Hash;

        var tip = await ControlAsync("rollback", """{"blocks":1,"make":2}""");

        Assert.Equal(3, (int)tip["height"]!);
        Assert.Equal(404, (await AskAsync(null, $"blocks/{left}")).Status);
    }
}
