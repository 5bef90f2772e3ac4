using System.Buffers;
using System.Text.Json;
using Masumi.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Masumi.Http;

/// <summary>The input of a request as one JSON value: its body, or its query string as an object of texts.</summary>
internal static class RequestReader
{
    private static readonly JsonDocument Empty = JsonDocument.Parse("{}");

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>Reads it; a refusal where it cannot be read.</summary>
    public static async ValueTask<(JsonDocument? Input, Refusal? Refusal)> ReadAsync(HttpContext http, bool isQuery, int longest)
    {
        if (isQuery)
        {
            return (OfQuery(http), null);
        }

        var (bytes, refusal) = await BodyAsync(http, longest);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        // Some proxies strip the body of a DELETE: the same members are taken from the query string.
        if (bytes.Length == 0)
        {
            return (OfQuery(http), null);
        }

        return IsJson(http.Request.ContentType) ? Parse(bytes) : (null, CommonRefusals.NotJson.With());
    }

    /// <summary>Gives back what a document holds, unless it is everybody's.</summary>
    public static void Release(JsonDocument input)
    {
        if (!ReferenceEquals(input, Empty))
        {
            input.Dispose();
        }
    }

    private static JsonDocument OfQuery(HttpContext http)
    {
        if (!http.Request.QueryString.HasValue)
        {
            return Empty;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in http.Request.Query)
            {
                writer.WritePropertyName(name);
                if (values.Count == 1)
                {
                    writer.WriteStringValue(values[0]);
                    continue;
                }

                writer.WriteStartArray();
                foreach (var value in values)
                {
                    writer.WriteStringValue(value);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static async ValueTask<(ReadOnlyMemory<byte> Bytes, Refusal? Refusal)> BodyAsync(HttpContext http, int longest)
    {
        if (http.Request.ContentLength > longest)
        {
            return (default, CommonRefusals.TooLarge.With());
        }

        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > longest)
            {
                body.AdvanceTo(read.Buffer.End);
                return (default, CommonRefusals.TooLarge.With());
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return (bytes, null);
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static (JsonDocument? Input, Refusal? Refusal) Parse(ReadOnlyMemory<byte> bytes)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes.Span.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes, JsonText.Reading);
            if (document.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                document.Dispose();
                return (null, CommonRefusals.MalformedJson.With(("place", ": an object is needed")));
            }

            // Looking at every text now finds those that are none here instead of in a use case.
            Touch(document.RootElement);
            return (document, null);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            document?.Dispose();
            var place = e is JsonException { LineNumber: { } line, BytePositionInLine: { } at }
                ? FormattableString.Invariant($" at line {line + 1}, byte {at + 1}")
                : "";
            return (null, CommonRefusals.MalformedJson.With(("place", place)));
        }
    }

    // A missing type is taken for JSON, as nothing else is served.
    private static bool IsJson(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || (
            MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (
                type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            )
            && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        );

    // Escaped lone surrogates are no text.
    private static void Touch(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Touch(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Touch(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }
}
