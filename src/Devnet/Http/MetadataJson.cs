using System.Formats.Cbor;
using System.Numerics;
using System.Text.Json.Nodes;
using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>Metadata as chain APIs show it: numbers, text, bytes as 0x-hex, lists, and maps with text keys.</summary>
internal static class MetadataJson
{
    public static JsonNode Of(Metadatum metadatum) =>
        metadatum switch
        {
            Metadatum.Int number => Number(number.Value),
            Metadatum.Bytes bytes => JsonValue.Create($"0x{Json.Hex(bytes.Value)}"),
            Metadatum.Text text => JsonValue.Create(text.Value),
            Metadatum.List list => new JsonArray([.. list.Items.Select(Of)]),
            Metadatum.Map map => Map(map),
            _ => throw new InvalidOperationException("An unknown metadatum case."),
        };

    /// <summary>The map {label: metadatum}.</summary>
    public static byte[] ToCbor(ulong label, Metadatum metadatum)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartMap(1);
        writer.WriteUInt64(label);
        Write(writer, metadatum);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static JsonNode Number(BigInteger number) =>
        number >= long.MinValue && number <= long.MaxValue ? JsonValue.Create((long)number) : JsonNode.Parse(number.ToString())!;

    private static JsonObject Map(Metadatum.Map map)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map.Entries)
        {
            var name = key switch
            {
                Metadatum.Text text => text.Value,
                Metadatum.Bytes bytes => $"0x{Json.Hex(bytes.Value)}",
                _ => Of(key).ToJsonString(),
            };
            json[name] = Of(value);
        }

        return json;
    }

    private static void Write(CborWriter writer, Metadatum metadatum)
    {
        switch (metadatum)
        {
            case Metadatum.Int { Value.Sign: < 0 } number:
                writer.WriteCborNegativeIntegerRepresentation((ulong)(-1 - number.Value));
                break;
            case Metadatum.Int number:
                writer.WriteUInt64((ulong)number.Value);
                break;
            case Metadatum.Bytes bytes:
                writer.WriteByteString(bytes.Value.Span);
                break;
            case Metadatum.Text text:
                writer.WriteTextString(text.Value);
                break;
            case Metadatum.List list:
                writer.WriteStartArray(list.Items.Length);
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case Metadatum.Map map:
                writer.WriteStartMap(map.Entries.Length);
                foreach (var (key, value) in map.Entries)
                {
                    Write(writer, key);
                    Write(writer, value);
                }

                writer.WriteEndMap();
                break;
        }
    }
}
