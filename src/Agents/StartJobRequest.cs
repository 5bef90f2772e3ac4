using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Client;

namespace Masumi.Agents;

/// <summary>The body of <c>/start_job</c> in all the spellings in use (agentic-service-api 2.1).</summary>
internal sealed record StartJobRequest(string IdentifierFromPurchaser, JsonElement Input)
{
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    public static (StartJobRequest? Request, string? Problem) Read(JsonElement body, JsonElement schema)
    {
        var identifier = Member(body, "identifier_from_purchaser") ?? Member(body, "identifierFromPurchaser");
        if (identifier is not { ValueKind: JsonValueKind.String } text || text.GetString() is not { } purchaser || !IsIdentifier(purchaser))
        {
            return (null, "identifier_from_purchaser must be hex text of 14 to 26 characters, even in number");
        }

        var given = Member(body, "input_data") ?? Member(body, "inputData") ?? Member(body, "input") ?? Empty;
        if (AsObject(given) is not { } input)
        {
            return (null, "input_data must be an object");
        }

        if (!CanonicalJson.TryOf(input.GetRawText(), out _))
        {
            return (null, "input_data has no canonical JSON form");
        }

        return Missing(schema, input) is { } field ? (null, $"Field '{field}' is required") : (new StartJobRequest(purchaser, input), null);
    }

    private static bool IsIdentifier(string text) => text.Length is >= 14 and <= 26 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);

    private static JsonElement? AsObject(JsonElement given)
    {
        if (given.ValueKind == JsonValueKind.Object)
        {
            return given;
        }

        if (given.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        // The old form: a list of keys and values.
        var input = new JsonObject();
        foreach (var pair in given.EnumerateArray())
        {
            if (Member(pair, "key") is not { ValueKind: JsonValueKind.String } key || Member(pair, "value") is not { } value)
            {
                return null;
            }

            input[key.GetString()!] = JsonNode.Parse(value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(input);
    }

    /// <summary>The first field of the schema that is neither optional nor given.</summary>
    private static string? Missing(JsonElement schema, JsonElement input) =>
        Member(schema, "input_data") is { ValueKind: JsonValueKind.Array } fields
            ? fields
                .EnumerateArray()
                .Where(f => !IsOptional(f))
                .Select(f => Member(f, "id")?.ToString())
                .FirstOrDefault(id => id is not null && Member(input, id) is null)
            : null;

    private static bool IsOptional(JsonElement field) =>
        Member(field, "validations") is { ValueKind: JsonValueKind.Array } rules
        && rules.EnumerateArray().Any(r => Member(r, "validation")?.ToString() == "optional" && Member(r, "value")?.ToString() != "false");

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
