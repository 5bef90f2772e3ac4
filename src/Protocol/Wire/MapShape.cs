using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

internal sealed class MapShape<T>(Shape<T> item) : Shape<ImmutableSortedDictionary<string, T>>
{
    private static readonly ImmutableSortedDictionary<string, T> Empty = ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out ImmutableSortedDictionary<string, T> value)
    {
        value = Empty;
        if (element.ValueKind != JsonValueKind.Object)
        {
            return reading.Refuse(reading.Words.WrongType("object", element));
        }

        var items = Empty.ToBuilder();
        var isFine = true;
        foreach (var member in element.EnumerateObject())
        {
            reading.Enter(member.Name);
            if (item.TryRead(member.Value, reading, out var read))
            {
                items[member.Name] = read;
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

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, T> value)
    {
        writer.WriteStartObject();
        foreach (var (name, each) in value)
        {
            writer.WritePropertyName(name);
            item.Write(writer, each);
        }

        writer.WriteEndObject();
    }

    public override JsonObject Describe(SchemaBook schemas) => new() { ["type"] = "object", ["additionalProperties"] = item.Describe(schemas) };
}
