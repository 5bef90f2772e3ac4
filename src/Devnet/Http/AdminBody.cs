using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Devnet.Http;

/// <summary>
/// The JSON object a verb is given. What it cannot mean is a <see cref="FormatException"/> that names the field, also a field the verb does
/// not have: a misspelt one must not fall back to its default.
/// </summary>
internal sealed class AdminBody
{
    private readonly JsonObject _fields;

    private AdminBody(JsonObject fields)
    {
        _fields = fields;
    }

    /// <summary>No body is an empty object.</summary>
    public static AdminBody Read(ApiRequest request, params ReadOnlySpan<string> known)
    {
        var fields = request.Body.IsEmpty ? [] : Parse(request.Body);
        foreach (var (name, _) in fields)
        {
            if (!known.Contains(name))
            {
                throw new FormatException($"{name}: unknown. Known here: {(known.IsEmpty ? "nothing" : string.Join(", ", known))}.");
            }
        }

        return new AdminBody(fields);
    }

    /// <summary>A whole number up to <paramref name="max"/>, as a number or in decimal digits.</summary>
    public long Count(string name, long max, long? otherwise = null)
    {
        var number = _fields.ContainsKey(name) ? Number(_fields[name]) : otherwise;
        return number is >= 0 && number <= max ? number.Value : throw new FormatException($"{name}: a whole number from 0 to {max}.");
    }

    public bool Flag(string name) =>
        _fields[name] switch
        {
            null => false,
            JsonValue value when value.TryGetValue(out bool flag) => flag,
            _ => throw new FormatException($"{name}: true or false."),
        };

    /// <summary>A text; null when there is none.</summary>
    public string? Text(string name) =>
        _fields[name] is not { } node ? null
        : AsText(node) is { } text ? text
        : throw new FormatException($"{name}: a text.");

    /// <summary>An element as it is.</summary>
    public JsonNode? this[string name] => _fields[name];

    public static string? AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static long? Number(JsonNode? node)
    {
        if (node is JsonValue value && value.TryGetValue(out long number))
        {
            return number;
        }

        return Digits.TryReadSigned(AsText(node), out number) ? number : null;
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false };
            var fields = JsonNode.Parse(body.Span, documentOptions: options) as JsonObject ?? throw new FormatException("The body is not a JSON object.");
            ReadTexts(fields);
            return fields;
        }
        catch (JsonException e)
        {
            throw new FormatException("The body is not a JSON object.", e);
        }
        catch (InvalidOperationException e)
        {
            // How the parser calls an escaped half of a surrogate pair.
            throw new FormatException("The body has a text that is none: half a surrogate pair.", e);
        }
    }

    // The parser looks into names and texts when somebody asks for them, and by then nobody thinks of it.
    private static void ReadTexts(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (_, value) in fields)
                {
                    ReadTexts(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    ReadTexts(item);
                }

                break;
            case JsonValue value:
                value.TryGetValue(out string? _);
                break;
        }
    }
}
