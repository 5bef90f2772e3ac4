using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>A transaction with our verdict and units as one line of JSON, for foreign tools to judge (tests/Interop).</summary>
internal static class ForeignCase
{
    public static string Line(string name, Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> spent, SlotConfig slots, bool isWhole = false)
    {
        var evaluation = new PlutusEvaluator().Evaluate(transaction, spent, WholeTransactions.Parameters, slots);
        return new JsonObject
        {
            ["name"] = name,
            ["whole"] = isWhole,
            ["accepted"] = evaluation.Succeeded,
            ["units"] = evaluation.Succeeded
                ? new JsonArray([.. evaluation.Executions.Select(e => (JsonNode)new JsonArray(e.Pointer.Index, $"{e.Units.Memory}", $"{e.Units.Steps}"))])
                : null,
            ["slots"] = new JsonArray(slots.ZeroTime.ToUnixTimeMilliseconds(), slots.ZeroSlot.Number, (long)slots.SlotLength.TotalMilliseconds),
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

    public static string Hex(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return Convert.ToHexStringLower(writer.Encode());
    }
}
