using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Http;

namespace Masumi.Devnet.Tests;

/// <summary>The HTTP API over a real loopback server.</summary>
public sealed class DevnetServerTests : IAsyncLifetime
{
    private static readonly Lovelace Hundred = Lovelace.FromAda(100);

    private readonly HttpClient _http = new();
    private DevnetServer _server = null!;

    private DevnetChain Chain => _server.Chain;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync(BlockProduction.PerTransaction);
        _http.BaseAddress = new Uri(_server.BaseUrl, "api/v0/");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task It_is_healthy_and_tells_the_network()
    {
        Assert.True((bool)(await GetAsync("health"))["is_healthy"]!);
        var genesis = await GetAsync("genesis");
        Assert.Equal(42, (int)genesis["network_magic"]!);
        Assert.Equal("45000000000000000", (string)genesis["max_lovelace_supply"]!);
        Assert.Equal(Chain.Slots.ZeroTime.ToUnixTimeSeconds(), (long)genesis["system_start"]!);
    }

    [Fact]
    public async Task Parameters_read_back_as_the_chains_own()
    {
        var text = await _http.GetByteArrayAsync(new Uri("epochs/latest/parameters", UriKind.Relative));

        var read = BlockfrostParameters.Read(text);

        var own = Chain.Parameters;
        Assert.Equal(own with { CostModels = read.CostModels }, read);
        Assert.All(own.CostModels, m => Assert.Equal(m.Value, read.CostModels[m.Key]));
    }

    [Fact]
    public async Task A_payment_is_submitted_and_found_in_its_block()
    {
        var payment = Wallet.Alice.Pay(await FundAsync(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10));

        var (status, answer) = await SubmitAsync(payment.Bytes.ToArray());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($"{payment.Id}", (string)answer!);
        var tip = await GetAsync("blocks/latest");
        Assert.Equal(2, (int)tip["height"]!);
        Assert.Equal(0, (int)tip["confirmations"]!);
        Assert.Equal($"{payment.Id}", (string)(await GetAsync($"blocks/{tip["hash"]}/txs"))[0]!);
        var transaction = await GetAsync($"txs/{payment.Id}");
        Assert.Equal((string)tip["hash"]!, (string)transaction["block"]!);
        Assert.Equal("300000", (string)transaction["fees"]!);
        Assert.True((bool)transaction["valid_contract"]!);
        Assert.Equal(Convert.ToHexStringLower(payment.Bytes.Span), (string)(await GetAsync($"txs/{payment.Id}/cbor"))["cbor"]!);
        var utxo = Assert.Single((await GetAsync($"addresses/{Wallet.Bob.Address}/utxos")).AsArray())!;
        Assert.Equal($"{payment.Id}", (string)utxo["tx_hash"]!);
        Assert.Equal("lovelace", (string)utxo["amount"]![0]!["unit"]!);
        Assert.Equal("10000000", (string)utxo["amount"]![0]!["quantity"]!);
        Assert.Null(utxo["inline_datum"]);
    }

    [Fact]
    public async Task The_inputs_and_outputs_of_a_transaction_show_who_spent_them()
    {
        var funded = await FundAsync(Wallet.Alice);
        var payment = Wallet.Alice.Pay(funded, Wallet.Bob.Address, Lovelace.FromAda(10));
        await SubmitAsync(payment.Bytes.ToArray());

        var utxos = await GetAsync($"txs/{payment.Id}/utxos");
        var before = await GetAsync($"txs/{funded.Input.TxId}/utxos");

        Assert.Equal($"{funded.Input.TxId}", (string)utxos["inputs"]![0]!["tx_hash"]!);
        Assert.Equal($"{Wallet.Alice.Address}", (string)utxos["inputs"]![0]!["address"]!);
        Assert.Equal(2, utxos["outputs"]!.AsArray().Count);
        Assert.Null(utxos["outputs"]![0]!["consumed_by_tx"]);
        Assert.Equal($"{payment.Id}", (string)before["outputs"]![0]!["consumed_by_tx"]!);
    }

