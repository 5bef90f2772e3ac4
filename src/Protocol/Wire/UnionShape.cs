using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>One of several kinds of object, told apart by a word in a member.</summary>
/// <typeparam name="T">What they have in common.</typeparam>
/// <param name="Word">The word.</param>
/// <param name="Is">Whether a value is of this kind.</param>
/// <param name="Shape">How it stands in JSON; names the word itself.</param>
public sealed record UnionCase<T>(string Word, Func<T, bool> Is, Shape<T> Shape);

internal sealed class CaseShape<T, TCase>(Shape<TCase> shape) : Shape<T>
    where TCase : T
{
    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        var isFine = shape.TryRead(element, reading, out var read);
        value = read;
        return isFine;
    }

    public override void Write(Utf8JsonWriter writer, T value) => shape.Write(writer, (TCase)value!);

    public override JsonObject Describe(SchemaBook schemas) => shape.Describe(schemas);
}

internal sealed class UnionShape<T>(string member, ImmutableArray<UnionCase<T>> cases) : Shape<T>
{
    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.Object)
        {
            return reading.Refuse(reading.Words.WrongType("object", element));
        }

        var word = element.TryGetProperty(member, out var found) ? found : default;
        if (word.ValueKind == JsonValueKind.String && cases.FirstOrDefault(c => word.ValueEquals(c.Word)) is { } known)
        {
            return known.Shape.TryRead(element, reading, out value);
        }

        reading.Refuse(member, reading.Words.NoneOf([.. cases.Select(c => c.Word)], word));
        return false;
    }

    public override void Write(Utf8JsonWriter writer, T value) => cases.First(c => c.Is(value)).Shape.Write(writer, value);

    public override JsonObject Describe(SchemaBook schemas) =>
        new() { ["oneOf"] = new JsonArray([.. cases.Select(c => (JsonNode?)c.Shape.Describe(schemas))]) };
}
