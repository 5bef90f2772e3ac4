using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>A member that may be left out, told apart from one that is null: what a PATCH leaves as it is, and what it takes away.</summary>
/// <typeparam name="T">Its type.</typeparam>
/// <param name="IsGiven">It was there, if only as null.</param>
/// <param name="Value">The value; default where it is null or left out.</param>
public readonly record struct Given<T>(bool IsGiven, T? Value);

/// <summary>
/// The members of an object, named in one expression that is evaluated once to declare them and once for each object that is read: so each stands in one line, with
/// its name, its shape, where it is taken from when it is written, and what it means. The expression has no branches: every member is named each time.
/// </summary>
/// <typeparam name="T">The object.</typeparam>
public sealed class Members<T>
    where T : class
{
    private readonly IReadOnlyList<Member<T>> _known;
    private readonly List<Member<T>>? _declared;
    private readonly JsonElement _element;
    private readonly Reading? _reading;
    private int _next;

    internal Members(List<Member<T>> declared)
    {
        _known = _declared = declared;
    }

    internal Members(IReadOnlyList<Member<T>> known, JsonElement element, Reading reading)
    {
        _known = known;
        _element = element;
        _reading = reading;
    }

    /// <summary>It is always there.</summary>
    public TValue Required<TValue>(string name, Shape<TValue> shape, Func<T, TValue> of, string? text = null) =>
        Next(new Member<T>(name, shape, false, false, text, Writes(shape, of))) is { } element && Read(element, shape, name, out var value) ? value : default!;

    /// <summary>It is always there, with one text: the word by which a <see cref="UnionCase{T}"/> is known. Gives these members, to go on.</summary>
    public Members<T> Always(string name, string word, string? text = null)
    {
        _ = Required(name, Shapes.OneOf(word), _ => word, text);
        return this;
    }

    /// <summary>It is always there, and may be null.</summary>
    public TValue? RequiredOrNull<TValue>(string name, Shape<TValue> shape, Func<T, TValue?> of, string? text = null)
        where TValue : class =>
        Next(new Member<T>(name, shape, false, true, text, WritesNull(shape, of))) is { ValueKind: not JsonValueKind.Null } element
        && Read(element, shape, name, out var value)
            ? value
            : null;

    /// <summary>It is always there, and may be null.</summary>
    public TValue? RequiredOrNull<TValue>(string name, Shape<TValue> shape, Func<T, TValue?> of, string? text = null)
        where TValue : struct =>
        Next(new Member<T>(name, shape, false, true, text, WritesNull(shape, of))) is { ValueKind: not JsonValueKind.Null } element
        && Read(element, shape, name, out var value)
            ? value
            : null;

    /// <summary>It may be left out.</summary>
    public TValue? Optional<TValue>(string name, Shape<TValue> shape, Func<T, TValue?> of, string? text = null)
        where TValue : class =>
        Next(new Member<T>(name, shape, true, false, text, WritesSome(shape, of))) is { ValueKind: not JsonValueKind.Undefined } element
        && Read(element, shape, name, out var value)
            ? value
            : null;

    /// <summary>It may be left out.</summary>
    public TValue? Optional<TValue>(string name, Shape<TValue> shape, Func<T, TValue?> of, string? text = null)
        where TValue : struct =>
        Next(new Member<T>(name, shape, true, false, text, WritesSome(shape, of))) is { ValueKind: not JsonValueKind.Undefined } element
        && Read(element, shape, name, out var value)
            ? value
            : null;

    /// <summary>It may be left out or null, which is the same. Written, it is null.</summary>
    public TValue? OptionalOrNull<TValue>(string name, Shape<TValue> shape, Func<T, TValue?> of, string? text = null)
        where TValue : class =>
        Next(new Member<T>(name, shape, true, true, text, WritesNull(shape, of))) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } element
        && Read(element, shape, name, out var value)
            ? value
            : null;

    /// <summary>It may be left out or null, which is the same. Written, it is null.</summary>
    public TValue? OptionalOrNull<TValue>(string name, Shape<TValue> shape, Func<T, TValue?> of, string? text = null)
        where TValue : struct =>
        Next(new Member<T>(name, shape, true, true, text, WritesNull(shape, of))) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } element
        && Read(element, shape, name, out var value)
            ? value
            : null;

    /// <summary>It may be left out, and then stands for something.</summary>
    public TValue Default<TValue>(string name, Shape<TValue> shape, TValue fallback, Func<T, TValue> of, string? text = null) =>
        Next(new Member<T>(name, shape, true, false, text, Writes(shape, of)) { Fallback = Json(shape, fallback) }) is { } element
            ? element.ValueKind == JsonValueKind.Undefined || !Read(element, shape, name, out var value)
                ? fallback
                : value
            : default!;

    /// <summary>It may be left out, or null, and both mean something.</summary>
    public Given<TValue> Given<TValue>(string name, Shape<TValue> shape, Func<T, Given<TValue>> of, string? text = null)
        where TValue : class =>
        Next(new Member<T>(name, shape, true, true, text, WritesGiven(of, shape.Write))) is { ValueKind: not JsonValueKind.Undefined } element
            ? element.ValueKind == JsonValueKind.Null
                ? new Given<TValue>(true, default)
                : new Given<TValue>(Read(element, shape, name, out var value), value)
            : default;

    /// <summary>It may be left out, or null, and both mean something.</summary>
    public Given<TValue?> Given<TValue>(string name, Shape<TValue> shape, Func<T, Given<TValue?>> of, string? text = null)
        where TValue : struct =>
        Next(new Member<T>(name, shape, true, true, text, WritesGiven(of, (writer, value) => shape.Write(writer, value!.Value))))
            is { ValueKind: not JsonValueKind.Undefined } element
            ? element.ValueKind == JsonValueKind.Null
                ? new Given<TValue?>(true, null)
                : new Given<TValue?>(Read(element, shape, name, out var value), value)
            : default;

    // The element that stands for a member; null while members are only declared.
    private JsonElement? Next(Member<T> member)
    {
        if (_declared is not null)
        {
            _declared.Add(member);
            return null;
        }

        var known = _known[_next++];
        return _element.TryGetProperty(known.Name, out var found) ? found : default(JsonElement);
    }

    // By the shape of the declaration: the one at hand was only just made.
    private bool Read<TValue>(JsonElement element, Shape<TValue> shape, string name, [MaybeNullWhen(false)] out TValue value)
    {
        _reading!.Enter(name);
        var isFine = ((Shape<TValue>)(_known[_next - 1].Shape ?? shape)).TryRead(element, _reading, out value);
        _reading.Leave();
        return isFine;
    }

    private static JsonNode? Json<TValue>(Shape<TValue> shape, TValue value) => JsonNode.Parse(shape.ToJson(value));

    private static Action<Utf8JsonWriter, JsonEncodedText, T> Writes<TValue>(Shape<TValue> shape, Func<T, TValue> of) =>
        (writer, name, value) =>
        {
            writer.WritePropertyName(name);
            shape.Write(writer, of(value));
        };

    private static Action<Utf8JsonWriter, JsonEncodedText, T> WritesNull<TValue>(Shape<TValue> shape, Func<T, TValue?> of)
        where TValue : class =>
        (writer, name, value) =>
        {
            writer.WritePropertyName(name);
            if (of(value) is { } some)
            {
                shape.Write(writer, some);
            }
            else
            {
                writer.WriteNullValue();
            }
        };

    private static Action<Utf8JsonWriter, JsonEncodedText, T> WritesNull<TValue>(Shape<TValue> shape, Func<T, TValue?> of)
        where TValue : struct =>
        (writer, name, value) =>
        {
            writer.WritePropertyName(name);
            if (of(value) is { } some)
            {
                shape.Write(writer, some);
            }
            else
            {
                writer.WriteNullValue();
            }
        };

    private static Action<Utf8JsonWriter, JsonEncodedText, T> WritesSome<TValue>(Shape<TValue> shape, Func<T, TValue?> of)
        where TValue : class =>
        (writer, name, value) =>
        {
            if (of(value) is { } some)
            {
                writer.WritePropertyName(name);
                shape.Write(writer, some);
            }
        };

    private static Action<Utf8JsonWriter, JsonEncodedText, T> WritesSome<TValue>(Shape<TValue> shape, Func<T, TValue?> of)
        where TValue : struct =>
        (writer, name, value) =>
        {
            if (of(value) is { } some)
            {
                writer.WritePropertyName(name);
                shape.Write(writer, some);
            }
        };

    private static Action<Utf8JsonWriter, JsonEncodedText, T> WritesGiven<TValue>(Func<T, Given<TValue>> of, Action<Utf8JsonWriter, TValue> write) =>
        (writer, name, value) =>
        {
            var given = of(value);
            if (!given.IsGiven)
            {
                return;
            }

            writer.WritePropertyName(name);
            if (given.Value is { } some)
            {
                write(writer, some);
            }
            else
            {
                writer.WriteNullValue();
            }
        };
}

