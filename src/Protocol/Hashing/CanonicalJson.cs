using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Masumi.Protocol.Hashing;

/// <summary>
/// Canonical JSON (RFC 8785): members sorted by UTF-16 code unit, no white space, the fewest escapes, numbers as ECMAScript prints them. Both sides of a
/// job hash this text, so it must come out the same everywhere.
/// </summary>
public static class CanonicalJson
{
    private const int MaxDepth = 128;

    /// <summary>The canonical form of a value. Throws <see cref="FormatException"/> for lone surrogates and numbers beyond a double.</summary>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value, MaxDepth);
        return text.ToString();
    }

    /// <summary>The canonical form of a JSON text; false for what is no JSON or has no canonical form. Of repeated members the last counts.</summary>
    public static bool TryOf(string json, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            canonical = Of(document.RootElement);
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A text with JSON escapes but without quotes: only <c>"</c>, <c>\</c> and control characters are escaped.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var escaped = new StringBuilder(text.Length + 16);
        Escape(escaped, text);
        return escaped.ToString();
    }

    /// <summary>A number as ECMAScript's Number::toString prints it. Throws <see cref="FormatException"/> for infinities and NaN.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new FormatException($"JSON has no {value}.");
        }

        if (value == 0)
        {
            return "0";
        }

        // .NET's shortest round-trip digits are ECMAScript's; only the layout differs.
        var (digits, point) = Digits(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        var text = new StringBuilder(value < 0 ? "-" : "", 32);
        if (point is > 0 and <= 21)
        {
            if (digits.Length <= point)
            {
                text.Append(digits).Append('0', point - digits.Length);
            }
            else
            {
                text.Append(digits, 0, point).Append('.').Append(digits, point, digits.Length - point);
            }
        }
        else if (point is > -6 and <= 0)
        {
            text.Append("0.").Append('0', -point).Append(digits);
        }
        else
        {
            text.Append(digits[0]);
            if (digits.Length > 1)
            {
                text.Append('.').Append(digits, 1, digits.Length - 1);
            }

            text.Append('e').Append(point > 0 ? "+" : "-").Append(CultureInfo.InvariantCulture, $"{Math.Abs(point - 1)}");
        }

        return text.ToString();
    }

    /// <summary>The significant digits and where the decimal point stands relative to their start.</summary>
    private static (string Digits, int Point) Digits(string text)
    {
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = (pointAt < 0 ? mantissa.Length : pointAt) + exponent;
        var digits = pointAt < 0 ? mantissa : mantissa.Remove(pointAt, 1);
        var significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), point - (digits.Length - significant.Length));
    }

    private static void Write(StringBuilder text, JsonElement value, int depth)
    {
        if (depth == 0)
        {
            throw new FormatException($"JSON nests deeper than {MaxDepth}.");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, value, depth);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    text.Append(first ? "" : ",");
                    first = false;
                    Write(text, item, depth - 1);
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append('"');
                Escape(text, Text(value.GetString));
                text.Append('"');
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetDouble()));
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.Null:
                text.Append("null");
                break;
            default:
                throw new FormatException("There is no JSON value.");
        }
    }

    private static void WriteObject(StringBuilder text, JsonElement value, int depth)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[Text(() => member.Name)] = member.Value;
        }

        text.Append('{');
        var first = true;
        foreach (var (name, item) in members)
        {
            text.Append(first ? "\"" : ",\"");
            first = false;
            Escape(text, name);
            text.Append("\":");
            Write(text, item, depth - 1);
        }

        text.Append('}');
    }

    // JsonElement reports a lone surrogate only when the text is asked for.
    private static string Text(Func<string?> read)
    {
        try
        {
            return read() ?? "";
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("A JSON string holds half a surrogate pair.", e);
        }
    }

    private static void Escape(StringBuilder target, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => target.Append("\\\""),
                '\\' => target.Append("\\\\"),
                '\b' => target.Append("\\b"),
                '\t' => target.Append("\\t"),
                '\n' => target.Append("\\n"),
                '\f' => target.Append("\\f"),
                '\r' => target.Append("\\r"),
                < ' ' => target.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => target.Append(c),
            };
        }
    }
}
