using System.Formats.Cbor;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Node.Verbs;

/// <summary>
/// Outputs with their references, in the forms that tools write: cardano-cli's <c>query utxo</c> object, Ogmios' rows (version 6, and the pairs of version 5
/// that Blockfrost's <c>evaluate/utxos</c> takes), Blockfrost's rows, an object of CBOR hex by reference, and a CBOR map of inputs to outputs.
/// </summary>
internal static class UtxoFile
{
    /// <summary>Reads outputs; throws <see cref="FormatException"/> for anything else.</summary>
    public static Dictionary<TxInput, TxOutput> Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var first = bytes.Span.TrimStart(" \t\r\n"u8);
            if (first.IsEmpty || first[0] is not ((byte)'{' or (byte)'['))
            {
                return ReadCbor(HexFile.Unwrap(bytes));
            }

            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.EnumerateObject().ToDictionary(p => TxInput.Parse(p.Name), p => Output(p.Value))
                : json.RootElement.EnumerateArray().Select(Row).ToDictionary(r => r.Input, r => r.Output);
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException or CborContentException)
        {
            throw new FormatException("outputs that cannot be read: " + e.Message, e);
        }
    }

    private static Dictionary<TxInput, TxOutput> ReadCbor(ReadOnlyMemory<byte> bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Lax);
        var outputs = new Dictionary<TxInput, TxOutput>();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            reader.ReadStartArray();
            var input = new TxInput(new TransactionId(new Hash32(reader.ReadByteString())), reader.ReadInt32());
            reader.ReadEndArray();
            outputs.Add(input, TxOutput.FromCbor(reader.ReadEncodedValue().ToArray()));
        }

        return outputs;
    }

    private static (TxInput Input, TxOutput Output) Row(JsonElement row)
    {
        if (row.ValueKind == JsonValueKind.Array && row.GetArrayLength() != 2)
        {
            throw new FormatException($"a pair of input and output has 2 items, this one {row.GetArrayLength()}");
        }

        var (reference, output) = row.ValueKind == JsonValueKind.Array ? (row[0], row[1]) : (row, row);
        var id =
            Text(reference, "tx_hash")
            ?? Text(reference, "txId")
            ?? (reference.TryGetProperty("transaction", out var transaction) ? Text(transaction, "id") : null)
            ?? throw new FormatException("a row without tx_hash, txId or transaction.id");
        var index = reference.TryGetProperty("output_index", out var number) ? number : reference.GetProperty("index");
        return (new TxInput(TransactionId.Parse(id), index.GetUInt16()), Output(output));
    }

    private static TxOutput Output(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return TxOutput.FromCbor(Convert.FromHexString(json.GetString()!));
        }

        var value = json.TryGetProperty("amount", out var amounts) ? Amounts(amounts) : ValueOf(json.GetProperty("value"));
        return new TxOutput(Address.Parse(json.GetProperty("address").GetString()!), value, DatumOf(json), ScriptOf(json));
    }

    private static Value Amounts(JsonElement amounts) =>
        Sum(amounts.EnumerateArray().Select(a => (a.GetProperty("unit").GetString()!, Number(a.GetProperty("quantity")))));

    // {"lovelace": n, policy: {name: n}}, {"ada": {"lovelace": n}, policy: {name: n}} or {"coins": n, "assets": {unit: n}}.
    private static Value ValueOf(JsonElement value) => Sum(Quantities(value));

    private static IEnumerable<(string Unit, Int128 Quantity)> Quantities(JsonElement value)
    {
        foreach (var entry in value.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Object)
            {
                yield return ("lovelace", Number(entry.Value));
                continue;
            }

            foreach (var inner in entry.Value.EnumerateObject())
            {
                var unit =
                    entry.Name == "ada" ? "lovelace"
                    : entry.Name == "assets" ? inner.Name.Replace(".", "", StringComparison.Ordinal)
                    : entry.Name + inner.Name;
                yield return (unit, Number(inner.Value));
            }
        }
    }

    private static Value Sum(IEnumerable<(string Unit, Int128 Quantity)> quantities)
    {
        var coin = Lovelace.Zero;
        var assets = new Dictionary<AssetId, Int128>();
        foreach (var (unit, quantity) in quantities)
        {
            if (unit == "lovelace")
            {
                coin += new Lovelace(checked((long)quantity));
            }
            else
            {
                assets.Add(AssetId.Parse(unit), quantity);
            }
        }

        return Value.Of(coin, assets);
    }

    private static TxDatum? DatumOf(JsonElement json)
    {
        if ((Text(json, "inlineDatumRaw") ?? Text(json, "inline_datum") ?? Text(json, "datum")) is { } hex)
        {
            return new TxDatum.Inline(Datum.FromCbor(Convert.FromHexString(hex)));
        }

        if (json.TryGetProperty("inlineDatum", out var detailed) && detailed.ValueKind == JsonValueKind.Object)
        {
            return new TxDatum.Inline(Datum.Of(PlutusDataJson.FromJson(detailed)));
        }

        return (Text(json, "datumhash") ?? Text(json, "datumHash") ?? Text(json, "data_hash")) is { } hash ? new TxDatum.ByHash(DatumHash.Parse(hash)) : null;
    }

    private static Script? ScriptOf(JsonElement json)
    {
        if (Text(json, "reference_script_hash") is { } hash)
        {
            throw new FormatException($"the reference script {hash} by its hash alone; its bytes are needed");
        }

        if (json.TryGetProperty("referenceScript", out var cli) && cli.ValueKind == JsonValueKind.Object)
        {
            var script = cli.GetProperty("script");
            return Of(script.GetProperty("type").GetString()!, script.GetProperty("cborHex").GetString()!);
        }

        if (!json.TryGetProperty("script", out var ogmios) || ogmios.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (ogmios.TryGetProperty("language", out var language))
        {
            return Of(language.GetString()!, ogmios.GetProperty("cbor").GetString()!);
        }

        var only = ogmios.EnumerateObject().Single();
        return Of(only.Name, only.Value.GetString()!);
    }

    private static Script Of(string language, string hex) =>
        language switch
        {
            "PlutusScriptV1" or "plutus:v1" => Script.FromCompiledCode(ScriptLanguage.PlutusV1, hex),
            "PlutusScriptV2" or "plutus:v2" => Script.FromCompiledCode(ScriptLanguage.PlutusV2, hex),
            "PlutusScriptV3" or "plutus:v3" => Script.FromCompiledCode(ScriptLanguage.PlutusV3, hex),
            "SimpleScript" or "native" => new Script(ScriptLanguage.Native, Convert.FromHexString(hex)),
            _ => throw new FormatException($"the script language {language}"),
        };

    private static Int128 Number(JsonElement json) =>
        Digits.TryRead<Int128>(json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText(), out var number)
            ? number
            : throw new FormatException("a quantity that is no whole number");

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
