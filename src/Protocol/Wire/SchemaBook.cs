using System.Text.Json.Nodes;

namespace Masumi.Protocol.Wire;

/// <summary>The schemas of a document that are described once and referred to by name.</summary>
public sealed class SchemaBook
{
    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Schemas => _schemas;

    /// <summary>A reference to what is described under a name, and described now if it is not yet.</summary>
    public JsonObject Once(string name, Func<SchemaBook, JsonObject> describe)
    {
        ArgumentNullException.ThrowIfNull(describe);
        if (!_schemas.ContainsKey(name))
        {
            // First, so that a shape within itself ends.
            _schemas[name] = [];
            _schemas[name] = describe(this);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>The schema, or null.</summary>
    public static JsonObject OrNull(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema["anyOf"] is not JsonArray alternatives)
        {
            return With(schema, "nullable", true);
        }

        // Beside alternatives the word has no meaning: it is one of them.
        alternatives.Add(new JsonObject { ["nullable"] = true });
        return schema;
    }

    /// <summary>The schema with one more word; beside a reference words need a wrapper.</summary>
    public static JsonObject With(JsonObject schema, string word, JsonNode value)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var one = schema.ContainsKey("$ref") ? new JsonObject { ["allOf"] = new JsonArray(schema) } : schema;
        one[word] = value;
        return one;
    }
}
