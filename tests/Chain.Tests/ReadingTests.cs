using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Tests;

public sealed class ReadingTests : IAsyncLifetime
{
    private ScriptedBlockfrost _server = null!;
    private ProvidedChain _chain = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static AssetId Token { get; } = new(PolicyId.Parse(new string('c', 56)), AssetName.FromHex("cafe"));

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedBlockfrost.StartAsync();
        _chain = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _chain.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Unspent_outputs_carry_value_and_datum()
    {
        var datum = Datum.Of(new PlutusData.Integer(42));
        var id = Sample.Pay(1).Id;
        _server.Script(
            $"/addresses/{Sample.Alice}/utxos",
            Answer.Ok(
                $$"""
                [{{Unspent(
                    id,
                    0,
                    $$"""[{"unit":"lovelace","quantity":"2000000"},{"unit":"{{Token}}","quantity":"18446744073709551615"}]""",
                    $"\"{datum.Hash}\"",
                    $"\"{Convert.ToHexStringLower(datum.Bytes.Span)}\""
                )}},
                 {{Unspent(id, 1, """[{"unit":"lovelace","quantity":"1"}]""", $"\"{datum.Hash}\"", "null")}},
                 {{Unspent(id, 2, """[{"unit":"lovelace","quantity":"2"}]""", "null", "null")}}]
                """
            )
        );
        var utxos = await _chain.GetUtxosAsync(Sample.Alice, Stop);
        Assert.Equal(
            [
                new TxOutput(Sample.Alice, Value.Of(new Lovelace(2_000_000), Token, ulong.MaxValue), new TxDatum.Inline(datum)),
                new TxOutput(Sample.Alice, Value.Of(new Lovelace(1)), new TxDatum.ByHash(datum.Hash)),
                new TxOutput(Sample.Alice, Value.Of(new Lovelace(2))),
            ],
            utxos.Select(u => u.Output)
        );
        Assert.Equal(new TxInput(id, 1), utxos[1].Input);
    }

