using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Http;

namespace Masumi.Devnet.Tests;

/// <summary>The verbs below /devnet, over a real loopback server.</summary>
public sealed class DevnetControlTests : IAsyncLifetime
{
    private static readonly Lovelace Hundred = Lovelace.FromAda(100);

    private readonly HttpClient _http = new();
    private DevnetServer _server = null!;

    private DevnetChain Chain => _server.Chain;

    public async ValueTask InitializeAsync()
    {
        var options = new DevnetOptions
        {
            Production = BlockProduction.OnDemand,
            Accounts = [new GenesisAccount(Wallet.Alice.Address, Value.Of(Hundred))],
            Wallets = DevnetAccounts.Derive("test", 2, Value.Of(Hundred)),
        };
        _server = await DevnetServer.StartAsync(options);
        _http.BaseAddress = _server.BaseUrl;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task It_tells_its_state_and_its_accounts()
    {
        var info = await GetAsync("devnet");
        var accounts = (await GetAsync("devnet/accounts")).AsArray();

        Assert.Equal("on-demand", (string)info["production"]!);
        Assert.False((bool)info["paused"]!);
        Assert.Equal(2, accounts.Count);
        Assert.All(accounts, a => Assert.Equal(("100000000", "[]"), ((string)a!["lovelace"]!, a["assets"]!.ToJsonString())));
        Assert.All(accounts, a => Assert.Equal((string)a!["address"]!, $"{WalletKeys.FromMnemonic((string)a["mnemonic"]!).BaseAddress(NetworkId.Testnet)}"));
    }

    [Fact]
    public async Task It_is_paused_and_resumed()
    {
        Assert.True((bool)(await DoneAsync("pause", ""))["paused"]!);
        var time = (string)(await GetAsync("devnet/clock"))["time"]!;
        Assert.Equal(time, (string)(await GetAsync("devnet/clock"))["time"]!);
        Assert.False((bool)(await DoneAsync("resume", "{}"))["paused"]!);
    }

    [Theory]
    [InlineData("""{"time":"2100-01-01T00:00:00Z"}""")]
    [InlineData("""{"time":"2100-01-01T02:00:00+02:00"}""")]
    [InlineData("""{"time":4102444800000}""")]
    [InlineData("""{"time":"4102444800000"}""")]
    public async Task Time_is_set(string body)
    {
        var clock = await DoneAsync("set-time", body);

        Assert.InRange((long)clock["posix_ms"]!, 4_102_444_800_000, 4_102_444_800_000 + 60_000);
        Assert.Equal(1, Chain.Tip.Height);
    }

    [Fact]
    public async Task Time_is_set_to_a_slot()
    {
        await DoneAsync("set-time", """{"slot":1000000}""");

        Assert.InRange(Chain.Tip.Slot.Number, 1_000_000, 1_000_060);
    }

    [Fact]
    public async Task The_chain_goes_back_to_a_snapshot()
    {
        var name = (string)(await DoneAsync("snapshot", ""))["name"]!;
        await DoneAsync("snapshot", """{"name":"mine"}""");
        await DoneAsync("mine", """{"blocks":3}""");

        var tip = await DoneAsync("revert", $$"""{"name":"{{name}}"}""");

        Assert.Equal(0, (int)tip["height"]!);
        Assert.Equal([name, "mine"], (await GetAsync("devnet/snapshots")).AsArray().Select(n => (string)n!));
    }

    [Theory]
    [InlineData("""{"blocks":1}""", 1)]
    [InlineData("""{"blocks":1,"drop":false}""", 1)]
    [InlineData("""{"blocks":1,"drop":true}""", 0)]
    public async Task Blocks_are_undone_and_their_transactions_wait_or_are_dropped(string body, int waiting)
    {
        Chain.Submit(Payment());
        Chain.Mine();

        var tip = await DoneAsync("rollback", body);

        Assert.Equal(0, (int)tip["height"]!);
        Assert.Equal(waiting, (int)tip["mempool"]!);
        Assert.Equal(waiting, Chain.Mempool.Length);
    }

    [Fact]
    public async Task A_waiting_transaction_is_dropped()
    {
        var payment = Payment();
        Chain.Submit(payment);

        var answer = await DoneAsync("drop", $$"""{"tx":"{{payment.Id}}"}""");

        Assert.Equal([$"{payment.Id}"], answer["dropped"]!.AsArray().Select(d => (string)d!));
        Assert.Empty(Chain.Mempool);
    }

    [Theory]
    [InlineData("accepted", true)]
    [InlineData("lost", false)]
    public async Task A_lost_answer_is_a_cut_connection(string mode, bool accepted)
    {
        var payment = Payment();
        await DoneAsync("fail-next-submit", $$"""{"mode":"{{mode}}"}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => SubmitAsync(payment));

        Assert.Equal(accepted, Chain.Mempool.Any(t => t.Id == payment.Id));
        using var again = await SubmitAsync(payment);
        Assert.Equal(accepted ? HttpStatusCode.BadRequest : HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_refusal_on_order_looks_like_the_ledgers()
    {
        var payment = Payment();
        await DoneAsync("fail-next-submit", """{"mode":"rejected"}""");

        using var refused = await SubmitAsync(payment);
        using var accepted = await SubmitAsync(payment);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("BadInputsUTxO", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task It_starts_over()
    {
        await DoneAsync("mine", """{"blocks":5}""");

        Assert.Equal(0, (int)(await DoneAsync("reset", ""))["height"]!);
        Assert.Equal(0, Chain.Tip.Height);
    }

    [Theory]
    [InlineData("rollback", """{"blocks":1,"drop":"yes"}""")]
    [InlineData("rollback", """{"blocks":9}""")]
    [InlineData("mine", """{"block":2}""")]
    [InlineData("mine", """{"blocks":"2\u0000"}""")]
    [InlineData("set-time", """{"time":"2100-01-01T00:00:00Z\u0000"}""")]
    [InlineData("fund", """{"address":"\ud800","amounts":["5 ada"]}""")]
    [InlineData("fund", """{"address":"addr","amounts":["5 \udfff"]}""")]
    [InlineData("fund", """{"address":"addr","assets":[{"unit":"\ud800","quantity":"1"}]}""")]
    [InlineData("fund", """{"\ud800":1}""")]
    [InlineData("snapshot", """{"name":"\ud800"}""")]
    [InlineData("revert", """{"name":"\udc00x"}""")]
    [InlineData("drop", """{"tx":"\ud800"}""")]
    [InlineData("fail-next-submit", """{"mode":"\ud800"}""")]
    [InlineData("mine", """{"blocks":1,"blocks":2}""")]
    [InlineData("advance", """{"seconds":"x"}""")]
    [InlineData("set-time", "{}")]
    [InlineData("set-time", """{"time":"tomorrow"}""")]
    [InlineData("set-time", """{"time":"2001-01-01T00:00:00Z"}""")]
    [InlineData("set-time", """{"time":"9999-01-01T00:00:00Z"}""")]
    [InlineData("set-time", """{"time":-1}""")]
    [InlineData("set-time", """{"time":99999999999999999}""")]
    [InlineData("set-time", """{"slot":0,"time":0}""")]
    [InlineData("set-time", """{"slot":-1}""")]
    [InlineData("set-time", """{"slot":9223372036854775807}""")]
    [InlineData("pause", """{"for":1}""")]
    [InlineData("snapshot", """{"name":"a b"}""")]
    [InlineData("snapshot", """{"name":1}""")]
    [InlineData("revert", "{}")]
    [InlineData("revert", """{"name":"never"}""")]
    [InlineData("drop", """{"tx":"00"}""")]
    [InlineData("drop", """{"tx":"0000000000000000000000000000000000000000000000000000000000000000"}""")]
    [InlineData("fail-next-submit", """{"mode":"maybe"}""")]
    [InlineData("fail-next-submit", "{}")]
    [InlineData("reset", "[]")]
    [InlineData("reset", "\u0000")]
    public async Task What_is_not_understood_changes_nothing(string verb, string body)
    {
        Chain.Pause();
        Chain.Submit(Payment());
        var (view, time) = (Chain.View, Chain.Clock.GetUtcNow());

        var (status, answer) = await PostAsync(verb, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty((string)answer["message"]!);
        Assert.Same(view, Chain.View);
        Assert.Equal(time, Chain.Clock.GetUtcNow());
        Assert.True(Chain.IsPaused);
        Assert.Empty(Chain.Snapshots);
    }

    private Transaction Payment()
    {
        var (input, output) = Chain.State.Utxos.Single(u => u.Value.Address == Wallet.Alice.Address);
        return Wallet.Alice.Pay(new Utxo(input, output), Wallet.Bob.Address, Lovelace.FromAda(10));
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private async Task<JsonNode> DoneAsync(string verb, string body)
    {
        var (status, answer) = await PostAsync(verb, body);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {answer}");
        return answer;
    }

    private async Task<(HttpStatusCode Status, JsonNode Answer)> PostAsync(string verb, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"devnet/{verb}", UriKind.Relative), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private async Task<HttpResponseMessage> SubmitAsync(Transaction transaction)
    {
        using var content = new ByteArrayContent(transaction.Bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        return await _http.PostAsync(new Uri("api/v0/tx/submit", UriKind.Relative), content);
    }
}
