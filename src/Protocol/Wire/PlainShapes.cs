using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Masumi.Protocol.Wire;

internal sealed class TextShape(int least, int most, string? pattern, string? issue) : Shape<string>
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(200);

    private readonly Regex? _pattern = pattern is null ? null : new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ECMAScript, LongestMatch);

    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (element.ValueKind != JsonValueKind.String)
        {
            return reading.Refuse(reading.Words.WrongType("string", element));
        }

        // Each rule that is broken is told, as the libraries of both services do.
        value = element.GetString()!;
        var isLong = value.Length >= least || reading.Refuse(reading.Words.TextTooShort(least));
        var isShort = value.Length <= most || reading.Refuse(reading.Words.TextTooLong(most));
        var isOfForm =
            _pattern is null
            || (!value.EndsWith('\n') && _pattern.IsMatch(value))
            || reading.Refuse(issue ?? $"Invalid string: must match pattern /{pattern}/");
        return isLong && isShort && isOfForm;
    }

    public override void Write(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    public override JsonObject Describe(SchemaBook schemas)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (least > 0)
        {
            schema["minLength"] = least;
        }

        if (most < int.MaxValue)
        {
            schema["maxLength"] = most;
        }

        if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }

        return schema;
    }
}

internal sealed class WordShape<T>(ImmutableArray<T> words) : Shape<T>
    where T : struct, Enum
{
    private readonly ImmutableArray<string> _texts = [.. words.Select(w => Protocol.Word.Text(w))];

    public static WordShape<T> Whole { get; } = new([.. WordTable<T>.Texts.Select(t => Protocol.Word.Parse<T>(t))]);

    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return (element.ValueKind == JsonValueKind.String && Protocol.Word.TryParse(element.GetString(), out value) && words.Contains(value))
            || reading.Refuse(reading.Words.NoneOf(_texts, element));
    }

    public override void Write(Utf8JsonWriter writer, T value) => writer.WriteStringValue(Protocol.Word.Text(value));

    public override JsonObject Describe(SchemaBook schemas) => ChoiceShape.Schema(_texts);
}

internal sealed class ChoiceShape(ImmutableArray<string> texts) : Shape<string>
{
    public static JsonObject Schema(ImmutableArray<string> texts) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. texts.Select(t => (JsonNode?)JsonValue.Create(t))]) };

    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        return (element.ValueKind == JsonValueKind.String && texts.Contains(value, StringComparer.Ordinal))
            || reading.Refuse(reading.Words.NoneOf(texts, element));
    }

    public override void Write(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    public override JsonObject Describe(SchemaBook schemas) => Schema(texts);
}

internal sealed class BooleanShape(bool takesText) : Shape<bool>
{
    public override bool TryRead(JsonElement element, Reading reading, out bool value)
    {
        value = element.ValueKind == JsonValueKind.True || IsText(element, reading, "true");
        return value
            || element.ValueKind == JsonValueKind.False
            || IsText(element, reading, "false")
            || reading.Refuse(reading.Words.WrongType("boolean", element));
    }

    private bool IsText(JsonElement element, Reading reading, string text) =>
        element.ValueKind == JsonValueKind.String
        && ((reading.IsQuery && element.ValueEquals(text)) || (takesText && string.Equals(element.GetString(), text, StringComparison.OrdinalIgnoreCase)));

    public override void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    public override JsonObject Describe(SchemaBook schemas) => new() { ["type"] = "boolean" };
}

internal sealed class FlagShape : Shape<bool>
{
    public override bool TryRead(JsonElement element, Reading reading, out bool value)
    {
        value =
            element.ValueKind == JsonValueKind.True
            || (element.ValueKind == JsonValueKind.String && string.Equals(element.GetString(), "true", StringComparison.OrdinalIgnoreCase));
        return element.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False
            || reading.Refuse(reading.Words.WrongType("string", element));
    }

    public override void Write(Utf8JsonWriter writer, bool value) => writer.WriteStringValue(value ? "true" : "false");

    public override JsonObject Describe(SchemaBook schemas) => new() { ["type"] = "string" };
}

internal sealed class WholeShape(long least, long most, string type) : Shape<long>
{
    public override bool TryRead(JsonElement element, Reading reading, out long value)
    {
        value = 0;
        decimal number;
        if (element.ValueKind == JsonValueKind.Number)
        {
            // Beyond 28 digits, so beyond every limit.
            number =
                element.TryGetDecimal(out var read) ? read
                : element.GetRawText().StartsWith('-') ? decimal.MinValue
                : decimal.MaxValue;
        }
        else if (!reading.IsQuery || element.ValueKind != JsonValueKind.String || !Digits.TryReadFraction(element.GetString(), NumberStyles.Float, out number))
        {
            return reading.Refuse(reading.Words.WrongType("number", element));
        }

        if (number != decimal.Truncate(number))
        {
            return reading.Refuse(reading.Words.NotWhole);
        }

        if (number < least)
        {
            return reading.Refuse(reading.Words.NumberTooSmall(least));
        }

        if (number > most)
        {
            return reading.Refuse(reading.Words.NumberTooBig(most));
        }

        value = (long)number;
        return true;
    }

    public override void Write(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

    public override JsonObject Describe(SchemaBook schemas)
    {
        var schema = new JsonObject { ["type"] = type };
        if (least > long.MinValue)
        {
            schema["minimum"] = least;
        }

        if (most < long.MaxValue)
        {
            schema["maximum"] = most;
        }

        return schema;
    }
}

internal sealed class WholeTextShape(TextShape text) : Shape<long>
{
    public override bool TryRead(JsonElement element, Reading reading, out long value)
    {
        value = 0;
        return text.TryRead(element, reading, out var digits)
            && (Digits.TryReadSigned(digits, out value) || reading.Refuse("Invalid amount: a whole number in decimal digits, below 2^63, is needed"));
    }

    public override void Write(Utf8JsonWriter writer, long value) => writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));

    public override JsonObject Describe(SchemaBook schemas) => text.Describe(schemas);
}

internal sealed class NumberShape : Shape<decimal>
{
    public override bool TryRead(JsonElement element, Reading reading, out decimal value)
    {
        value = 0;
        return (element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out value)) || reading.Refuse(reading.Words.WrongType("number", element));
    }

    public override void Write(Utf8JsonWriter writer, decimal value) => writer.WriteNumberValue(value);

    public override JsonObject Describe(SchemaBook schemas) => new() { ["type"] = "number" };
}

internal sealed class AnyShape : Shape<JsonElement>
{
    public override bool TryRead(JsonElement element, Reading reading, out JsonElement value)
    {
        // It outlives the text that it was read from.
        value = element.ValueKind == JsonValueKind.Undefined ? default : element.Clone();
        return element.ValueKind != JsonValueKind.Undefined || reading.Refuse(reading.Words.WrongType("object", element));
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value) => value.WriteTo(writer);

    public override JsonObject Describe(SchemaBook schemas) => [];
}
