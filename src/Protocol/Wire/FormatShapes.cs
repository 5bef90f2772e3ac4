using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>A text whose rule the document names by a <c>format</c>.</summary>
internal sealed class FormatShape(Shape<string> text, string format, Func<string, bool> isFine, string issue) : Shape<string>
{
    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out string value) =>
        text.TryRead(element, reading, out value) && (isFine(value) || reading.Refuse(issue));

    public override void Write(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    public override JsonObject Describe(SchemaBook schemas)
    {
        var schema = text.Describe(schemas);
        schema["format"] = format;
        return schema;
    }

    /// <summary>A scheme and what follows: a path alone is an address to .NET on Unix, and none to the browsers' URL that the reference reads with.</summary>
    public static bool IsUrl(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && !text.Contains('\0', StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out _);

    public static bool IsCuid(string text) => text is ['c' or 'C', _, _, _, _, _, _, _, _, ..] && !text.Any(c => c == '-' || char.IsWhiteSpace(c));
}

/// <summary>An object whose members are the sender's own.</summary>
internal sealed class AnyObjectShape : Shape<JsonElement>
{
    public override bool TryRead(JsonElement element, Reading reading, out JsonElement value)
    {
        var isObject = element.ValueKind == JsonValueKind.Object;

        // It outlives the text that it was read from.
        value = isObject ? element.Clone() : default;
        return isObject || reading.Refuse(reading.Words.WrongType("record", element));
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value) => value.WriteTo(writer);

    public override JsonObject Describe(SchemaBook schemas) => new() { ["type"] = "object", ["additionalProperties"] = new JsonObject() };
}
