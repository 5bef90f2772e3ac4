using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;

namespace Masumi.OnChain.Blueprints;

/// <summary>CIP-57 blueprints: code, hash and the schemas of everything that goes in. Deterministic.</summary>
internal static class Blueprint
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A datum or redeemer: what it is called, when it is given, and its schema.</summary>
    public static JsonObject Argument(string title, string purpose, JsonNode schema) =>
        new()
        {
            ["title"] = title,
            ["purpose"] = purpose,
            ["schema"] = schema,
        };

    /// <summary>A parameter that is applied before use.</summary>
    public static JsonObject Parameter(string title, JsonNode schema) => new() { ["title"] = title, ["schema"] = schema };

    /// <summary>The document of one validator.</summary>
    /// <param name="title">Name and version of the contract (<c>escrow-v2/2</c>): another version for every change of its bytes.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="validator">Title, arguments and parameters; code and hash are added.</param>
    /// <param name="script">The script before its parameters.</param>
    /// <param name="definitions">Every schema that is referred to.</param>
    public static string Write(string title, string description, JsonObject validator, Script script, JsonObject definitions)
    {
        validator["compiledCode"] = Convert.ToHexStringLower(script.Bytes.Span);
        validator["hash"] = script.Hash.ToString();
        var document = new JsonObject
        {
            ["preamble"] = new JsonObject
            {
                ["title"] = title,
                ["description"] = description,
                ["version"] = "1.0.0",
                ["plutusVersion"] = "v3",
                ["compiler"] = new JsonObject { ["name"] = "masumi", ["version"] = "1" },
                ["license"] = "MIT",
            },
            ["validators"] = new JsonArray(validator),
            ["definitions"] = definitions,
        };
        return document.ToJsonString(Layout) + "\n";
    }
}
