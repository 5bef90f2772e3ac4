using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Plutus;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi tx</c>; <c>masumi tx evaluate FILE --utxos FILE</c> runs the scripts of a whole transaction as the ledger would.</summary>
internal static class TxVerb
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Unusable = 2;

    public static Command Create() => new("tx", "Looks at transactions.") { Evaluate(), TxExplain.Create() };

    private static Command Evaluate()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The transaction: CBOR, hexadecimal or a cardano-cli text envelope; '-' reads standard input.",
        };
        var utxos = new Option<string>("--utxos")
        {
            Description =
                "What it spends and references: JSON of cardano-cli's 'query utxo', of Ogmios or of Blockfrost, an object of CBOR by 'txid#index', or a CBOR map.",
            Required = true,
        };
        var parameters = new Option<string?>("--parameters")
        {
            Description = "JSON of Blockfrost's epochs/latest/parameters; mainnet's, as shipped, by default.",
        };
        var network = new Option<string>("--network")
        {
            Description = "Which slots are when: Mainnet, Preprod or Preview.",
            DefaultValueFactory = _ => "Mainnet",
        };
        network.AcceptOnlyFromAmong("Mainnet", "Preprod", "Preview");
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command("evaluate", "Runs every script; succeeds when each does within the units its redeemer declares.")
        {
            file,
            utxos,
            parameters,
            network,
            json,
        };
        command.SetAction(parsed =>
        {
            Transaction transaction;
            TransactionEvaluation evaluation;
            try
            {
                transaction = Transaction.FromCbor(HexFile.Unwrap(HexFile.ReadAll(parsed.GetValue(file)!)));
                var outputs = UtxoFile.Read(HexFile.ReadAll(parsed.GetValue(utxos)!, utxos.Name));
                var prices = parsed.GetValue(parameters) is { } path
                    ? BlockfrostParameters.Read(HexFile.ReadAll(path, parameters.Name))
                    : ProtocolParameters.Mainnet;
                evaluation = new PlutusEvaluator().Evaluate(transaction, outputs, prices, Slots(parsed.GetValue(network)!), prices.MaxTxExUnits);
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or JsonException)
            {
                Console.Error.WriteLine($"masumi tx evaluate: {e.Message}");
                return Unusable;
            }

            return Report(transaction, evaluation, parsed.GetValue(json));
        });
        return command;
    }

    private static SlotConfig Slots(string network) =>
        network switch
        {
            "Preprod" => SlotConfig.Preprod,
            "Preview" => SlotConfig.Preview,
            _ => SlotConfig.Mainnet,
        };

    private static int Report(Transaction transaction, TransactionEvaluation evaluation, bool json)
    {
        var declared = transaction.Witnesses.Redeemers.ToDictionary(r => r.Pointer, r => r.Units);
        var rows = evaluation.Executions.Select(e => (Execution: e, Declared: declared[e.Pointer], Fits: e.Units.FitsIn(declared[e.Pointer]))).ToList();
        var succeeded = evaluation.Succeeded && rows.All(r => r.Fits);
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["transaction"] = transaction.Id.ToString(),
                    ["succeeded"] = succeeded,
                    ["failure"] = evaluation.ContextFailure,
                    ["redeemers"] = new JsonArray([
                        .. rows.Select(r =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["pointer"] = r.Execution.Pointer.ToString(),
                                    ["script"] = r.Execution.ScriptHash.ToString(),
                                    ["units"] = Units(r.Execution.Units),
                                    ["declared"] = Units(r.Declared),
                                    ["fits"] = r.Fits,
                                    ["failure"] = r.Execution.Failure,
                                    ["logs"] = new JsonArray([.. r.Execution.Logs.Select(l => (JsonNode)l)]),
                                }
                        ),
                    ]),
                    ["total"] = Units(evaluation.TotalUnits),
                }.ToJsonString()
            );
            return succeeded ? Done : Failed;
        }

        Console.WriteLine($"transaction {transaction.Id}");
        if (evaluation.ContextFailure is { } refused)
        {
            Console.Error.WriteLine($"no script can run: {refused}");
        }

        foreach (var (execution, limit, fits) in rows)
        {
            var verdict =
                execution.Failure is { } failure ? "fails: " + failure
                : fits ? "succeeds"
                : "succeeds, but uses more than declared";
            Console.WriteLine($"{execution.Pointer}  script {execution.ScriptHash}  {verdict}");
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"    memory {execution.Units.Memory} of {limit.Memory} declared, steps {execution.Units.Steps} of {limit.Steps}"
                )
            );
            foreach (var log in execution.Logs)
            {
                Console.WriteLine($"    trace: {log}");
            }
        }

        if (rows.Count == 0 && evaluation.ContextFailure is null)
        {
            Console.WriteLine("it runs no script");
        }
        else
        {
            Console.WriteLine($"in all: memory {evaluation.TotalUnits.Memory}, steps {evaluation.TotalUnits.Steps}");
        }

        return succeeded ? Done : Failed;
    }

    private static JsonObject Units(ExUnits units) => new() { ["memory"] = units.Memory, ["steps"] = units.Steps };
}
