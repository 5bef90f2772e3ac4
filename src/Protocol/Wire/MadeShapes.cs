using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

internal sealed class MomentShape(MomentForms forms) : Shape<DateTimeOffset>
{
    // Nothing else: 03/01/2026 is March to some and January to others, and deadlines of payments are read here.
    private static readonly string[] Iso = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    // What a JavaScript program prints and its parser takes, the month before the day.
    private static readonly string[] Loose =
    [
        .. Iso,
        "yyyy",
        "yyyy-MM",
        "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd HH:mm:ssK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        "ddd MMM dd yyyy HH:mm:ss 'GMT'zzz",
        "ddd MMM dd yyyy",
        "MMM d, yyyy",
        "MMMM d, yyyy",
        "d MMM yyyy",
        "d MMMM yyyy",
        "yyyy/M/d",
        "M/d/yyyy",
    ];

    public override bool TryRead(JsonElement element, Reading reading, out DateTimeOffset value)
    {
        value = default;
        return element.ValueKind != JsonValueKind.String
            ? reading.Refuse(reading.Words.WrongType("string", element))
            : DateTimeOffset.TryParseExact(
                element.GetString(),
                forms == MomentForms.JavaScript ? Loose : Iso,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out value
            ) || reading.Refuse("Invalid date");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value)
    {
        Span<char> text = stackalloc char[32];
        value.UtcDateTime.TryFormat(text, out var written, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }

    public override JsonObject Describe(SchemaBook schemas) =>
        forms switch
        {
            MomentForms.Moment => Text("date-time"),
            MomentForms.DateOrMoment => new() { ["anyOf"] = new JsonArray(Text("date"), Text("date-time"), Text("date-time")) },
            _ => new() { ["type"] = "string" },
        };

    private static JsonObject Text(string format) => new() { ["type"] = "string", ["format"] = format };
}

// How the document describes a moment, and which texts are read as one.
internal enum MomentForms
{
    Moment,

    // The reference's document names three: a date, a moment, and a moment without its zone.
    DateOrMoment,

    JavaScript,
}

internal sealed class MillisecondsShape : Shape<DateTimeOffset>
{
    public override bool TryRead(JsonElement element, Reading reading, out DateTimeOffset value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.String)
        {
            return reading.Refuse(reading.Words.WrongType("string", element));
        }

        // The reference reads zeros at the front as nothing; what goes out has none.
        return (
                Digits.TryRead<long>(element.GetString(), out var milliseconds)
                && WireTime.TryParse(milliseconds.ToString(CultureInfo.InvariantCulture), out value)
            ) || reading.Refuse("Invalid time: unix milliseconds in text are needed");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value) => writer.WriteStringValue(WireTime.Text(value));

    public override JsonObject Describe(SchemaBook schemas) => new() { ["type"] = "string" };
}

internal sealed class ListShape<T>(Shape<T> item, int least, int most) : Shape<ImmutableArray<T>>
{
    public override bool TryRead(JsonElement element, Reading reading, out ImmutableArray<T> value)
    {
        value = [];
        if (element.ValueKind != JsonValueKind.Array)
        {
            return reading.Refuse(reading.Words.WrongType("array", element));
        }

        var count = element.GetArrayLength();
        if (count < least)
        {
            return reading.Refuse(reading.Words.ListTooShort(least));
        }

        if (count > most)
        {
            return reading.Refuse(reading.Words.ListTooLong(most));
        }

        var items = ImmutableArray.CreateBuilder<T>(count);
        var isFine = true;
        var index = 0;
        foreach (var each in element.EnumerateArray())
        {
            reading.Enter(index++);
            if (item.TryRead(each, reading, out var read))
            {
                items.Add(read);
            }
            else
            {
                isFine = false;
            }

            reading.Leave();
        }

        value = items.ToImmutable();
        return isFine;
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value)
    {
        writer.WriteStartArray();
        foreach (var each in value)
        {
            item.Write(writer, each);
        }

        writer.WriteEndArray();
    }

    public override JsonObject Describe(SchemaBook schemas)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Describe(schemas) };
        if (least > 0)
        {
            schema["minItems"] = least;
        }

        if (most < int.MaxValue)
        {
            schema["maxItems"] = most;
        }

        return schema;
    }
}

internal sealed class NullableShape<T>(Shape<T> shape) : Shape<T?>
    where T : class
{
    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out T? value)
    {
        value = null;
        return element.ValueKind == JsonValueKind.Null || shape.TryRead(element, reading, out value);
    }

    public override void Write(Utf8JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            shape.Write(writer, value);
        }
    }

    public override JsonObject Describe(SchemaBook schemas) => SchemaBook.OrNull(shape.Describe(schemas));
}
