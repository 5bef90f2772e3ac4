using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>
/// How an object stands in JSON. Unknown members are passed over, as both services do (spec payment-service-api.md 1.3).
/// <code>
/// public sealed record CountQuery(Network Network, string? Address)
/// {
///     public static RecordShape&lt;CountQuery&gt; Shape { get; } = Shapes.Record&lt;CountQuery&gt;(s => new(
///         s.Required("network", Shapes.Word&lt;Network&gt;(), r => r.Network, "Which chain"),
///         s.Optional("address", Shapes.Text(0, 250), r => r.Address)));
/// }
/// </code>
/// </summary>
/// <typeparam name="T">The object.</typeparam>
public sealed class RecordShape<T> : Shape<T>, IRecordShape
    where T : class
{
    private readonly string? _name;
    private readonly Func<Members<T>, T> _make;
    private readonly List<Member<T>> _members;
    private readonly Func<T, Reading, bool>? _check;

    internal RecordShape(string? name, Func<Members<T>, T> make)
    {
        _name = name;
        _make = make;
        _members = [];
        _ = make(new Members<T>(_members));
    }

    private RecordShape(RecordShape<T> other, Func<T, Reading, bool> check)
    {
        _name = other._name;
        _make = other._make;
        _members = other._members;
        _check = other._check is { } first ? (value, reading) => first(value, reading) && check(value, reading) : check;
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemberDeclaration> Members => _members;

    /// <summary>This shape with a rule about several members.</summary>
    /// <param name="check">Notes what is wrong with the reading and returns false, or returns true. Asked when each member alone is fine.</param>
    public RecordShape<T> Checked(Func<T, Reading, bool> check) => new(this, check);

    /// <inheritdoc/>
    public override bool TryRead(JsonElement element, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(reading);
        value = null;
        if (element.ValueKind != JsonValueKind.Object)
        {
            return reading.Refuse(reading.Words.WrongType("object", element));
        }

        var before = reading.Issues.Count;
        value = _make(new Members<T>(_members, element, reading));
        return reading.Issues.Count == before && (_check is null || _check(value, reading));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        foreach (var member in _members)
        {
            member.Write(writer, value);
        }

        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override JsonObject Describe(SchemaBook schemas)
    {
        ArgumentNullException.ThrowIfNull(schemas);
        return _name is null ? Schema(schemas) : schemas.Once(_name, Schema);
    }

    private JsonObject Schema(SchemaBook schemas)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var member in _members)
        {
            properties[member.Name] = member.Describe(schemas);
            if (!member.IsOptional)
            {
                required.Add((JsonNode)member.Name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }
}

/// <summary>A shape that has members: what a query string must have.</summary>
public interface IRecordShape
{
    /// <summary>Its members, in their order.</summary>
    IReadOnlyList<MemberDeclaration> Members { get; }
}