    [Fact]
    public async Task An_output_with_a_reference_script_is_read_from_its_transaction()
    {
        var script = new Script(ScriptLanguage.PlutusV3, new byte[] { 0x43, 1, 2, 3 });
        var transaction = Transaction.Create(
            new TransactionBody
            {
                Inputs = [new TxInput(Sample.Pay(1).Id, 0)],
                Outputs = [new TxOutput(Sample.Alice, Value.Of(Lovelace.FromAda(9)), null, script)],
                Fee = new Lovelace(200_000),
            },
            WitnessSet.Empty
        );
        _server.Mine(transaction);
        _server.Script(
            $"/addresses/{Sample.Alice}/utxos",
            Answer.Ok($"[{Unspent(transaction.Id, 0, """[{"unit":"lovelace","quantity":"9000000"}]""", "null", "null", $"\"{script.Hash}\"")}]")
        );
        Assert.Equal(script, Assert.Single(await _chain.GetUtxosAsync(Sample.Alice, Stop)).Output.ReferenceScript);
    }

    [Fact]
    public async Task Coins_that_all_carry_one_script_cost_one_call_for_it()
    {
        var script = new Script(ScriptLanguage.PlutusV3, new byte[] { 0x43, 1, 2, 3 });
        var output = new TxOutput(Sample.Alice, Value.Of(Lovelace.FromAda(9)), null, script);
        Transaction[] all =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(i =>
                    Transaction.Create(
                        new TransactionBody
                        {
                            Inputs = [new TxInput(Sample.Pay(i).Id, 0)],
                            Outputs = [output],
                            Fee = new Lovelace(200_000),
                        },
                        WitnessSet.Empty
                    )
                ),
        ];
        _server.Mine(all);
        _server.Instead = path =>
            path.Contains("/utxos", StringComparison.Ordinal)
                ? Answer.Ok(
                    $"[{string.Join(',', all.Select(t => Unspent(t.Id, 0, """[{"unit":"lovelace","quantity":"9000000"}]""", "null", "null", $"\"{script.Hash}\"")))}]"
                )
                : null;
        var calls = await _server.CallsDuringAsync(async () => Assert.All(await _chain.GetUtxosAsync(Sample.Alice, Stop), u => Assert.Equal(output, u.Output)));
        Assert.Equal(2, calls.Count);
        Assert.Single(await _server.CallsDuringAsync(() => _chain.GetUtxosAsync(Sample.Alice, Stop)));
    }

    [Fact]
    public async Task More_than_a_page_of_unspent_outputs_is_read_to_the_end()
    {
        for (var page = 1; page <= 3; page++)
        {
            var rows = Enumerable
                .Range(0, page == 3 ? 5 : 100)
                .Select(i => Unspent(Sample.Pay(page).Id, i, """[{"unit":"lovelace","quantity":"1"}]""", "null", "null"));
            _server.Script($"/addresses/{Sample.Alice}/utxos?count=100&page={page}", Answer.Ok($"[{string.Join(',', rows)}]"));
        }

        Assert.Equal(205, (await _chain.GetUtxosAsync(Sample.Alice, Stop)).Length);
    }

    [Fact]
    public async Task An_address_never_seen_has_no_outputs() => Assert.Empty(await _chain.GetUtxosAsync(Sample.Alice, Stop));

    [Theory]
    [InlineData("""[{"unit":"lovelace","quantity":"99999999999999999999"}]""")]
    [InlineData("""[{"unit":"abc","quantity":"1"}]""")]
    [InlineData("""[{"unit":"lovelace"}]""")]
    [InlineData("""{}""")]
    public async Task A_malformed_amount_is_nonsense(string amount)
    {
        _server.Script($"/addresses/{Sample.Alice}/utxos", Answer.Ok($"[{Unspent(Sample.Pay(1).Id, 0, amount, "null", "null")}]"));
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => _chain.GetUtxosAsync(Sample.Alice, Stop));
        Assert.Contains("nonsense", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inline_datum_that_does_not_match_its_hash_is_nonsense()
    {
        var datum = Datum.Of(new PlutusData.Integer(42));
        _server.Script(
            $"/addresses/{Sample.Alice}/utxos",
            Answer.Ok($"[{Unspent(Sample.Pay(1).Id, 0, "[]", $"\"{Sample.Pay(1).Id}\"", $"\"{Convert.ToHexStringLower(datum.Bytes.Span)}\"")}]")
        );
        await Assert.ThrowsAsync<ChainUnavailableException>(() => _chain.GetUtxosAsync(Sample.Alice, Stop));
    }

    [Fact]
    public async Task Outputs_are_resolved_with_one_call_per_transaction_and_none_the_second_time()
    {
        var transaction = Sample.Pay(1);
        _server.Mine(transaction);
        TxInput[] inputs = [new(transaction.Id, 0), new(transaction.Id, 1), new(transaction.Id, 2), new(Sample.Pay(2).Id, 0)];
        var resolved = await _chain.ResolveAsync(inputs, Stop);
        Assert.Equal(inputs[..2], resolved.Select(u => u.Input));
        Assert.Equal(transaction.Body.Outputs[0], resolved[0].Output);
        Assert.Empty(await _server.CallsDuringAsync(() => _chain.ResolveAsync(inputs[..2], Stop)));
    }

    [Fact]
    public async Task A_failed_transaction_made_only_its_collateral_return()
    {
        var transaction = Sample.Pay(1, isValid: false, collateralReturn: Lovelace.FromAda(3));
        _server.Mine(transaction);
        var resolved = await _chain.ResolveAsync([new(transaction.Id, 0), new(transaction.Id, 2)], Stop);
        Assert.Equal(new TxInput(transaction.Id, 2), Assert.Single(resolved).Input);
        Assert.Equal(transaction.Body.CollateralReturn, resolved[0].Output);
    }

    [Fact]
    public async Task Outputs_of_a_transaction_that_cannot_be_decoded_come_from_the_apis_reading()
    {
        var old = Sample.Pay(1);
        _server.Mine(old);
        var envelope = new byte[] { 0x82 }
            .Concat(old.BodyBytes.ToArray())
            .Append((byte)0xf6)
            .ToArray();
        _server.Script($"/txs/{old.Id}/cbor", Answer.Ok($$"""{"cbor":"{{Convert.ToHexStringLower(envelope)}}"}"""));
        _server.Script(
            $"/txs/{old.Id}/utxos",
            Answer.Ok(
                $$"""
                {"hash":"{{old.Id}}","inputs":[],"outputs":[
                  {"address":"{{Sample.Alice}}","amount":[{"unit":"lovelace","quantity":"3000000"}],"output_index":0,"data_hash":null,"inline_datum":null,"collateral":false,"reference_script_hash":null},
                  {"address":"{{Sample.Bob}}","amount":[{"unit":"lovelace","quantity":"1"}],"output_index":2,"data_hash":null,"inline_datum":null,"collateral":true,"reference_script_hash":null}]}
                """
            )
        );
        var resolved = await _chain.ResolveAsync([new(old.Id, 0), new(old.Id, 2)], Stop);
        Assert.Equal(old.Body.Outputs[0], Assert.Single(resolved).Output);
    }

    [Fact]
    public async Task A_transaction_is_found_by_id_and_an_unknown_one_is_not()
    {
        var transaction = Sample.Pay(1);
        _server.Mine(transaction);
        var found = await _chain.FindTransactionAsync(transaction.Id, Stop);
        Assert.Equal(transaction.Bytes.ToArray(), found!.Transaction.Bytes.ToArray());
        Assert.Equal(1, found.Block.Height);
        Assert.Null(await _chain.FindTransactionAsync(Sample.Pay(2).Id, Stop));
    }

    [Fact]
    public async Task A_rolled_back_transaction_is_not_found_although_its_bytes_are_known()
    {
        _server.Mine(Sample.Pay(1));
        Assert.NotNull(await _chain.FindTransactionAsync(Sample.Pay(1).Id, Stop));
        _server.RollBack(1);
        Assert.Null(await _chain.FindTransactionAsync(Sample.Pay(1).Id, Stop));
    }

    [Fact]
    public async Task Holders_are_listed()
    {
        _server.Script($"/assets/{Token}/addresses", Answer.Ok($$"""[{"address":"{{Sample.Bob}}","quantity":"1"}]"""));
        Assert.Equal([(Sample.Bob, 1L)], await _chain.GetHoldersAsync(Token, Stop));
        Assert.Empty(await _chain.GetHoldersAsync(Token, Stop));
    }

    [Fact]
    public async Task Metadata_comes_from_the_last_mint_even_after_a_burn()
    {
        var (first, last) = (Mint(1, "first"), Mint(2, "last"));
        _server.Mine(first, last);
        _server.Script(
            $"/assets/{Token}/history",
            Answer.Ok(
                $$"""
                [{"tx_hash":"{{Sample.Pay(3).Id}}","action":"burned","amount":"-1"},{"tx_hash":"{{last.Id}}","action":"minted","amount":"1"},
                 {"tx_hash":"{{first.Id}}","action":"minted","amount":"1"}]
                """
            )
        );
        var metadata = await _chain.GetMintMetadataAsync(Token, Stop);
        Assert.Equal(new Metadatum.Text("last"), metadata!.Metadata[721]);
        Assert.Contains(_server.Calls, c => c.EndsWith("order=desc", StringComparison.Ordinal));
        Assert.Null(await _chain.GetMintMetadataAsync(Token, Stop));
    }

    [Fact]
    public async Task A_mint_that_does_not_mint_the_asset_is_nonsense()
    {
        _server.Mine(Sample.Pay(1));
        _server.Script($"/assets/{Token}/history", Answer.Ok($$"""[{"tx_hash":"{{Sample.Pay(1).Id}}","action":"minted","amount":"1"}]"""));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => _chain.GetMintMetadataAsync(Token, Stop));
    }

    [Theory]
    [InlineData(ScriptLanguage.PlutusV1)]
    [InlineData(ScriptLanguage.PlutusV2)]
    [InlineData(ScriptLanguage.PlutusV3)]
    public async Task A_script_is_recognised_by_its_hash_and_read_once(ScriptLanguage language)
    {
        var script = new Script(language, new byte[] { 0x43, 1, 2, 3 });
        _server.Script($"/scripts/{script.Hash}/cbor", Answer.Ok("""{"cbor":"43010203"}"""));
        Assert.Equal(script, await _chain.FindScriptAsync(script.Hash, Stop));
        Assert.Empty(await _server.CallsDuringAsync(async () => Assert.Equal(script, await _chain.FindScriptAsync(script.Hash, Stop))));
    }

    [Fact]
    public async Task A_native_script_is_rebuilt_from_json()
    {
        // [1, [[0, key hash], [5, 1000]]]
        var script = new Script(ScriptLanguage.Native, Convert.FromHexString("82018282" + "00581c" + new string('a', 56) + "82051903e8"));
        _server.Script($"/scripts/{script.Hash}/cbor", Answer.Ok("""{"cbor":null}"""));
        _server.Script(
            $"/scripts/{script.Hash}/json",
            Answer.Ok($$$"""{"json":{"type":"all","scripts":[{"type":"sig","keyHash":"{{{new string('a', 56)}}}"},{"type":"before","slot":1000}]}}""")
        );
        Assert.Equal(script, await _chain.FindScriptAsync(script.Hash, Stop));
    }

    [Fact]
    public async Task Script_bytes_with_another_hash_are_nonsense_and_an_unknown_script_is_null()
    {
        var hash = ScriptHash.Parse(new string('d', 56));
        Assert.Null(await _chain.FindScriptAsync(hash, Stop));
        _server.Script($"/scripts/{hash}/cbor", Answer.Ok("""{"cbor":"43010203"}"""));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => _chain.FindScriptAsync(hash, Stop));
    }

    [Fact]
    public async Task A_private_networks_slots_come_from_its_genesis()
    {
        _server.Script("/genesis", Answer.Ok($$"""{"network_magic":42,"system_start":{{ScriptedBlockfrost.GenesisUnix}},"slot_length":1}"""));
        var slots = await _chain.GetSlotConfigAsync(Stop);
        Assert.Equal(new SlotConfig(DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix), new Slot(0), TimeSpan.FromSeconds(1)), slots);
        Assert.Empty(await _server.CallsDuringAsync(() => _chain.GetSlotConfigAsync(Stop)));
    }

    [Fact]
    public async Task A_slot_configuration_that_contradicts_the_tip_is_refused()
    {
        using var wrong = _server.Connect(options: ScriptedBlockfrost.Local with { Slots = SlotConfig.Mainnet });
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => wrong.GetSlotConfigAsync(Stop));
        Assert.Contains("another network", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_are_kept_until_the_next_epoch()
    {
        var parameters = await File.ReadAllTextAsync(
            Masumi.Tests.SharedData.Require("protocol-parameters", "blockfrost-raw", "blockfrost-params-preprod-303.json"),
            Stop
        );
        var old = System.Text.Json.Nodes.JsonNode.Parse(parameters)!;
        old["epoch"] = 6;
        var current = System.Text.Json.Nodes.JsonNode.Parse(parameters)!;
        current["epoch"] = 7;
        _server.Script("/epochs/latest/parameters", Answer.Ok(old.ToJsonString()), Answer.Ok(current.ToJsonString()));
        var first = await _chain.GetParametersAsync(Stop);
        Assert.Equal(44, first.MinFeePerByte);
        Assert.Empty(await _server.CallsDuringAsync(() => _chain.GetParametersAsync(Stop)));
        await _chain.GetTipAsync(Stop);
        Assert.Single(await _server.CallsDuringAsync(() => _chain.GetParametersAsync(Stop)));
        Assert.Empty(await _server.CallsDuringAsync(() => _chain.GetParametersAsync(Stop)));
    }

    private static Transaction Mint(int number, string text) =>
        Transaction.Create(
            new TransactionBody
            {
                Inputs = [new TxInput(Sample.Pay(number).Id, 0)],
                Outputs = [new TxOutput(Sample.Alice, Value.Of(Lovelace.FromAda(2), Token, 1))],
                Fee = new Lovelace(200_000),
                Mint = Value.Of(Lovelace.Zero, Token, 1),
            },
            WitnessSet.Empty,
            AuxiliaryData.FromMetadata(721, new Metadatum.Text(text))
        );

    private static string Unspent(TransactionId id, int index, string amount, string dataHash, string inlineDatum, string scriptHash = "null") =>
        $$"""
            {"address":"{{Sample.Alice}}","tx_hash":"{{id}}","tx_index":{{index}},"output_index":{{index}},"amount":{{amount}},"block":"{{id}}",
             "data_hash":{{dataHash}},"inline_datum":{{inlineDatum}},"reference_script_hash":{{scriptHash}}}
            """;
}
