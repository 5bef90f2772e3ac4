using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Node.Verbs;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Node.Tests;

/// <summary><c>masumi tx evaluate</c> and the forms of outputs it reads.</summary>
public sealed class TxEvaluateTests : IDisposable
{
    private static readonly string Id = new('a', 64);
    private static readonly string Policy = new('b', 56);
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-tx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Every value in turn becomes another kind of value: it is read, or refused as input is.
    private static void DamageNeverThrowsAnythingElse(string form)
    {
        var places = Places(JsonNode.Parse(form)!).Count;
        for (var place = 0; place < places; place++)
        {
            foreach (
                var other in new[]
                {
                    "null",
                    "-1",
                    "1.5",
                    "99999999999999999999999999999999999999999999",
                    "\"\"",
                    "\"zz\"",
                    "\"84\"",
                    "[]",
                    "[[]]",
                    "{}",
                    "true",
                }
            )
            {
                var root = JsonNode.Parse(form)!;
                Places(root)[place].ReplaceWith(JsonNode.Parse(other));
                AssertReadOrRefused(Encoding.UTF8.GetBytes(root.ToJsonString()));
            }
        }
    }

    private static void AssertReadOrRefused(byte[] bytes)
    {
        var thrown = Record.Exception(() => UtxoFile.Read(bytes));
        Assert.True(thrown is null or FormatException, $"{Encoding.UTF8.GetString(bytes)}: {thrown}");
    }

