using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Cardano.Scripts;

/// <summary>
/// Plutus data as JSON in the detailed schema of cardano-cli and Blockfrost: <c>{"constructor":0,"fields":[…]}</c>, <c>{"int":1}</c>,
/// <c>{"bytes":"00"}</c>, <c>{"list":[…]}</c>, <c>{"map":[{"k":…,"v":…}]}</c>. Both directions are exact; only the CBOR encoding is lost.
/// </summary>
public static class PlutusDataJson
{
    /// <summary>Deeper data has CBOR only: each level is two levels of JSON, and writers refuse more than 1000 of those.</summary>
    public const int MaxDepth = 499;

    // More than any integer in a transaction has.
    private const int MaxDigits = 40_000;

    /// <summary>The JSON; throws <see cref="FormatException"/> beyond <see cref="MaxDepth"/>.</summary>
    public static JsonObject ToJson(PlutusData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ToJson(data, 1);
    }

    /// <summary>
    /// Data from JSON; throws <see cref="FormatException"/> for anything outside the schema, members too many included, and beyond
    /// <see cref="MaxDepth"/>.
    /// </summary>
    public static PlutusData FromJson(JsonElement json)
    {
        try
        {
            return FromJson(json, 1);
        }
        catch (InvalidOperationException e)
        {
            // How the parser calls an escaped half of a surrogate pair.
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>As <see cref="FromJson(JsonElement)"/>; what is no JSON throws <see cref="FormatException"/> too.</summary>
    public static PlutusData FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = (2 * MaxDepth) + 2 });
            return FromJson(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The parser calls half a surrogate pair a bad argument.
            throw new FormatException($"Not JSON: {e.Message}", e);
        }
    }

    private static JsonObject ToJson(PlutusData data, int depth)
    {
        Limit(depth);
        return data switch
        {
            PlutusData.Constr constr => new JsonObject
            {
                ["constructor"] = constr.Tag,
                ["fields"] = new JsonArray([.. constr.Fields.Select(f => ToJson(f, depth + 1))]),
            },
            PlutusData.Integer integer => new JsonObject { ["int"] = JsonNode.Parse(integer.Value.ToString(CultureInfo.InvariantCulture)) },
            PlutusData.Bytes bytes => new JsonObject { ["bytes"] = Convert.ToHexStringLower(bytes.Value.Span) },
            PlutusData.List list => new JsonObject { ["list"] = new JsonArray([.. list.Items.Select(i => ToJson(i, depth + 1))]) },
            PlutusData.Map map => new JsonObject
            {
                ["map"] = new JsonArray([.. map.Entries.Select(e => new JsonObject { ["k"] = ToJson(e.Key, depth + 1), ["v"] = ToJson(e.Value, depth + 1) })]),
            },
            _ => throw new InvalidOperationException($"No such Plutus data: {data.GetType()}."),
        };
    }

    private static PlutusData FromJson(JsonElement json, int depth)
    {
        Limit(depth);
        return Members(json) switch
        {
            [{ Name: "int", Value: var value }] => new PlutusData.Integer(Integer(value)),
            [{ Name: "bytes", Value: { ValueKind: JsonValueKind.String } value }] => new PlutusData.Bytes(Convert.FromHexString(value.GetString()!)),
            [{ Name: "list", Value: var value }] => new PlutusData.List([.. Items(value).Select(i => FromJson(i, depth + 1))]),
            [{ Name: "map", Value: var value }] => new PlutusData.Map([.. Items(value).Select(e => Entry(e, depth))]),
            [{ Name: "constructor", Value: var tag }, { Name: "fields", Value: var fields }] => Constr(tag, fields, depth),
            [{ Name: "fields", Value: var fields }, { Name: "constructor", Value: var tag }] => Constr(tag, fields, depth),
            _ => throw Bad("an object with other members than the schema's"),
        };
    }

    private static PlutusData.Constr Constr(JsonElement tag, JsonElement fields, int depth) =>
        tag.ValueKind == JsonValueKind.Number && tag.TryGetUInt64(out var number)
            ? new PlutusData.Constr(number, [.. Items(fields).Select(f => FromJson(f, depth + 1))])
            : throw Bad("a constructor that is no unsigned 64-bit number");

    private static KeyValuePair<PlutusData, PlutusData> Entry(JsonElement json, int depth) =>
        Members(json) switch
        {
            [{ Name: "k", Value: var key }, { Name: "v", Value: var value }] => new(FromJson(key, depth + 1), FromJson(value, depth + 1)),
            [{ Name: "v", Value: var value }, { Name: "k", Value: var key }] => new(FromJson(key, depth + 1), FromJson(value, depth + 1)),
            _ => throw Bad("a map entry without exactly k and v"),
        };

    private static BigInteger Integer(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.GetRawText() is { Length: <= MaxDigits } text && Digits.TryReadSigned<BigInteger>(text, out var number)
            ? number
            : throw Bad($"an int that is no whole number of at most {MaxDigits} digits");

    private static JsonProperty[] Members(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? [.. json.EnumerateObject().Take(3)] : throw Bad($"{json.ValueKind}");

    private static JsonElement.ArrayEnumerator Items(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : throw Bad($"{json.ValueKind} instead of an array");

    private static void Limit(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"Plutus data nested deeper than {MaxDepth}.");
        }
    }

    private static FormatException Bad(string found) => new($"Plutus data in JSON was expected, found {found}.");
}
