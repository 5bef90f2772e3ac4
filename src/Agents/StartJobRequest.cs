using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;

namespace Masumi.Agents;

/// <summary>The body of <c>/start_job</c> in all the spellings in use (agentic-service-api 2.1).</summary>
internal sealed record StartJobRequest(BuyerNonce IdentifierFromPurchaser, JsonElement Input)
{
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    public static (StartJobRequest? Request, string? Problem, InputErrors? Errors) Read(JsonElement body, InputForm form)
    {
        var identifier = Member(body, "identifier_from_purchaser") ?? Member(body, "identifierFromPurchaser");
        if (identifier is not { ValueKind: JsonValueKind.String } text || !BuyerNonce.TryParse(text.GetString(), out var nonce))
        {
            return (null, "identifier_from_purchaser must be hex text in lower case of 14 to 26 characters, even in number", null);
        }

        var given = Member(body, "input_data") ?? Member(body, "inputData") ?? Member(body, "input") ?? Empty;
        if (AsObject(given) is not { } input)
        {
            return (null, "input_data must be an object", null);
        }

        if (!CanonicalJson.TryOf(input.GetRawText(), out _))
        {
            return (null, "input_data has no canonical JSON form", null);
        }

        return form.Check(input) is { } errors ? (null, errors.Message, errors) : (new StartJobRequest(nonce, input), null, null);
    }

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

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
