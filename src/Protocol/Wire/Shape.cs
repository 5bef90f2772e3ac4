using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>
/// How a value stands in JSON. From one shape come the reading with the service's own words for what is wrong, the writing, and the schema of the OpenAPI
/// document: they cannot disagree. Shapes never change and are shared by all threads. Free of reflection (ADR 8).
/// </summary>
public abstract class Shape
{
    /// <summary>The schema, in OpenAPI 3.0.</summary>
    /// <param name="schemas">Where shapes with a name are described once.</param>
    public abstract JsonObject Describe(SchemaBook schemas);

    /// <summary>A value read and written again; null, with issues noted, when it is not of this shape.</summary>
    internal abstract byte[]? Again(JsonElement element, Reading reading);
}

/// <summary>How a value of a type stands in JSON.</summary>
/// <typeparam name="T">The type.</typeparam>
public abstract class Shape<T> : Shape
{
    /// <summary>
    /// Reads a value. False, and at least one issue noted, when it is not of this shape. An <see cref="JsonValueKind.Undefined"/> element stands for one that is
    /// missing.
    /// </summary>
    public abstract bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out T value);

    /// <summary>Writes a value.</summary>
    public abstract void Write(Utf8JsonWriter writer, T value);

    /// <summary>The JSON of a value, as bytes.</summary>
    public byte[] ToJson(T value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, JsonText.Plain))
        {
            Write(writer, value);
        }

        return bytes.ToArray();
    }

    internal sealed override byte[]? Again(JsonElement element, Reading reading) => TryRead(element, reading, out var value) ? ToJson(value) : null;

    /// <summary>This shape with one more rule.</summary>
    /// <param name="issue">What is wrong with a value, or null.</param>
    public Shape<T> Where(Func<T, string?> issue) => new RuledShape<T>(this, issue);

    /// <summary>Another type that stands in JSON as this one does.</summary>
    /// <param name="read">The value, or what is wrong.</param>
    /// <param name="write">Back.</param>
    public Shape<TOther> As<TOther>(Converting<T, TOther> read, Func<TOther, T> write) => new ConvertedShape<T, TOther>(this, read, write);
}

/// <summary>Turns a value that was read into another; false with an issue where there is none.</summary>
public delegate bool Converting<in T, TOther>(T value, [NotNullWhen(true)] out TOther? other, [NotNullWhen(false)] out string? issue);

internal sealed class RuledShape<T>(Shape<T> shape, Func<T, string?> issue) : Shape<T>
{
    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out T value) =>
        shape.TryRead(element, reading, out value) && (issue(value) is not { } wrong || reading.Refuse(wrong));

    public override void Write(Utf8JsonWriter writer, T value) => shape.Write(writer, value);

    public override JsonObject Describe(SchemaBook schemas) => shape.Describe(schemas);
}

internal sealed class ConvertedShape<T, TOther>(Shape<T> shape, Converting<T, TOther> read, Func<TOther, T> write) : Shape<TOther>
{
    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out TOther value)
    {
        value = default;
        return shape.TryRead(element, reading, out var inner) && (read(inner, out value, out var issue) || reading.Refuse(issue));
    }

    public override void Write(Utf8JsonWriter writer, TOther value) => shape.Write(writer, write(value));

    public override JsonObject Describe(SchemaBook schemas) => shape.Describe(schemas);
}
