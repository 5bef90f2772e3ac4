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

        // Without a type, nullable says nothing; and a list of words excludes null unless it names it.
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray kinds)
        {
            kinds.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["type"] = "string",
                        ["nullable"] = true,
                        ["enum"] = new JsonArray((JsonNode?)null),
                    }
            );
            return schema;
        }

        (schema["enum"] as JsonArray)?.Add(null);
        return With(schema, "nullable", true);
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