    private static List<JsonNode> Places(JsonNode node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => p.Value is { } v ? Places(v).Prepend(v) : []).ToList(),
            JsonArray a => a.SelectMany(v => v is null ? [] : Places(v).Prepend(v)).ToList(),
            _ => [],
        };

    [Theory]
    [InlineData("""{"cborHex":null}""")]
    [InlineData("""{"cborHex":5}""")]
    [InlineData("""{"cborHex":"abc"}""")]
    [InlineData("{}")]
    [InlineData("{")]
    public void An_envelope_that_is_none_is_refused(string envelope) => Assert.Throws<FormatException>(() => HexFile.Unwrap(Encoding.UTF8.GetBytes(envelope)));

    [Fact]
    public void Every_form_that_tools_write_says_the_same_output()
    {
        var script = Always("unit").ToScript(ScriptLanguage.PlutusV3);
        var code = Convert.ToHexStringLower(script.Bytes.Span);
        var address = Address.Create(NetworkId.Testnet, Credential.Key(default)).ToString();
        var expected = new TxOutput(
            Address.Parse(address),
            Value.Of(Lovelace.FromAda(2), [new(AssetId.Parse(Policy + "6162"), (Int128)ulong.MaxValue)]),
            new TxDatum.Inline(Datum.Of(PlutusData.I(42))),
            script
        );
        var cbor = Convert.ToHexStringLower(expected.Bytes.Span);
        var assets = $$$"""{"{{{Policy}}}":{"6162":18446744073709551615} }""";
        string[] forms =
        [
            $$$"""{"{{{Id}}}#1":"{{{cbor}}}"}""",
            $$$"""
                {"{{{Id}}}#1":{"address":"{{{address}}}","datum":null,"datumhash":null,"inlineDatum":{"int":42},"inlineDatumRaw":null,
                 "referenceScript":{"script":{"cborHex":"{{{code}}}","description":"","type":"PlutusScriptV3"},"scriptLanguage":"PlutusScriptLanguage PlutusScriptV3"},
                 "value":{"lovelace":2000000,{{{assets[1..^1]}}}
                 } } }
                """,
            $$$"""
                [{"transaction":{"id":"{{{Id}}}"},"index":1,"address":"{{{address}}}","value":{"ada":{"lovelace":2000000},{{{assets[1..^1]}}} },
                  "datum":"182a","script":{"language":"plutus:v3","cbor":"{{{code}}}"}}]
                """,
            $$$"""
                [[{"txId":"{{{Id}}}","index":1},{"address":"{{{address}}}","value":{"coins":2000000,"assets":{"{{{Policy}}}.6162":18446744073709551615}},
                  "datum":"182a","script":{"plutus:v3":"{{{code}}}"}}]]
                """,
        ];
        foreach (var form in forms)
        {
            var read = Assert.Single(UtxoFile.Read(Encoding.UTF8.GetBytes(form)));
            Assert.Equal(new TxInput(TransactionId.Parse(Id), 1), read.Key);
            Assert.Equal(cbor, Convert.ToHexStringLower(read.Value.Bytes.Span));
            DamageNeverThrowsAnythingElse(form);
        }

        var map = Convert.FromHexString($"a1825820{Id}01{cbor}");
        Assert.Equal(cbor, Convert.ToHexStringLower(Assert.Single(UtxoFile.Read(map)).Value.Bytes.Span));
        for (var bit = 0; bit < map.Length * 8; bit++)
        {
            var damaged = (byte[])map.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertReadOrRefused(damaged);
            AssertReadOrRefused(damaged[..(bit / 8)]);
        }

        var row = $$"""[{"tx_hash":"{{Id}}","output_index":1,"address":"{{address}}","amount":[{"unit":"lovelace","quantity":"5"}],"data_hash":"{{Id}}"}]""";
        var plain = Assert.Single(UtxoFile.Read(Encoding.UTF8.GetBytes(row))).Value;
        Assert.Equal((new Lovelace(5), new TxDatum.ByHash(DatumHash.Parse(Id))), (plain.Value.Coin, plain.Datum));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[{}]")]
    [InlineData("[[1]]")]
    [InlineData("{\"x\":\"00\"}")]
    [InlineData("{\"x\":{}}")]
    [InlineData("rubbish")]
    [InlineData("[{\"tx_hash\":\"zz\",\"output_index\":-1}]")]
    public void What_is_no_list_of_outputs_is_refused(string text) => Assert.Throws<FormatException>(() => UtxoFile.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public async Task It_says_what_each_script_used_and_whether_that_was_declared()
    {
        var (transaction, utxos) = Spend("unit");
        var (code, output, error) = await ProgramTests.RunAsync("", "tx", "evaluate", transaction, "--utxos", utxos, "--network", "Preview", "--json");
        Assert.True(code == 0, error);
        var json = JsonNode.Parse(output)!;
        Assert.True((bool)json["succeeded"]!);
        var redeemer = Assert.Single(json["redeemers"]!.AsArray())!;
        Assert.Equal("spend:0", (string)redeemer["pointer"]!);
        Assert.Equal(redeemer["declared"]!.ToJsonString(), redeemer["units"]!.ToJsonString());
        Assert.Equal(redeemer["units"]!.ToJsonString(), json["total"]!.ToJsonString());
        Assert.Equal("heard", (string)Assert.Single(redeemer["logs"]!.AsArray())!);
    }

    [Fact]
    public async Task A_script_that_refuses_fails_the_command_and_a_missing_output_says_so()
    {
        // The same transaction on outputs whose script answers something else than unit.
        var (transaction, utxos) = Spend("unit");
        var other = Always("integer").ToScript(ScriptLanguage.PlutusV3);
        var changed = JsonNode.Parse(await File.ReadAllTextAsync(utxos, TestContext.Current.CancellationToken))!.AsObject();
        foreach (var (reference, cbor) in changed.ToList())
        {
            var output = TxOutput.FromCbor(Convert.FromHexString((string)cbor!));
            if (output.Address.Payment is { IsScript: true })
            {
                var there = output with { Address = Address.Create(NetworkId.Testnet, Credential.Script(other.Hash)), ReferenceScript = other };
                changed[reference] = Convert.ToHexStringLower(new TxOutput(there.Address, there.Value, there.Datum, other).Bytes.Span);
            }
        }

        var spoilt = Path.Combine(_folder, "spoilt.json");
        await File.WriteAllTextAsync(spoilt, changed.ToJsonString(), TestContext.Current.CancellationToken);
        var (code, refused, _) = await ProgramTests.RunAsync("", "tx", "evaluate", transaction, "--utxos", spoilt, "--network", "Preview");
        Assert.Equal(1, code);
        Assert.Contains("fails: ", refused);

        await File.WriteAllTextAsync(spoilt, "{}", TestContext.Current.CancellationToken);
        (code, _, var error) = await ProgramTests.RunAsync("", "tx", "evaluate", transaction, "--utxos", spoilt);
        Assert.Equal(1, code);
        Assert.Contains("unknown output", error);
    }

    [Theory]
    [InlineData("tx", "evaluate", "/nowhere", "--utxos", "/nowhere")]
    [InlineData("uplc", "eval", "/nowhere")]
    public async Task A_file_that_is_not_there_is_said_in_one_line(params string[] arguments)
    {
        var (code, _, error) = await ProgramTests.RunAsync("", arguments);
        Assert.Equal(2, code);
        Assert.Contains("/nowhere", Assert.Single(error.Trim().Split('\n')));
    }

    [Theory]
    [InlineData("(program 1.1.0 [(builtin addInteger) (con integer 2)", 2, "")]
    [InlineData("(program 1.1.0 (error))", 1, "")]
    [InlineData("(program 1.1.0 [[(builtin addInteger) (con integer 2)] (con integer 40)])", 0, "(con integer 42)")]
    public async Task A_program_on_standard_input_is_evaluated(string program, int expected, string result)
    {
        var (code, output, _) = await ProgramTests.RunAsync(program, "uplc", "eval", "-");
        Assert.Equal(expected, code);
        Assert.Contains(result, output);
    }

    private static UplcProgram Always(string what) =>
        UplcText.Parse(
            what == "unit"
                ? "(program 1.1.0 (lam c [[(force (builtin trace)) (con string \"heard\")] (con unit ())]))"
                : "(program 1.1.0 (lam c (con integer 1)))"
        );

    // A balanced transaction that spends an output of the script, in files.
    private (string Transaction, string Utxos) Spend(string what)
    {
        var key = WalletKeys.FromMnemonic(Mnemonic.FromEntropy(new byte[32]));
        var wallet = key.BaseAddress(NetworkId.Testnet);
        var script = Always(what).ToScript(ScriptLanguage.PlutusV3);
        var locked = new Utxo(
            new TxInput(TransactionId.Parse(Id), 0),
            new TxOutput(Address.Create(NetworkId.Testnet, Credential.Script(script.Hash)), Value.Of(Lovelace.FromAda(10)))
        );
        var coins = Enumerable
            .Range(1, 2)
            .Select(i => new Utxo(new TxInput(TransactionId.Parse(Id), i), new TxOutput(wallet, Value.Of(Lovelace.FromAda(20)))))
            .ToList();
        var plan = new TransactionPlan
        {
            ScriptInputs = [new ScriptInput(locked, PlutusData.I(0), script)],
            Available = [.. coins],
            ChangeAddress = wallet,
            Signers = [key.Payment],
        };
        var built = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, ProtocolParameters.Mainnet, SlotConfig.Preview, new PlutusEvaluator()));
        var transaction = Path.Combine(_folder, "tx");
        File.WriteAllBytes(transaction, built.Transaction.Bytes.ToArray());
        var utxos = Path.Combine(_folder, "utxos.json");
        var all = new JsonObject();
        foreach (var utxo in coins.Prepend(locked))
        {
            all[utxo.Input.ToString()] = Convert.ToHexStringLower(utxo.Output.Bytes.Span);
        }

        File.WriteAllText(utxos, all.ToJsonString());
        return (transaction, utxos);
    }
}
