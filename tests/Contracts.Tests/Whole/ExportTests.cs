using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Contracts.Escrow;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// Writes transactions for foreign tools to judge (tests/Interop): all accepted ones of both families, and several hundred changed ones, with our contracts as
/// they are and compiled without the optimiser. One JSON document per line in the file that <c>MASUMI_EXPORT_TRANSACTIONS</c> names.
/// </summary>
public class ExportTests
{
    private const int ChangedPerBuild = 200;

    [Fact]
    public void Transactions_are_written_for_other_tools()
    {
        // Without a place to write to, what would be written is still made.
        var file = Environment.GetEnvironmentVariable("MASUMI_EXPORT_TRANSACTIONS");
        var perBuild = file is null ? 10 : ChangedPerBuild;
        var lines = new List<string> { Setup().ToJsonString() };
        var random = new Random(20260101);
        foreach (var family in Enum.GetValues<EscrowFamily>())
        {
            foreach (var optimise in (bool[])[true, false])
            {
                var all = WholeTransactions.Of(family, optimise);
                lines.AddRange(all.Select(w => Line(w.Name, optimise, isWhole: true, w.Transaction, w.Spent)));
                for (var i = 0; i < perBuild; i++)
                {
                    var whole = all[i % all.Length];
                    var mutations = Mutations.Of(whole).ToList();
                    var mutation = mutations[random.Next(mutations.Count)];
                    var draft = new Draft(whole);
                    mutation.Apply(draft, random);
                    lines.Add(
                        Line(
                            $"{whole.Name}, {mutation.Name}",
                            optimise,
                            isWhole: false,
                            draft.ToTransaction(),
                            draft.Spent.ToDictionary(s => s.Input, s => s.Output)
                        )
                    );
                }
            }
        }

        Assert.Contains(lines, l => l.Contains("\"accepted\":false", StringComparison.Ordinal));
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllLines(file, lines);
        }
    }

    private static JsonObject Setup()
    {
        var parameters = WholeTransactions.Parameters;
        ScriptLanguage[] languages = [ScriptLanguage.PlutusV1, ScriptLanguage.PlutusV2, ScriptLanguage.PlutusV3];
        return new JsonObject
        {
            ["costModels"] = new JsonArray([.. languages.Select(l => (JsonNode)new JsonArray([.. parameters.CostModels[l].Select(v => (JsonNode)v)]))]),
            ["costModelsCbor"] = Hex(w =>
            {
                w.WriteStartMap(languages.Length);
                foreach (var language in languages)
                {
                    w.WriteInt32((int)language - 1);
                    w.WriteStartArray(parameters.CostModels[language].Length);
                    foreach (var value in parameters.CostModels[language])
                    {
                        w.WriteInt64(value);
                    }

                    w.WriteEndArray();
                }

                w.WriteEndMap();
            }),
            // The emulated ledger has these models built in and hashes them into every transaction.
            ["emulate"] = WholeTransactions.WidelyKnownCostModels is not null,
            ["memory"] = parameters.MaxTxExUnits.Memory,
            ["steps"] = parameters.MaxTxExUnits.Steps,
            ["slots"] = new JsonArray(
                WholeTransactions.Slots.ZeroTime.ToUnixTimeMilliseconds(),
                WholeTransactions.Slots.ZeroSlot.Number,
                (long)WholeTransactions.Slots.SlotLength.TotalMilliseconds
            ),
        };
    }

    private static string Line(string name, bool optimise, bool isWhole, Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> spent)
    {
        var evaluation = new PlutusEvaluator().Evaluate(transaction, spent, WholeTransactions.Parameters, WholeTransactions.Slots);
        return new JsonObject
        {
            ["name"] = optimise ? name : name + ", not optimised",
            ["whole"] = isWhole,
            ["accepted"] = evaluation.Succeeded,
            ["units"] = evaluation.Succeeded
                ? new JsonArray([.. evaluation.Executions.Select(e => (JsonNode)new JsonArray(e.Pointer.Index, $"{e.Units.Memory}", $"{e.Units.Steps}"))])
                : null,
            ["id"] = transaction.Id.ToString(),
            ["fee"] = LeastFee(transaction).Amount,
            ["start"] = transaction.Body.InvalidBefore?.Number,
            ["transaction"] = Convert.ToHexStringLower(transaction.Bytes.Span),
            ["utxos"] = new JsonArray([.. spent.Select(s => (JsonNode)new JsonArray(Hex(w => Write(w, s.Key)), Convert.ToHexStringLower(s.Value.Bytes.Span)))]),
            ["utxoMap"] = Hex(w =>
            {
                w.WriteStartMap(spent.Count);
                foreach (var (input, output) in spent)
                {
                    Write(w, input);
                    w.WriteEncodedValue(output.Bytes.Span);
                }

                w.WriteEndMap();
            }),
        }.ToJsonString();
    }

    private static Lovelace LeastFee(Transaction transaction)
    {
        var units = transaction.Witnesses.Redeemers.Aggregate(default(ExUnits), (sum, r) => sum + r.Units);
        return Fees.MinFee(WholeTransactions.Parameters, transaction.Bytes.Length, units, referenceScriptBytes: 0);
    }

    private static void Write(CborWriter writer, TxInput input)
    {
        writer.WriteStartArray(2);
        writer.WriteByteString(input.TxId.ToArray());
        writer.WriteInt32(input.Index);
        writer.WriteEndArray();
    }

    private static string Hex(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return Convert.ToHexStringLower(writer.Encode());
    }
}
