using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

/// <summary>Transactions that the network accepted, with resolved inputs: every script succeeds here too, with the same units.</summary>
public sealed class RealTransactionTests(ITestOutputHelper output)
{
    /// <summary>Redeemers whose declared units are what the scripts use (the others' builders declared more).</summary>
    private static readonly Dictionary<ScriptLanguage, int> Exact = new()
    {
        [ScriptLanguage.PlutusV1] = 5,
        [ScriptLanguage.PlutusV2] = 41,
        [ScriptLanguage.PlutusV3] = 1,
    };

    [Fact]
    public void Every_script_of_27_mainnet_transactions_succeeds_within_its_declared_units_47_of_77_exactly()
    {
        var root = SharedData.Require("vectors");
        var parameters = ProtocolParameters.Mainnet with
        {
            ProtocolMajor = 10,
            CostModels = Models(JsonNode.Parse(File.ReadAllText(SharedData.Require("protocol-parameters", "cost-models-pv10.json")))!["PV10_epoch544"]!),
        };
        var transactions = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "conway-transactions.json")))!["transactions"]!
            .AsArray()
            .Where(t => (bool)t!["inputsFullyResolved"]!)
            .Select(t => Transaction.FromCbor(Convert.FromHexString((string)t!["txCborHex"]!)))
            .ToList();
        Assert.Equal(27, transactions.Count);
        var exact = Exact.Keys.ToDictionary(l => l, _ => 0);
        var redeemers = 0;
        foreach (var transaction in transactions)
        {
            var utxos = Resolve(transaction, Path.Combine(root, "mainnet-conway-blocks"));
            var evaluation = new PlutusEvaluator().Evaluate(transaction, utxos, parameters, SlotConfig.Mainnet);
            Assert.True(
                evaluation.Succeeded,
                $"{transaction.Id}: {evaluation.ContextFailure} {string.Join("; ", evaluation.Executions.Select(e => e.Failure))}"
            );
            var scripts = transaction
                .Witnesses.Scripts.Concat(utxos.Values.Select(o => o.ReferenceScript).OfType<Script>())
                .DistinctBy(s => s.Hash)
                .ToDictionary(s => s.Hash);
            foreach (var execution in evaluation.Executions)
            {
                redeemers++;
                var declared = transaction.Witnesses.Redeemers.Single(r => r.Pointer == execution.Pointer).Units;
                Assert.True(execution.Units.FitsIn(declared));
                var language = scripts[execution.ScriptHash].Language;
                exact[language] += execution.Units == declared ? 1 : 0;
                output.WriteLine($"{transaction.Id} {execution.Pointer} {language} {execution.Units} of {declared}");
            }
        }

        Assert.Equal(77, redeemers);
        Assert.Equal(Exact, exact);
    }

    public static TheoryData<string> Evaluations =>
        SharedData.TryFind("vectors", "aiken-uplc-eval") is { } folder
            ? [.. Directory.EnumerateFiles(folder, "test_eval_*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]
            : ["(no data)"];

    [Theory]
    [MemberData(nameof(Evaluations))]
    public void Older_transactions_use_the_units_another_implementation_computed(string file)
    {
        var (vector, evaluation) = EvaluateVector(file);
        if (file == "test_eval_4.json")
        {
            // Made to fail.
            Assert.NotNull(Assert.Single(evaluation.Executions).Failure);
            return;
        }

        Assert.True(evaluation.Succeeded, $"{evaluation.ContextFailure} {string.Join("; ", evaluation.Executions.Select(e => e.Failure))}");
        var expected = vector["expectedBudgets"]!.AsArray().Select(b => new ExUnits((long)b!["mem"]!, (long)b["cpu"]!)).ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, evaluation.Executions.Select(e => e.Units));
    }

    [Fact]
    public void Nine_such_transactions_are_there() => Assert.True(SharedData.TryFind("vectors") is null || Evaluations.Count == 9);

    [Fact]
    public void A_script_input_without_a_redeemer_runs_nothing() => Assert.Empty(EvaluateVector("eval_missing_redeemer.json").Evaluation.Executions);

    [Fact]
    public void A_redeemer_that_points_to_nothing_is_refused() =>
        Assert.Contains("points to nothing", EvaluateVector("eval_extraneous_redeemer.json").Evaluation.ContextFailure);

    [Fact]
    public void A_mainnet_transaction_with_four_reference_inputs_succeeds()
    {
        var folder = SharedData.Require("vectors", "amaru-ledger", "phase-two", "mainnet", "74558bb6");
        var transaction = Transaction.FromCbor(File.ReadAllBytes(Path.Combine(folder, "tx.cbor")));
        var inputs = transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs).ToList();
        var utxos = inputs
            .Select((input, i) => (input, i))
            .ToDictionary(p => p.input, p => TxOutput.FromCbor(File.ReadAllBytes(Path.Combine(folder, $"resolved-input-{p.i}.cbor"))));
        Assert.Equal(6, utxos.Count);
        var parameters = ProtocolParameters.Mainnet with
        {
            ProtocolMajor = 10,
            CostModels = Models(JsonNode.Parse(File.ReadAllText(SharedData.Require("protocol-parameters", "cost-models-pv10.json")))!["PV10_epoch544"]!),
        };
        var evaluation = new PlutusEvaluator().Evaluate(transaction, utxos, parameters, SlotConfig.Mainnet);
        Assert.True(evaluation.Succeeded, $"{evaluation.ContextFailure} {string.Join("; ", evaluation.Executions.Select(e => e.Failure))}");
        Assert.NotEmpty(evaluation.Executions);
        Assert.All(evaluation.Executions, e => Assert.True(e.Units.FitsIn(transaction.Witnesses.Redeemers.Single(r => r.Pointer == e.Pointer).Units)));
    }

    [Fact]
    public void Four_plutus_v3_scripts_of_a_preprod_transaction_with_a_withdrawal_use_exactly_what_it_declares()
    {
        var root = SharedData.Require("vectors", "amaru-ledger", "transaction");
        var file = Path.Combine(root, "scenarios", "00035-pass-interesting-script-integrity-hash-on-preprod.json");
        var fixture = JsonNode.Parse(File.ReadAllText(file))!;
        var models = JsonNode.Parse(File.ReadAllText(Path.Combine(root, (string)fixture["protocolParameters"]!["$ref"]!)))!["plutusCostModels"]!;
        var parameters = ProtocolParameters.Mainnet with
        {
            ProtocolMajor = 10,
            CostModels = ImmutableDictionary<ScriptLanguage, ImmutableArray<long>>.Empty.Add(
                ScriptLanguage.PlutusV3,
                [.. models["plutusV3"]!.AsArray().Select(v => (long)v!)]
            ),
        };
        var utxos = fixture["initialState"]!["utxo"]!
            .AsArray()
            .ToDictionary(
                u => Inputs([0x81, .. Convert.FromHexString((string)u!["input"]!)])[0],
                u => TxOutput.FromCbor(Convert.FromHexString((string)u!["output"]!))
            );
        var transaction = Transaction.FromCbor(Convert.FromHexString((string)fixture["transaction"]!));
        var evaluation = new PlutusEvaluator().Evaluate(transaction, utxos, parameters, SlotConfig.Preprod);
        Assert.True(evaluation.Succeeded, $"{evaluation.ContextFailure} {string.Join("; ", evaluation.Executions.Select(e => e.Failure))}");
        Assert.Equal(4, evaluation.Executions.Length);
        Assert.Equal(transaction.Witnesses.Redeemers.OrderBy(r => r.Pointer).Select(r => r.Units), evaluation.Executions.Select(e => e.Units));
    }

    [Fact]
    public void Whatever_bytes_are_changed_evaluating_ends_in_an_answer()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var root = SharedData.Require("vectors");
        var parameters = ProtocolParameters.Mainnet with { ProtocolMajor = 10 };
        var evaluated = 0;
        foreach (
            var row in JsonNode.Parse(File.ReadAllText(Path.Combine(root, "conway-transactions.json")))!["transactions"]!
                .AsArray()
                .Where(t => (bool)t!["inputsFullyResolved"]!)
        )
        {
            var bytes = Convert.FromHexString((string)row!["txCborHex"]!);
            var utxos = Resolve(Transaction.FromCbor(bytes), Path.Combine(root, "mainnet-conway-blocks"));
            for (var i = 0; i < 60; i++)
            {
                var changed = bytes.ToArray();
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                {
                    changed[random.Next(changed.Length)] = (byte)random.Next(256);
                }

                Transaction transaction;
                try
                {
                    transaction = Transaction.FromCbor(changed);
                }
                catch (FormatException)
                {
                    continue;
                }

                // Any exception fails the test; so does running past what a transaction may use.
                var evaluation = new PlutusEvaluator().Evaluate(transaction, utxos, parameters, SlotConfig.Mainnet, parameters.MaxTxExUnits);
                evaluated++;
                Assert.All(evaluation.Executions, e => Assert.True(e.Failure is not null || e.Units.FitsIn(parameters.MaxTxExUnits)));
            }
        }

        Assert.True(evaluated > 100, $"only {evaluated} of the changed transactions could be decoded");
    }

    private static (JsonNode Vector, TransactionEvaluation Evaluation) EvaluateVector(string file)
    {
        var vector = JsonNode.Parse(File.ReadAllText(SharedData.Require("vectors", "aiken-uplc-eval", file)))!;
        var transaction = Transaction.FromCbor(Convert.FromHexString((string)vector["txCbor"]!));
        var inputs = (string?)vector["resolvedInputsCborArray"] is { } hex ? Inputs(Convert.FromHexString(hex)) : transaction.Body.Inputs;
        var outputs = Outputs(Convert.FromHexString((string)vector["resolvedOutputsCborArray"]!));
        var slots = vector["slotConfig"]!;
        var parameters = ProtocolParameters.Mainnet with { ProtocolMajor = 9, CostModels = Models(vector["costModels"]!) };
        var limit = new ExUnits((long)vector["initialBudget"]!["mem"]!, (long)vector["initialBudget"]!["cpu"]!);
        return (
            vector,
            new PlutusEvaluator().Evaluate(
                transaction,
                inputs.Zip(outputs).ToDictionary(p => p.First, p => p.Second),
                parameters,
                new SlotConfig(
                    DateTimeOffset.FromUnixTimeMilliseconds((long)slots["zero_time"]!),
                    new Slot((long)slots["zero_slot"]!),
                    TimeSpan.FromMilliseconds((long)slots["slot_length"]!)
                ),
                limit
            )
        );
    }

    private static ImmutableDictionary<ScriptLanguage, ImmutableArray<long>> Models(JsonNode models) =>
        models.AsObject().ToImmutableDictionary(m => Enum.Parse<ScriptLanguage>(m.Key), m => m.Value!.AsArray().Select(v => (long)v!).ToImmutableArray());

    private static ImmutableArray<TxInput> Inputs(byte[] cbor)
    {
        var reader = new CborReader(cbor, CborConformanceMode.Lax);
        var inputs = ImmutableArray.CreateBuilder<TxInput>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            reader.ReadStartArray();
            inputs.Add(new TxInput(new TransactionId(new Hash32(reader.ReadByteString())), reader.ReadInt32()));
            reader.ReadEndArray();
        }

        return inputs.ToImmutable();
    }

    private static ImmutableArray<TxOutput> Outputs(byte[] cbor)
    {
        var reader = new CborReader(cbor, CborConformanceMode.Lax);
        var outputs = ImmutableArray.CreateBuilder<TxOutput>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            outputs.Add(TxOutput.FromCbor(reader.ReadEncodedValue().ToArray()));
        }

        return outputs.ToImmutable();
    }

    // Outputs stand as a Blockfrost-style object each, reference scripts by hash.
    private static Dictionary<TxInput, TxOutput> Resolve(Transaction transaction, string folder)
    {
        var languages = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "scripts-index.json")))!;
        return transaction
            .Body.Inputs.Concat(transaction.Body.ReferenceInputs)
            .ToDictionary(input => input, input => OutputOf(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "utxos", $"{input.TxId}-{input.Index}")))!));

        TxOutput OutputOf(JsonNode row)
        {
            var amounts = row["amount"]!.AsArray().ToDictionary(a => (string)a!["unit"]!, a => (long)a!["quantity"]!);
            var value = Value.Of(
                new Lovelace(amounts["lovelace"]),
                amounts.Where(a => a.Key != "lovelace").ToDictionary(a => AssetId.Parse(a.Key), a => (Int128)a.Value)
            );
            TxDatum? datum =
                (string?)row["inline_datum"] is { } inline ? new TxDatum.Inline(Datum.FromCbor(Convert.FromHexString(inline)))
                : (string?)row["data_hash"] is { } hash ? new TxDatum.ByHash(DatumHash.Parse(hash))
                : null;
            Script? script = null;
            if ((string?)row["reference_script_hash"] is { } reference)
            {
                var bytes = new CborReader(File.ReadAllBytes(Path.Combine(folder, "scripts", reference)), CborConformanceMode.Lax).ReadByteString();
                script = new Script(Enum.Parse<ScriptLanguage>((string)languages[reference]!["language"]!), bytes);
                Assert.Equal(reference, script.Hash.ToString());
            }

            return new TxOutput(Address.Parse((string)row["address"]!), value, datum, script);
        }
    }
}