    [Fact]
    public async Task Hex_is_accepted_as_well_as_bytes()
    {
        var payment = Wallet.Alice.Pay(await FundAsync(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10));

        var (status, _) = await SubmitAsync(Encoding.ASCII.GetBytes(Convert.ToHexString(payment.Bytes.Span)));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_second_submission_says_that_the_inputs_are_spent()
    {
        var payment = Wallet.Alice.Pay(await FundAsync(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10));
        await SubmitAsync(payment.Bytes.ToArray());

        var (status, answer) = await SubmitAsync(payment.Bytes.ToArray());

        AssertError(status, answer, HttpStatusCode.BadRequest, "Bad Request");
        Assert.Contains("All inputs are spent. Transaction has probably already been included", (string)answer!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_every_broken_rule_with_both_values()
    {
        var funded = await FundAsync(Wallet.Alice);
        var payment = Wallet.Alice.Pay(funded, Wallet.Bob.Address, Lovelace.FromAda(10), b => b with { Fee = new Lovelace(1) });

        var (status, answer) = await SubmitAsync(payment.Bytes.ToArray());

        AssertError(status, answer, HttpStatusCode.BadRequest, "Bad Request");
        var errors = JsonNode.Parse((string)answer!["message"]!)!["contents"]!["contents"]!["contents"]!["error"]!.AsArray().Select(e => (string)e!).ToArray();
        Assert.Equal(2, errors.Length);
        Assert.Contains("FeeTooSmallUTxO (Mismatch {mismatchSupplied = Coin 1,", errors[0], StringComparison.Ordinal);
        Assert.Contains("ValueNotConservedUTxO", errors[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff")]
    [InlineData("84a0a0f5f6")]
    [InlineData("nonsense")]
    public async Task Bytes_that_are_no_transaction_are_a_bad_request(string text)
    {
        var (status, answer) = await SubmitAsync(Encoding.ASCII.GetBytes(text));

        AssertError(status, answer, HttpStatusCode.BadRequest, "Bad Request");
        Assert.Contains("DecoderError", (string)answer!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_turned_away()
    {
        var (status, answer) = await SubmitAsync(new byte[300_000]);

        AssertError(status, answer, HttpStatusCode.RequestEntityTooLarge, "Payload Too Large");
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri("tx/submit", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task An_address_never_seen_is_unknown_and_an_emptied_one_has_no_outputs()
    {
        await NotFoundAsync($"addresses/{Wallet.Alice.Address}");
        await NotFoundAsync($"addresses/{Wallet.Alice.Address}/utxos");
        await NotFoundAsync($"addresses/{Wallet.Alice.Address}/transactions");
        var funded = await FundAsync(Wallet.Alice);
        var everything = Wallet.Alice.Pay(funded, Wallet.Bob.Address, Hundred - new Lovelace(300_000), b => b with { Outputs = [b.Outputs[0]] });
        await SubmitAsync(everything.Bytes.ToArray());

        Assert.Empty((await GetAsync($"addresses/{Wallet.Alice.Address}/utxos")).AsArray());
        Assert.Equal(2, (await GetAsync($"addresses/{Wallet.Alice.Address}/transactions")).AsArray().Count);
    }

    [Theory]
    [InlineData("addresses/nonsense/utxos")]
    [InlineData("addresses/addr1vpu5vlrf4xkxv2qpwngf6cjhtw542ayty80v8dyr49rf5eg0yu80w")]
    [InlineData("blocks/nonsense")]
    [InlineData("assets/00")]
    [InlineData("nonsense")]
    [InlineData("tx/submit")]
    [InlineData("mempool?count=0")]
    [InlineData("mempool?count=101")]
    [InlineData("mempool?page=0")]
    [InlineData("mempool?page=x")]
    [InlineData("mempool?order=up")]
    public async Task Malformed_questions_are_bad_requests(string path)
    {
        var (status, answer) = await SendAsync(path);

        AssertError(status, answer, HttpStatusCode.BadRequest, "Bad Request");
    }

    [Theory]
    [InlineData("blocks/12345")]
    [InlineData("blocks/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("txs/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("assets/00000000000000000000000000000000000000000000000000000000")]
    [InlineData("assets/policy/00000000000000000000000000000000000000000000000000000000")]
    [InlineData("scripts/00000000000000000000000000000000000000000000000000000000")]
    [InlineData("scripts/datum/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("mempool/0000000000000000000000000000000000000000000000000000000000000000")]
    public Task What_is_not_there_is_not_found(string path) => NotFoundAsync(path);

    [Fact]
    public async Task Lists_come_in_pages_oldest_first_unless_asked_otherwise()
    {
        for (var i = 0; i < 5; i++)
        {
            await FundAsync(Wallet.Alice);
        }

        var path = $"addresses/{Wallet.Alice.Address}/transactions";
        Assert.Equal("1, 2, 3, 4, 5", await HeightsAsync(path));
        Assert.Equal("1, 2", await HeightsAsync($"{path}?count=2"));
        Assert.Equal("5", await HeightsAsync($"{path}?count=2&page=3"));
        Assert.Equal("", await HeightsAsync($"{path}?count=2&page=4"));
        Assert.Equal("5, 4", await HeightsAsync($"{path}?count=2&order=desc"));
        Assert.Equal("2, 3, 4", await HeightsAsync($"{path}?from=2&to=4"));
        Assert.Equal("4, 3", await HeightsAsync($"{path}?from=3:0&to=4:0&order=desc"));
        Assert.Equal("3, 4, 5", await HeightsAsync($"{path}?from=2:1"));

        async Task<string> HeightsAsync(string from) => string.Join(", ", (await GetAsync(from)).AsArray().Select(t => (int)t!["block_height"]!));
    }

    [Theory]
    [InlineData("""{"address":"ADDRESS","amounts":["5ada","2.5 tUSDM","0.5 tusdm"]}""", 5_000_000)]
    [InlineData("""{"address":"ADDRESS","lovelace":5000000,"assets":[{"unit":"TUSDM","quantity":"3000000"}]}""", 5_000_000)]
    [InlineData("""{"address":"ADDRESS","amounts":["3 tusdm"]}""", 1_185_250)]
    [InlineData("""{"address":"ADDRESS","assets":[{"unit":"TUSDM","quantity":3000000}]}""", 1_185_250)]
    public async Task The_faucet_gives_tusdm_as_it_is_typed(string body, long lovelace)
    {
        var typed = body.Replace("ADDRESS", $"{Wallet.Alice.Address}", StringComparison.Ordinal)
            .Replace("TUSDM\"", $"{DevnetTokens.TUsdm}\"", StringComparison.Ordinal);
        var (status, paid) = await PostAsync("devnet/fund", typed);

        Assert.True(status == HttpStatusCode.OK, $"{paid}");
        var amount = Assert.Single((await GetAsync($"addresses/{Wallet.Alice.Address}/utxos")).AsArray())!["amount"]!;
        Assert.Equal($$"""[{"unit":"lovelace","quantity":"{{lovelace}}"},{"unit":"{{DevnetTokens.TUsdm}}","quantity":"3000000"}]""", amount.ToJsonString());
    }

    [Fact]
    public async Task Known_tokens_have_symbol_and_decimals_as_from_the_token_registry()
    {
        await PostAsync("devnet/fund", $$"""{"address":"{{Wallet.Alice.Address}}","amounts":["5 tusdm"]}""");

        var asset = await GetAsync($"assets/{DevnetTokens.TUsdm}");
        Assert.Equal(("tUSDM", "tUSDM", 6), ((string)asset["metadata"]!["name"]!, (string)asset["metadata"]!["ticker"]!, (int)asset["metadata"]!["decimals"]!));
        Assert.Equal("10000000000000000", (string)asset["quantity"]!);
        Assert.Equal(6, (int)(await GetAsync($"addresses/{Wallet.Alice.Address}/extended"))["amount"]![1]!["decimals"]!);
        Assert.Equal($$"""[{"unit":"{{DevnetTokens.TUsdm}}","symbol":"tUSDM","decimals":6}]""", (await GetAsync("devnet"))["tokens"]!.ToJsonString());
    }

    [Fact]
    public async Task An_asset_tells_its_holders_and_history()
    {
        var unit = $"{Chain.FaucetPolicy}757364";
        var (_, paid) = await PostAsync(
            "devnet/fund",
            $$"""{"address":"{{Wallet.Alice.Address}}","lovelace":"2000000","assets":[{"unit":"{{unit}}","quantity":"5"}]}"""
        );

        var asset = await GetAsync($"assets/{unit}");
        Assert.Equal("5", (string)asset["quantity"]!);
        Assert.Equal((string)paid!["tx_hash"]!, (string)asset["initial_mint_tx_hash"]!);
        Assert.StartsWith("asset1", (string)asset["fingerprint"]!, StringComparison.Ordinal);
        Assert.Equal($"{Wallet.Alice.Address}", (string)(await GetAsync($"assets/{unit}/addresses"))[0]!["address"]!);
        Assert.Equal("minted", (string)(await GetAsync($"assets/{unit}/history"))[0]!["action"]!);
        Assert.Equal((string)paid["tx_hash"]!, (string)(await GetAsync($"assets/{unit}/transactions"))[0]!["tx_hash"]!);
        Assert.Equal(unit, (string)(await GetAsync($"assets/policy/{Chain.FaucetPolicy}"))[0]!["asset"]!);
        Assert.Single((await GetAsync($"addresses/{Wallet.Alice.Address}/utxos/{unit}")).AsArray());
        var script = await GetAsync($"scripts/{Chain.FaucetPolicy}/json");
        Assert.Equal("sig", (string)script["json"]!["type"]!);
    }

    [Fact]
    public async Task Metadata_and_datums_are_shown_in_json_and_in_cbor()
    {
        var datum = Datum.Of(PlutusData.C(1, PlutusData.I(7), PlutusData.B(new byte[] { 0xab })));
        var funded = await FundAsync(Wallet.Alice);
        var payment = Wallet.Alice.Pay(
            funded,
            Wallet.Bob.Address,
            Lovelace.FromAda(10),
            b => b with { Outputs = [b.Outputs[0] with { Datum = new TxDatum.Inline(datum) }, b.Outputs[1]] }
        );
        Assert.Equal(HttpStatusCode.OK, (await SubmitAsync(payment.Bytes.ToArray())).Status);

        var utxo = (await GetAsync($"addresses/{Wallet.Bob.Address}/utxos"))[0]!;
        Assert.Equal(Convert.ToHexStringLower(datum.Bytes.Span), (string)utxo["inline_datum"]!);
        Assert.Equal($"{datum.Hash}", (string)utxo["data_hash"]!);
        var json = await GetAsync($"scripts/datum/{datum.Hash}");
        Assert.Equal("""{"constructor":1,"fields":[{"int":7},{"bytes":"ab"}]}""", json["json_value"]!.ToJsonString());
        Assert.Equal(Convert.ToHexStringLower(datum.Bytes.Span), (string)(await GetAsync($"scripts/datum/{datum.Hash}/cbor"))["cbor"]!);
        Assert.Empty((await GetAsync($"txs/{payment.Id}/metadata")).AsArray());
    }

    [Fact]
    public async Task A_waiting_transaction_is_in_the_mempool_and_not_yet_on_chain()
    {
        await using var server = await StartAsync(BlockProduction.OnDemand);
        using var http = new HttpClient { BaseAddress = server.BaseUrl };
        var paid = Assert.IsType<DevnetFunding.Paid>(server.Chain.Fund(Wallet.Alice.Address, Value.Of(Hundred)));

        var waiting = JsonNode.Parse(await http.GetStringAsync(new Uri($"mempool/{paid.Output.TxId}", UriKind.Relative)))!;
        Assert.Equal($"{paid.Output.TxId}", (string)waiting["tx"]!["hash"]!);
        Assert.Equal($"{server.Chain.FaucetAddress}", (string)waiting["inputs"]![0]!["address"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri($"txs/{paid.Output.TxId}", UriKind.Relative))).StatusCode);
        server.Chain.Mine();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri($"txs/{paid.Output.TxId}", UriKind.Relative))).StatusCode);
        Assert.Equal("[]", await http.GetStringAsync(new Uri("mempool", UriKind.Relative)));
    }

    [Fact]
    public async Task Time_can_be_moved_and_the_tip_shows_it()
    {
        var before = (long)(await GetAsync("blocks/latest"))["time"]!;

        var (status, clock) = await PostAsync("devnet/advance", """{"seconds": 2592000}""");

        Assert.Equal(HttpStatusCode.OK, status);
        var tip = await GetAsync("blocks/latest");
        Assert.True((long)tip["time"]! >= before + 2_592_000);
        Assert.Equal(1, (int)tip["height"]!);
        Assert.True((long)clock!["slot"]! >= 2_592_000);
        Assert.Equal(6, (int)(await GetAsync("epochs/latest"))["epoch"]!);
        Assert.True((long)(await GetAsync("devnet/clock"))["slot"]! >= (long)tip["slot"]!);
    }

    [Fact]
    public async Task Blocks_can_be_mined_and_rolled_back()
    {
        await FundAsync(Wallet.Alice);
        var (_, mined) = await PostAsync("devnet/mine", """{"blocks": 3}""");
        Assert.Equal(4, (int)mined!["height"]!);

        var (status, back) = await PostAsync("devnet/rollback", """{"blocks": 4}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(0, (int)back!["height"]!);
        await NotFoundAsync($"addresses/{Wallet.Alice.Address}/utxos");
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("devnet/rollback", """{"blocks": 1}""")).Status);
    }

    [Theory]
    [InlineData("devnet/fund", "")]
    [InlineData("devnet/fund", "[]")]
    [InlineData("devnet/fund", """{"address":"x","lovelace":1}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","lovelace":-1}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","lovelace":1}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","lovelace":"99999999999999999999"}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","lovelace":2000000,"assets":[{"unit":"zz","quantity":1}]}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","lovelace":2000000,"assets":{}}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS"}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","assets":[]}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","amounts":[]}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","amounts":"5 ada"}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","amounts":[5]}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","amounts":["5 usdm"]}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","amounts":["20000000000 tusdm"]}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","amounts":["9000000000000 ada", "9000000000000 ada"]}""")]
    [InlineData("devnet/fund", """{"address":"ADDRESS","amounts":["5 ada"],"lovelace":5000000}""")]
    [InlineData(
        "devnet/fund",
        """{"address":"ADDRESS","lovelace":2000000,"assets":[{"unit":"POLICY","quantity":9223372036854775807},{"unit":"POLICY","quantity":1}]}"""
    )]
    [InlineData("devnet/mine", """{"blocks":-1}""")]
    [InlineData("devnet/mine", """{"blocks":1000000}""")]
    [InlineData("devnet/advance", "{}")]
    [InlineData("devnet/advance", """{"seconds":1.5}""")]
    [InlineData("devnet/rollback", "nonsense")]
    public async Task Malformed_wishes_are_bad_requests(string path, string body)
    {
        var (status, answer) = await PostAsync(
            path,
            body.Replace("ADDRESS", $"{Wallet.Alice.Address}", StringComparison.Ordinal).Replace("POLICY", $"{Chain.FaucetPolicy}", StringComparison.Ordinal)
        );

        AssertError(status, answer, HttpStatusCode.BadRequest, "Bad Request");
        Assert.Equal(0, Chain.Tip.Height);
    }

    [Fact]
    public async Task Two_servers_run_side_by_side_and_stop_cleanly()
    {
        var other = await StartAsync(BlockProduction.OnDemand);
        var url = other.BaseUrl;
        Assert.NotEqual(_server.BaseUrl, url);

        await other.DisposeAsync();

        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(url, "health")));
        await GetAsync("health");
    }

    private static Task<DevnetServer> StartAsync(BlockProduction production) => DevnetServer.StartAsync(new DevnetOptions { Production = production });

    private async Task<Utxo> FundAsync(Wallet wallet)
    {
        var (status, answer) = await PostAsync("devnet/fund", $$"""{"address":"{{wallet.Address}}","lovelace":{{Hundred}}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var input = new TxInput(TransactionId.Parse((string)answer!["tx_hash"]!), (int)answer["output_index"]!);
        return new Utxo(input, Chain.State.Find(input)!);
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        var (status, answer) = await SendAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {answer}");
        return answer!;
    }

    private async Task NotFoundAsync(string path)
    {
        var (status, answer) = await SendAsync(path);
        AssertError(status, answer, HttpStatusCode.NotFound, "Not Found");
        Assert.Equal("The requested component has not been found.", (string)answer!["message"]!);
    }

    private async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(string path) =>
        await ReadAsync(await _http.GetAsync(new Uri(path, UriKind.Relative)));

    private async Task<(HttpStatusCode Status, JsonNode? Answer)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await ReadAsync(await _http.PostAsync(new Uri(path, UriKind.Relative), content));
    }

    private async Task<(HttpStatusCode Status, JsonNode? Answer)> SubmitAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        return await ReadAsync(await _http.PostAsync(new Uri("tx/submit", UriKind.Relative), content));
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Answer)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
        }
    }

    private static void AssertError(HttpStatusCode status, JsonNode? answer, HttpStatusCode expected, string error)
    {
        Assert.Equal(expected, status);
        Assert.Equal((int)expected, (int)answer!["status_code"]!);
        Assert.Equal(error, (string)answer["error"]!);
        Assert.NotEmpty((string)answer["message"]!);
    }
}
