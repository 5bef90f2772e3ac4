using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Agents;

/// <summary>What is wrong with an input, by field.</summary>
internal sealed record InputErrors(ImmutableSortedDictionary<string, ImmutableArray<string>> Fields)
{
    /// <summary>The first one, as a sentence.</summary>
    public string Message
    {
        get
        {
            var (id, errors) = Fields.First();
            return errors[0] == InputForm.Required ? $"Field '{id}' is required" : $"Field '{id}' {errors[0]}";
        }
    }
}

/// <summary>
/// An agent's input schema, with the algorithm of spec agentic-service-api.md 5.4. What a schema must be is checked when the agent starts; unknown
/// validations are ignored, unknown keys of an input kept.
/// </summary>
internal sealed class InputForm
{
    public const string Required = "required";
    private readonly ImmutableArray<InputField> _fields;

    /// <summary>Throws <see cref="ArgumentException"/> for a schema that no buyer could answer, or that the marketplace rejects as a whole.</summary>
    public InputForm(JsonElement schema)
    {
        var fields = Member(schema, "input_data");
        var groups = Member(schema, "input_groups");
        Demand(fields is null != groups is null, "exactly one of input_data and input_groups is needed");
        var list = fields ?? groups!.Value;
        Demand(list.ValueKind == JsonValueKind.Array, "its root must be a list");
        var groupIds = new HashSet<string>(StringComparer.Ordinal);
        var all = ImmutableArray.CreateBuilder<InputField>();
        foreach (var group in list.EnumerateArray())
        {
            if (groups is null)
            {
                all.Add(new InputField(group));
                continue;
            }

            Demand(Text(group, "id") is { Length: > 0 } id && groupIds.Add(id), "a group's id must be there and unique");
            Demand(Member(group, "input_data") is { ValueKind: JsonValueKind.Array }, "a group needs input_data");
            all.AddRange(Member(group, "input_data")!.Value.EnumerateArray().Select(f => new InputField(f)));
        }

        _fields = all.ToImmutable();
        var twice = _fields.GroupBy(f => f.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        Demand(twice is null, $"the id '{twice?.Key}' is there twice");
    }

    /// <summary>Everything that is wrong with an input, or null.</summary>
    public InputErrors? Check(JsonElement input)
    {
        var errors = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var field in _fields)
        {
            if (field.Check(Member(input, field.Id)) is { IsEmpty: false } found)
            {
                errors[field.Id] = found;
            }
        }

        return errors.Count == 0 ? null : new InputErrors(errors.ToImmutable());
    }

    /// <summary>What the agent's function gets: defaults filled in, indexes as labels, numbers as numbers. Never hashed.</summary>
    public JsonElement Convert(JsonElement input)
    {
        var copy = JsonObject.Create(input)!;
        foreach (var field in _fields)
        {
            if (field.Convert(Member(input, field.Id)) is { } value)
            {
                copy[field.Id] = value;
            }
        }

        return JsonSerializer.SerializeToElement(copy);
    }

    internal static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    internal static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    internal static void Demand(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"The input schema is not valid: {rule}.");
        }
    }
}
