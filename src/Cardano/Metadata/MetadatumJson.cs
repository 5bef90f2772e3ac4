using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Cardano.Metadata;

/// <summary>
/// Metadata as JSON without a schema, the way cardano-cli reads it and explorers show it: integers are numbers, bytes are
/// <c>"0x" + hex</c>, map keys become strings. Not a bijection: reading back takes a text like <c>0xab</c> for bytes, and a key like
/// <c>42</c> for an integer. Where bytes matter, use CBOR.
/// </summary>
public static class MetadatumJson
{
    /// <summary>Deeper metadata has CBOR only; JSON parsers refuse it anyway.</summary>
    public const int MaxDepth = 60;

    private const string BytesPrefix = "0x";
    private static readonly SearchValues<char> LowercaseHex = SearchValues.Create("0123456789abcdef");

    /// <summary>The JSON; throws <see cref="FormatException"/> beyond <see cref="MaxDepth"/>.</summary>
    public static JsonNode ToJson(Metadatum metadatum) => ToJson(metadatum, 0);

    /// <summary>
    /// Metadata from JSON; throws <see cref="FormatException"/> for null, booleans, fractions, integers beyond 64 bits, texts over 64
    /// UTF-8 bytes, and beyond <see cref="MaxDepth"/>.
    /// </summary>
    public static Metadatum FromJson(JsonElement json)
    {
        try
        {
            return FromJson(json, 0);
        }
        catch (InvalidOperationException e)
        {
            // How the parser calls an escaped half of a surrogate pair.
            throw new FormatException(e.Message, e);
        }
    }

    private static JsonNode ToJson(Metadatum metadatum, int depth) =>
        depth > MaxDepth
            ? throw new FormatException($"Metadata nested deeper than {MaxDepth}.")
            : metadatum switch
            {
                Metadatum.Int number => JsonNode.Parse(number.Value.ToString(CultureInfo.InvariantCulture))!,
                Metadatum.Bytes bytes => JsonValue.Create(Hex(bytes)),
                Metadatum.Text text => JsonValue.Create(text.Value),
                Metadatum.List list => new JsonArray([.. list.Items.Select(i => ToJson(i, depth + 1))]),
                Metadatum.Map map => ToObject(map, depth),
                _ => throw new InvalidOperationException($"No such metadatum: {metadatum.GetType()}."),
            };

    private static JsonObject ToObject(Metadatum.Map map, int depth)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map.Entries)
        {
            // Metadata may repeat a key, JSON may not: the last one stands, as in every JSON object.
            json[Key(key, depth)] = ToJson(value, depth + 1);
        }

        return json;
    }

    private static string Key(Metadatum key, int depth) =>
        key switch
        {
            Metadatum.Int number => number.Value.ToString(CultureInfo.InvariantCulture),
            Metadatum.Bytes bytes => Hex(bytes),
            Metadatum.Text text => text.Value,
            _ => ToJson(key, depth + 1).ToJsonString(),
        };

    private static string Hex(Metadatum.Bytes bytes) => BytesPrefix + Convert.ToHexStringLower(bytes.Value.Span);

    private static Metadatum FromJson(JsonElement json, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"Metadata nested deeper than {MaxDepth}.");
        }

        return json.ValueKind switch
        {
            JsonValueKind.Number => Integer(json.GetRawText()) ?? throw new FormatException($"Metadata holds 64-bit integers only, got {json.GetRawText()}."),
            JsonValueKind.String => TextOrBytes(json.GetString()!),
            JsonValueKind.Array => new Metadatum.List([.. json.EnumerateArray().Select(i => FromJson(i, depth + 1))]),
            JsonValueKind.Object => new Metadatum.Map([
                .. json.EnumerateObject()
                    .Select(p => new KeyValuePair<Metadatum, Metadatum>(Integer(p.Name) ?? TextOrBytes(p.Name), FromJson(p.Value, depth + 1))),
            ]),
            _ => throw new FormatException($"Metadata has no {json.ValueKind}."),
        };
    }

    private static Metadatum.Int? Integer(string text)
    {
        var isNumber = Digits.TryReadSigned<BigInteger>(text, out var value);
        return isNumber && text[0] != '+' && value <= ulong.MaxValue && value >= -BigInteger.One - ulong.MaxValue ? new Metadatum.Int(value) : null;
    }

    private static Metadatum TextOrBytes(string text)
    {
        if (text.StartsWith(BytesPrefix, StringComparison.Ordinal) && IsLowercaseHex(text.AsSpan(BytesPrefix.Length)))
        {
            var bytes = Convert.FromHexString(text.AsSpan(BytesPrefix.Length));
            return bytes.Length <= Metadatum.MaxLength ? new Metadatum.Bytes(bytes) : throw TooLong(bytes.Length);
        }

        return Encoding.UTF8.GetByteCount(text) is var length && length <= Metadatum.MaxLength ? new Metadatum.Text(text) : throw TooLong(length);
    }

    private static bool IsLowercaseHex(ReadOnlySpan<char> digits) => digits.Length % 2 == 0 && !digits.ContainsAnyExcept(LowercaseHex);

    private static FormatException TooLong(int length) => new($"Metadata of {length} bytes in one piece, at most {Metadatum.MaxLength} are allowed.");
}
