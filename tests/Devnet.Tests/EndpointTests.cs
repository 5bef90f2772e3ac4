using System.Net;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Tests;

/// <summary>What the Blockfrost endpoints answer, path by path. Their shapes are checked against Blockfrost's own schemas in tests/Interop.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private DevnetHttp _devnet = null!;

    public async ValueTask InitializeAsync() => _devnet = await DevnetHttp.StartAsync();

    public ValueTask DisposeAsync() => _devnet.DisposeAsync();

    [Fact]
    public async Task The_root_names_the_api_and_its_version()
    {
        Assert.Equal("""{"url":"https://blockfrost.io/","version":"0.1.0"}""", await _devnet.TextAsync(""));
    }

    [Fact]
    public async Task Blocks_are_found_by_height_hash_and_slot_and_lead_to_their_neighbours()
    {
        _devnet.Chain.Mine(4);
        var third = await _devnet.GetAsync("blocks/3");

        Assert.Equal($"{_devnet.Chain.Blocks[3].Hash}", (string)third["hash"]!);
        Assert.Equal(third.ToJsonString(), await _devnet.TextAsync($"blocks/{third["hash"]}"));
        Assert.Equal(third.ToJsonString(), await _devnet.TextAsync($"blocks/slot/{third["slot"]}"));
        Assert.Equal(third.ToJsonString(), await _devnet.TextAsync($"blocks/epoch/0/slot/{third["slot"]}"));
        Assert.Equal("4", await HeightsAsync("blocks/3/next"));
        Assert.Equal("", await HeightsAsync("blocks/latest/next"));
        Assert.Equal("0,1,2", await HeightsAsync("blocks/3/previous"));
        Assert.Equal("2,3", await HeightsAsync("blocks/latest/previous?count=2"));
        Assert.Equal("0,1", await HeightsAsync("blocks/latest/previous?count=2&page=2"));
        Assert.Equal("", await HeightsAsync("blocks/latest/previous?count=2&page=3"));
        Assert.Equal(HttpStatusCode.NotFound, (await _devnet.SendAsync("blocks/slot/2000000")).Status);

        async Task<string> HeightsAsync(string path) => string.Join(",", (await _devnet.GetAsync(path)).AsArray().Select(b => (int)b!["height"]!));
    }

    [Fact]
    public async Task A_block_lists_its_transactions_in_hashes_and_bytes_and_the_addresses_they_touch()
    {
        var payment = Wallet.Alice.Pay(_devnet.Funded(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10));
        _devnet.Chain.Submit(payment);

        Assert.Equal($"""["{payment.Id}"]""", await _devnet.TextAsync("blocks/latest/txs"));
        Assert.Equal(Convert.ToHexStringLower(payment.Bytes.Span), (string)(await _devnet.GetAsync("blocks/latest/txs/cbor"))[0]!["cbor"]!);
        var addresses = (await _devnet.GetAsync("blocks/latest/addresses")).AsArray();
        Assert.Equal(new[] { $"{Wallet.Alice.Address}", $"{Wallet.Bob.Address}" }.Order(StringComparer.Ordinal), addresses.Select(a => (string)a!["address"]!));
        Assert.All(addresses, a => Assert.Equal($"{payment.Id}", (string)a!["transactions"]![0]!["tx_hash"]!));
    }

    [Fact]
    public async Task Epochs_count_their_blocks_even_when_time_jumped_over_some()
    {
        _devnet.Chain.Mine(2);
        _devnet.Chain.Advance(TimeSpan.FromDays(15));
        var payment = Wallet.Alice.Pay(_devnet.Funded(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10));
        _devnet.Chain.Submit(payment);

        var latest = await _devnet.GetAsync("epochs/latest");
        Assert.Equal(3, (int)latest["epoch"]!);
        Assert.Equal(3, (int)latest["block_count"]!);
        Assert.Equal(2, (int)latest["tx_count"]!);
        Assert.True(long.Parse((string)latest["fees"]!) > 300_000);
        Assert.Equal(latest.ToJsonString(), await _devnet.TextAsync("epochs/3"));
        Assert.Equal(3, (int)(await _devnet.GetAsync("epochs/0"))["block_count"]!);
        Assert.Equal(0, (int)(await _devnet.GetAsync("epochs/1"))["block_count"]!);
        Assert.Equal([1, 2, 3], (await _devnet.GetAsync("epochs/0/next")).AsArray().Select(e => (int)e!["epoch"]!));
        Assert.Equal([1, 2], (await _devnet.GetAsync("epochs/3/previous?count=2")).AsArray().Select(e => (int)e!["epoch"]!));
        Assert.Equal(Hashes(0, 1, 2), await _devnet.TextAsync("epochs/0/blocks"));
        Assert.Equal(Hashes(2, 1), await _devnet.TextAsync("epochs/0/blocks?order=desc&count=2"));
        Assert.Equal(2, (int)(await _devnet.GetAsync("epochs/2/parameters"))["epoch"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await _devnet.SendAsync("epochs/4")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _devnet.SendAsync("epochs/x")).Status);

        string Hashes(params int[] heights) => new JsonArray([.. heights.Select(h => JsonValue.Create($"{_devnet.Chain.Blocks[h].Hash}"))]).ToJsonString();
    }

    [Fact]
    public async Task Totals_count_everything_that_came_and_went()
    {
        var payment = Wallet.Alice.Pay(_devnet.Funded(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10));
        _devnet.Chain.Submit(payment);

        var total = await _devnet.GetAsync($"addresses/{Wallet.Alice.Address}/total");
        Assert.Equal("189700000", (string)total["received_sum"]![0]!["quantity"]!);
        Assert.Equal("100000000", (string)total["sent_sum"]![0]!["quantity"]!);
        Assert.Equal(2, (int)total["tx_count"]!);
        Assert.Equal(2, (await _devnet.GetAsync($"addresses/{Wallet.Alice.Address}/txs")).AsArray().Count);
    }

    [Fact]
    public async Task A_payment_credential_stands_for_all_addresses_with_it()
    {
        var payment = Wallet.Alice.Address.Payment!.Value;
        var enterprise = Address.Create(NetworkId.Testnet, payment);
        _devnet.Fund(Wallet.Alice.Address, 10);
        _devnet.Fund(enterprise, 5);
        var credential = Bech32.Encode("addr_vkh", payment.Hash.ToArray());

        var utxos = (await _devnet.GetAsync($"addresses/{credential}/utxos")).AsArray();

        Assert.Equal([$"{Wallet.Alice.Address}", $"{enterprise}"], utxos.Select(u => (string)u!["address"]!));
        Assert.Equal("15000000", (string)(await _devnet.GetAsync($"addresses/{credential}"))["amount"]![0]!["quantity"]!);
        Assert.Single((await _devnet.GetAsync($"addresses/{credential}/utxos/lovelace?count=1&page=2")).AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await _devnet.SendAsync($"addresses/{Bech32.Encode("script", new byte[28])}/utxos")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _devnet.SendAsync($"addresses/{Bech32.Encode("addr_vkh", new byte[27])}/utxos")).Status);
    }

    [Fact]
    public async Task An_account_adds_up_its_addresses()
    {
        var stake = Wallet.Alice.Address.Stake!.Value;
        var other = Address.Create(NetworkId.Testnet, Wallet.Bob.Address.Payment!.Value, stake);
        _devnet.Fund(Wallet.Alice.Address, 10);
        _devnet.Fund(other, 5);
        var account = Address.Reward(NetworkId.Testnet, stake);

        var info = await _devnet.GetAsync($"accounts/{account}");

        Assert.Equal("15000000", (string)info["controlled_amount"]!);
        Assert.False((bool)info["registered"]!);
        Assert.Equal(
            [$"{Wallet.Alice.Address}", $"{other}"],
            (await _devnet.GetAsync($"accounts/{account}/addresses")).AsArray().Select(a => (string)a!["address"]!)
        );
        Assert.Equal(2, (await _devnet.GetAsync($"accounts/{account}/utxos")).AsArray().Count);
        Assert.Equal(2, (await _devnet.GetAsync($"accounts/{account}/transactions")).AsArray().Count);
        Assert.Equal(2, (int)(await _devnet.GetAsync($"accounts/{account}/addresses/total"))["tx_count"]!);
        foreach (var list in new[] { "rewards", "history", "mirs", "delegations", "registrations", "withdrawals", "addresses/assets" })
        {
            Assert.Equal("[]", await _devnet.TextAsync($"accounts/{account}/{list}"));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _devnet.SendAsync($"accounts/{Address.Reward(NetworkId.Testnet, Credential.Key(default))}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _devnet.SendAsync($"accounts/{Wallet.Alice.Address}")).Status);
    }

    [Fact]
    public async Task An_assets_reference_token_holds_its_metadata()
    {
        var (user, reference) = ($"{_devnet.Chain.FaucetPolicy}000de14061", $"{_devnet.Chain.FaucetPolicy}000643b061");
        await MintAsync(user);
        var (_, minted) = await MintAsync(reference);
        Assert.Equal($$"""[{"unit":"{{reference}}","quantity":"1"}]""", await _devnet.TextAsync($"txs/{minted!["tx_hash"]}/mints"));
        var held = Utxo(minted);
        var datum = Datum.Of(
            PlutusData.C(
                0,
                PlutusData.M(
                    new(PlutusData.B("name"u8.ToArray()), PlutusData.B("Åpple"u8.ToArray())),
                    new(PlutusData.B("image"u8.ToArray()), PlutusData.B("ipfs://x"u8.ToArray()))
                ),
                PlutusData.I(2),
                PlutusData.I(7)
            )
        );
        var keep = Wallet.Alice.Pay(
            held,
            Wallet.Bob.Address,
            Lovelace.FromAda(2),
            b => b with { Outputs = [new TxOutput(Wallet.Bob.Address, held.Output.Value - Value.Of(b.Fee), new TxDatum.Inline(datum))] }
        );
        Assert.IsType<DevnetSubmission.Accepted>(_devnet.Chain.Submit(keep));

        var asset = await _devnet.GetAsync($"assets/{user}");

        Assert.Equal("CIP68v2", (string)asset["onchain_metadata_standard"]!);
        Assert.Equal("Åpple", (string)asset["onchain_metadata"]!["name"]!);
        Assert.Equal("07", (string)asset["onchain_metadata_extra"]!);
        var extended = await _devnet.GetAsync($"addresses/{Wallet.Alice.Address}/extended");
        Assert.Equal(6, (int)extended["amount"]![0]!["decimals"]!);
        Assert.True((bool)extended["amount"]![1]!["has_nft_onchain_metadata"]!);
        Assert.Equal([$"{DevnetTokens.TUsdm}", user, reference], (await _devnet.GetAsync("assets")).AsArray().Select(a => (string)a!["asset"]!));
        var utxo = (await _devnet.GetAsync($"assets/{reference}/utxos"))[0]!;
        Assert.Equal("""{"int":7}""", utxo["inline_datum_json"]!["fields"]![2]!.ToJsonString());
        Assert.Equal(2, (await _devnet.GetAsync($"assets/{reference}/txs")).AsArray().Count);
    }

    [Fact]
    public async Task Metadata_is_found_by_label()
    {
        var funded = _devnet.Funded(Wallet.Alice);
        var auxiliary = AuxiliaryData.FromMetadata(674, new Metadatum.Text("hello"));
        var body = Wallet.Alice.Pay(funded, Wallet.Bob.Address, Lovelace.FromAda(10)).Body with { AuxiliaryDataHash = auxiliary.Hash };
        var unsigned = Transaction.Create(body, WitnessSet.Empty, auxiliary);
        Assert.IsType<DevnetSubmission.Accepted>(_devnet.Chain.Submit(unsigned.WithVKeys([Wallet.Alice.Keys.Payment.Witness(unsigned.Id)])));

        Assert.Equal("674", (string)(await _devnet.GetAsync("metadata/txs/labels"))[0]!["label"]!);
        Assert.Equal($$"""[{"tx_hash":"{{unsigned.Id}}","json_metadata":"hello"}]""", await _devnet.TextAsync("metadata/txs/labels/674"));
        Assert.Equal("a11902a26568656c6c6f", (string)(await _devnet.GetAsync("metadata/txs/labels/674/cbor"))[0]!["metadata"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await _devnet.SendAsync("metadata/txs/labels/675")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _devnet.SendAsync("metadata/txs/labels/-1")).Status);
    }

    [Fact]
    public async Task The_mempool_can_be_asked_by_address()
    {
        await using var waiting = await DevnetHttp.StartAsync(BlockProduction.OnDemand);
        var output = waiting.Fund(Wallet.Alice.Address, 10);

        Assert.Equal($$"""[{"tx_hash":"{{output.TxId}}"}]""", await waiting.TextAsync($"mempool/addresses/{Wallet.Alice.Address}"));
        Assert.Equal("[]", await waiting.TextAsync($"mempool/addresses/{Wallet.Bob.Address}"));
    }

    [Fact]
    public async Task Clients_may_ask_for_the_head_alone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "health");
        using var response = await _devnet.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_refused_transaction_can_be_looked_at_with_its_failures()
    {
        var wrong = Wallet.Alice.Pay(_devnet.Funded(Wallet.Alice), Wallet.Bob.Address, Lovelace.FromAda(10), b => b with { Fee = new Lovelace(1) });
        await _devnet.PostAsync("tx/submit", wrong.Bytes);

        var refused = (await _devnet.GetAsync("devnet/refusals"))[0]!;
        var shown = await _devnet.GetAsync($"devnet/transactions/{wrong.Id}");

        Assert.Equal($"{wrong.Id}", (string)refused["tx_hash"]!);
        Assert.Equal("refused", (string)shown["state"]!);
        Assert.Contains("FeeTooSmallUTxO", shown["failures"]!.AsArray().Select(f => (string)f!["predicate"]!));
        Assert.Equal($"{Wallet.Alice.Address}", (string)shown["inputs"]![0]!["address"]!);
    }

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("page/page.css", "text/css")]
    [InlineData("page/page.js", "text/javascript")]
    [InlineData("page/views.js", "text/javascript")]
    public async Task A_browser_gets_the_page_under_a_policy_that_runs_nothing_from_elsewhere(string path, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_devnet.Server.BaseUrl, path));
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var response = await _devnet.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com", "devnet", HttpStatusCode.Forbidden, null)]
    [InlineData("null", "devnet", HttpStatusCode.Forbidden, null)]
    [InlineData("http://localhost:3000", "devnet", HttpStatusCode.OK, "http://localhost:3000")]
    [InlineData("https://example.com", "api/v0/health", HttpStatusCode.OK, "*")]
    [InlineData("https://example.com", "api/v0/devnet", HttpStatusCode.Forbidden, null)]
    [InlineData("https://example.com", "//devnet", HttpStatusCode.Forbidden, null)]
    [InlineData("https://example.com", "api//v0/DEVNET", HttpStatusCode.BadRequest, "*")]
    public async Task Other_sites_may_read_the_chain_but_not_use_the_controls(string origin, string path, HttpStatusCode expected, string? allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_devnet.Server.BaseUrl}{path}"));
        request.Headers.Add("Origin", origin);
        using var response = await _devnet.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
    }

    private Task<(HttpStatusCode Status, JsonNode? Answer)> MintAsync(string unit) =>
        _devnet.PostJsonAsync("devnet/fund", $$"""{"address":"{{Wallet.Alice.Address}}","lovelace":"3000000","assets":[{"unit":"{{unit}}","quantity":"1"}]}""");

    private Utxo Utxo(JsonNode paid)
    {
        var input = new TxInput(TransactionId.Parse((string)paid["tx_hash"]!), (int)paid["output_index"]!);
        return new Utxo(input, _devnet.Chain.State.Find(input)!);
    }
}
