using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger;

namespace Masumi.Devnet.Http;

/// <summary>The JSON of things several endpoints show.</summary>
internal static class Json
{
    public static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    public static string Text(Int128 number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Lovelace first, then assets by unit; quantities as decimal strings.</summary>
    public static JsonArray Amount(Value value)
    {
        var amount = new JsonArray(Quantity("lovelace", value.Coin.Exact));
        foreach (var (asset, quantity) in value.Assets)
        {
            amount.Add(Quantity($"{asset}", quantity));
        }

        return amount;
    }

    public static JsonObject Quantity(string unit, Int128 quantity) => new() { ["unit"] = unit, ["quantity"] = Text(quantity) };

    public static JsonNode? DataHash(TxOutput output) =>
        output.Datum switch
        {
            TxDatum.ByHash byHash => $"{byHash.Hash}",
            TxDatum.Inline inline => $"{inline.Datum.Hash}",
            _ => null,
        };

    public static JsonNode? InlineDatum(TxOutput output) => output.Datum is TxDatum.Inline inline ? Hex(inline.Datum.Bytes) : null;

    public static JsonNode? ReferenceScriptHash(TxOutput output) => output.ReferenceScript is { } script ? $"{script.Hash}" : null;

    /// <summary>Null when it is nested too deeply for JSON: then there is only the CBOR.</summary>
    public static JsonNode? Metadata(Metadatum metadatum)
    {
        try
        {
            return MetadatumJson.ToJson(metadatum);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>As the address lists show transactions.</summary>
    public static JsonObject Place(TransactionRecord record, SlotConfig slots) =>
        new()
        {
            ["tx_hash"] = $"{record.Transaction.Id}",
            ["tx_index"] = record.Index,
            ["block_height"] = record.Block.Height,
            ["block_time"] = Time(record.Block, slots),
        };

    /// <summary>As the lists of unspent outputs show them.</summary>
    public static JsonObject Utxo(Utxo utxo, ChainIndex index) =>
        new()
        {
            ["address"] = $"{utxo.Output.Address}",
            ["tx_hash"] = $"{utxo.Input.TxId}",
            ["tx_index"] = utxo.Input.Index,
            ["output_index"] = utxo.Input.Index,
            ["amount"] = Amount(utxo.Output.Value),
            ["block"] = $"{index.Outputs[utxo.Input].Block.Hash}",
            ["data_hash"] = DataHash(utxo.Output),
            ["inline_datum"] = InlineDatum(utxo.Output),
            ["reference_script_hash"] = ReferenceScriptHash(utxo.Output),
        };

    /// <summary>Null when it is nested too deeply for JSON: then there is only the CBOR.</summary>
    public static JsonObject? Data(PlutusData data)
    {
        try
        {
            return PlutusDataJson.ToJson(data);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static long Time(LedgerBlock block, SlotConfig slots) => slots.TimeOf(block.Slot).ToUnixTimeSeconds();

    /// <summary>As <see cref="Amount"/>, summed over outputs. An asset's sum may exceed 64 bits.</summary>
    public static JsonArray AmountOf(IEnumerable<TxOutput> outputs)
    {
        var coin = Int128.Zero;
        var assets = new SortedDictionary<AssetId, Int128>();
        foreach (var value in outputs.Select(o => o.Value))
        {
            coin += value.Coin.Exact;
            foreach (var (asset, quantity) in value.Assets)
            {
                assets[asset] = assets.GetValueOrDefault(asset) + quantity;
            }
        }

        return
        [
            new JsonObject { ["unit"] = "lovelace", ["quantity"] = $"{coin}" },
            .. assets.Select(a => (JsonNode)new JsonObject { ["unit"] = $"{a.Key}", ["quantity"] = $"{a.Value}" }),
        ];
    }

    /// <summary>The lovelace of all outputs.</summary>
    public static string Lovelace(IEnumerable<TxOutput> outputs) => $"{outputs.Aggregate(Int128.Zero, (sum, o) => sum + o.Value.Coin.Exact)}";
}
