using System.Buffers;
using System.Text.Json;
using Masumi.Cardano.Metadata;

namespace Masumi.Payments.Registry;

/// <summary>Metadata that is handed through, as JSON: strangers wrote it, so that it may be anything, nested as deep as they liked.</summary>
internal static class MetadataJson
{
    private const int Deepest = 32;

    /// <summary>The object; null where there is none, or where it nests deeper than JSON readers go.</summary>
    public static JsonElement? Of(Metadatum? metadatum)
    {
        if (metadatum is not Metadatum.Map map)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            if (!TryWrite(writer, map, Deepest))
            {
                return null;
            }
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static bool TryWrite(Utf8JsonWriter writer, Metadatum metadatum, int depth)
    {
        switch (metadatum)
        {
            case Metadatum.Text text:
                writer.WriteStringValue(text.Value);
                return true;
            case Metadatum.Int number:
                writer.WriteRawValue(number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
                return true;
            case Metadatum.Bytes bytes:
                writer.WriteStringValue(Convert.ToHexStringLower(bytes.Value.Span));
                return true;
            case Metadatum.List list when depth > 0:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    if (!TryWrite(writer, item, depth - 1))
                    {
                        return false;
                    }
                }

                writer.WriteEndArray();
                return true;
            case Metadatum.Map map when depth > 0:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    writer.WritePropertyName(
                        key switch
                        {
                            Metadatum.Text text => text.Value,
                            Metadatum.Int number => number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                            Metadatum.Bytes bytes => Convert.ToHexStringLower(bytes.Value.Span),
                            _ => "",
                        }
                    );
                    if (!TryWrite(writer, value, depth - 1))
                    {
                        return false;
                    }
                }

                writer.WriteEndObject();
                return true;
            default:
                return false;
        }
    }
}
