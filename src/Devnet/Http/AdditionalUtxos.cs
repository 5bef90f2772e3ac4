using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Http;

/// <summary>
/// The <c>additionalUtxoSet</c> of an evaluation: pairs of an input and an output as Ogmios writes them. Version 5 in all fields;
/// version 6 where it differs (<c>transaction.id</c>, <c>value.ada.lovelace</c>, scripts with a <c>language</c>). Throws
/// <see cref="FormatException"/>.
/// </summary>
internal static class AdditionalUtxos
{
    private const int Most = 1000;

    public static IReadOnlyCollection<Utxo> Read(JsonElement body)
    {
        if (!body.TryGetProperty("additionalUtxoSet", out var set) || set.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (set.ValueKind != JsonValueKind.Array || set.GetArrayLength() > Most)
        {
            throw new FormatException($"additionalUtxoSet: a list of at most {Most} pairs.");
        }

        // Of an output given twice, the later one stands.
        return [.. set.EnumerateArray().Select(ReadPair).GroupBy(u => u.Input).Select(g => g.Last())];
    }

    private static Utxo ReadPair(JsonElement pair)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
        {
            throw new FormatException("additionalUtxoSet: every entry is a pair of input and output.");
        }

        return new Utxo(ReadInput(pair[0]), ReadOutput(pair[1]));
    }

    private static TxInput ReadInput(JsonElement json)
    {
        var id = Find(json, "txId") ?? (Find(json, "transaction") is { } transaction ? Find(transaction, "id") : null);
        return TransactionId.TryParse(Text(id), out var hash) && Find(json, "index") is { } index
            ? new TxInput(hash, (int)Number(index, ushort.MaxValue))
            : throw new FormatException("additionalUtxoSet: an input has a 'txId' and an 'index'.");
    }

    private static TxOutput ReadOutput(JsonElement json)
    {
        if (!Address.TryParse(Text(Find(json, "address")), out var address) || Find(json, "value") is not { } value)
        {
            throw new FormatException("additionalUtxoSet: an output has an 'address' and a 'value'.");
        }

        var datum =
            Text(Find(json, "datum")) is { } cbor ? new TxDatum.Inline(ReadDatum(cbor))
            : Text(Find(json, "datumHash") ?? Find(json, "datum_hash")) is { } hash ? new TxDatum.ByHash(DatumHash.Parse(hash))
            : Find(json, "datum") is { } data ? new TxDatum.Inline(Datum.Of(PlutusDataJson.FromJson(data)))
            : (TxDatum?)null;
        return new TxOutput(address, ReadValue(value), datum, Find(json, "script") is { } script ? ReadScript(script) : null);
    }

    // Version 5: coins, and assets by 'policy.name'. Version 6: ada.lovelace, and names below policies. Some clients mix the two.
    private static Value ReadValue(JsonElement json)
    {
        var lovelace =
            Find(json, "coins")
            ?? (Find(json, "ada") is { } ada ? Find(ada, "lovelace") : null)
            ?? throw new FormatException("additionalUtxoSet: a value has 'coins'.");
        var dotted = Members(Find(json, "assets")).Select(a => (Unit: a.Name.Replace(".", "", StringComparison.Ordinal), a.Value));
        var nested = Members(json)
            .Where(m => m.Name is not ("coins" or "ada" or "assets"))
            .SelectMany(policy => Members(policy.Value).Select(a => (Unit: policy.Name + a.Name, a.Value)));
        var assets = dotted.Concat(nested).Select(a => KeyValuePair.Create(Asset(a.Unit), (Int128)Number(a.Value, ulong.MaxValue)));
        return Value.Of(new Lovelace((long)Number(lovelace, long.MaxValue)), [.. assets]);
    }

    private static Datum ReadDatum(string cbor)
    {
        try
        {
            return Datum.FromCbor(Convert.FromHexString(cbor));
        }
        catch (CborFormatException e)
        {
            throw new FormatException($"additionalUtxoSet: datum: {e.Message}", e);
        }
    }

    private static Script ReadScript(JsonElement json)
    {
        var (language, cbor) = Find(json, "language") is { } name ? (Text(name), Text(Find(json, "cbor"))) : (null, null);
        foreach (var member in Members(json).Where(m => language is null && m.Value.ValueKind == JsonValueKind.String))
        {
            (language, cbor) = (member.Name, Text(member.Value));
        }

        if (cbor is null)
        {
            throw new FormatException("additionalUtxoSet: a script is given as CBOR in hex, under its language.");
        }

        return language switch
        {
            "plutus:v1" => Script.FromCompiledCode(ScriptLanguage.PlutusV1, cbor),
            "plutus:v2" => Script.FromCompiledCode(ScriptLanguage.PlutusV2, cbor),
            "plutus:v3" => Script.FromCompiledCode(ScriptLanguage.PlutusV3, cbor),
            "native" => new Script(ScriptLanguage.Native, Convert.FromHexString(cbor)),
            _ => throw new FormatException($"additionalUtxoSet: no such script language: '{language}'."),
        };
    }

    private static AssetId Asset(string unit) =>
        AssetId.TryParse(unit, out var asset) ? asset : throw new FormatException($"additionalUtxoSet: no such asset: '{unit}'.");

    private static JsonElement? Find(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonProperty[] Members(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } found ? [.. found.EnumerateObject()] : [];

    private static string? Text(JsonElement? json) => json is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static ulong Number(JsonElement json, ulong most)
    {
        var text = json.ValueKind == JsonValueKind.Number ? json.GetRawText() : Text(json);
        return Digits.TryRead<ulong>(text, out var number) && number <= most
            ? number
            : throw new FormatException($"additionalUtxoSet: not a whole number up to {most}: '{text}'.");
    }
}
