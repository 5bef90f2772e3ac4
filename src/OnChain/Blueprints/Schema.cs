using System.Text.Json.Nodes;

namespace Masumi.OnChain.Blueprints;

/// <summary>Plutus data schemas in the vocabulary of CIP-57.</summary>
internal static class Schema
{
    public static JsonObject Integer(string? title = null, string? description = null) => Primitive("integer", title, description);

    public static JsonObject Bytes(string? title = null, string? description = null) => Primitive("bytes", title, description);

    public static JsonObject List(JsonNode items) => new() { ["dataType"] = "list", ["items"] = items };

    public static JsonObject Map(JsonNode keys, JsonNode values) =>
        new()
        {
            ["dataType"] = "map",
            ["keys"] = keys,
            ["values"] = values,
        };

    /// <summary>One constructor of a union, or a record.</summary>
    public static JsonObject Constructor(int index, string title, params ReadOnlySpan<JsonNode> fields) =>
        new()
        {
            ["title"] = title,
            ["dataType"] = "constructor",
            ["index"] = index,
            ["fields"] = new JsonArray([.. fields]),
        };

    public static JsonObject Union(string title, params ReadOnlySpan<JsonNode> constructors) =>
        new() { ["title"] = title, ["anyOf"] = new JsonArray([.. constructors]) };

    public static JsonObject Reference(string definition, string? title = null)
    {
        var reference = new JsonObject();
        if (title is not null)
        {
            reference["title"] = title;
        }

        reference["$ref"] = $"#/definitions/{definition}";
        return reference;
    }

    private static JsonObject Primitive(string type, string? title, string? description)
    {
        var schema = new JsonObject();
        if (title is not null)
        {
            schema["title"] = title;
        }

        if (description is not null)
        {
            schema["description"] = description;
        }

        schema["dataType"] = type;
        return schema;
    }
}