/// <summary>A member of an object, as declared.</summary>
/// <param name="Name">As it stands in JSON.</param>
/// <param name="Shape">How its value stands in JSON.</param>
/// <param name="IsOptional">It may be left out.</param>
/// <param name="IsNullable">It may be null.</param>
/// <param name="Text">What it means.</param>
public record MemberDeclaration(string Name, Shape Shape, bool IsOptional, bool IsNullable, string? Text)
{
    /// <summary>What one that is left out stands for, where it stands for something.</summary>
    public JsonNode? Fallback { get; init; }

    /// <summary>The schema of its value.</summary>
    public JsonObject Describe(SchemaBook schemas)
    {
        var schema = Shape.Describe(schemas);
        schema = IsNullable ? SchemaBook.OrNull(schema) : schema;
        if (Fallback is not null)
        {
            schema["default"] = Fallback.DeepClone();
        }

        return Text is null ? schema : SchemaBook.With(schema, "description", Text);
    }
}

internal sealed record Member<T>(string Name, Shape Shape, bool IsOptional, bool IsNullable, string? Text, Action<Utf8JsonWriter, JsonEncodedText, T> Writes)
    : MemberDeclaration(Name, Shape, IsOptional, IsNullable, Text)
{
    private readonly JsonEncodedText _encoded = JsonEncodedText.Encode(Name);

    public void Write(Utf8JsonWriter writer, T value) => Writes(writer, _encoded, value);
}
