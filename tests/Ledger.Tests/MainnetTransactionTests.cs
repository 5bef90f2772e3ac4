using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;
using Masumi.Plutus;
using Masumi.Tests;

namespace Masumi.Ledger.Tests;

/// <summary>Transactions that mainnet accepted (early 2025, protocol version 10) and whose inputs are known: all rules hold for them.</summary>
public sealed class MainnetTransactionTests(ITestOutputHelper output)
{
    // The collateral of some is not known; that is all there may be to say against them.
    private static readonly string[] UnknownCollateral = ["InsufficientCollateral", "IncorrectTotalCollateralField", "NoCollateralInputs", "BadInputsUTxO"];

    [Fact]
    public void Every_rule_holds_for_27_transactions_for_19_of_them_also_those_of_collateral()
    {
        var root = SharedData.Require("vectors");
        var models = JsonNode.Parse(File.ReadAllText(SharedData.Require("protocol-parameters", "cost-models-pv10.json")))!["PV10_epoch544"]!;
        var parameters = ProtocolParameters.Mainnet with
        {
            ProtocolMajor = 10,
            CostModels = models
                .AsObject()
                .ToImmutableDictionary(m => Enum.Parse<ScriptLanguage>(m.Key), m => m.Value!.AsArray().Select(v => (long)v!).ToImmutableArray()),
        };
        var evaluator = new PlutusEvaluator();
        var whole = 0;
        var all = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "conway-transactions.json")))!["transactions"]!.AsArray();
        foreach (var row in all.Where(t => (bool)t!["inputsFullyResolved"]!))
        {
            var transaction = Transaction.FromCbor(Convert.FromHexString((string)row!["txCborHex"]!));
            var state = StateOf(transaction, Path.Combine(root, "mainnet-conway-blocks"));
            var environment = new LedgerEnvironment(parameters, SlotConfig.Mainnet, NetworkId.Mainnet, new Slot((long)row["slot"]!));

            var failures = Conway.Apply(state, environment, transaction, evaluator) is ApplyResult.Refused refused ? refused.Failures : [];

            var isWhole = transaction.Body.Collateral.All(c => state.Find(c) is not null);
            whole += isWhole ? 1 : 0;
            Assert.True(failures.All(f => !isWhole && UnknownCollateral.Contains(f.Predicate)), $"{transaction.Id}: {string.Join("\n", failures)}");
            output.WriteLine($"{transaction.Id} {(isWhole ? "accepted" : "its collateral is not known")}");
        }

        Assert.Equal(19, whole);
    }

    // What it spends and refers to; accounts it withdraws from hold just that.
    private static LedgerState StateOf(Transaction transaction, string folder)
    {
        var languages = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "scripts-index.json")))!;
        var inputs = transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs).Concat(transaction.Body.Collateral).Distinct();
        var files = inputs.Select(i => (Input: i, File: Path.Combine(folder, "utxos", $"{i.TxId}-{i.Index}"))).Where(f => File.Exists(f.File));
        var accounts = transaction.Body.Withdrawals.ToImmutableDictionary(
            w => w.Key.Stake!.Value,
            w => new StakeAccount(Lovelace.FromAda(2), w.Value, null, new DRep.AlwaysAbstain())
        );
        return LedgerState.Of(files.Select(f => new Utxo(f.Input, OutputOf(JsonNode.Parse(File.ReadAllText(f.File))!)))) with
        {
            Certs = new CertState { Accounts = accounts },
        };

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
            }

            return new TxOutput(Address.Parse((string)row["address"]!), value, datum, script);
        }
    }
}
