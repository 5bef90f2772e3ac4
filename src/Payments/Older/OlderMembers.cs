using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.Older;

/// <summary>
/// What clients of older generations of the API call things (spec payment-service-api.md 9.4), read as what they are called today. A request that has today's
/// names alone is left as it is. Pure.
/// </summary>
internal static class OlderMembers
{
    private const string Network = "network";
    private const string Contract = "filterSmartContractAddress";

    private static readonly FrozenSet<string> Lists = FrozenSet.ToFrozenSet([
        "/payment",
        "/payment/count",
        "/payment/diff",
        "/payment/diff/next-action",
        "/payment/diff/onchain-state-or-result",
        "/purchase",
        "/purchase/count",
        "/purchase/diff",
        "/purchase/diff/next-action",
        "/purchase/diff/onchain-state-or-result",
    ]);

    private static readonly FrozenDictionary<string, string> OfLists = Names(
        ("contractAddress", Contract),
        ("paymentContractAddress", Contract),
        ("smartContractAddress", Contract)
    );
    private static readonly FrozenDictionary<string, string> OfPurchases = Names(
        ("identifier", "blockchainIdentifier"),
        ("refundTime", "externalDisputeUnlockTime"),
        ("amounts", "Amounts")
    );
    private static readonly FrozenDictionary<string, string> OfPayments = Names(("refundTime", "externalDisputeUnlockTime"), ("amounts", "RequestedFunds"));
    private static readonly FrozenDictionary<string, string> OfCalls = Names(("identifier", "blockchainIdentifier"));
    private static readonly FrozenDictionary<string, string> OfKeyLists = Names(("limit", "take"), ("cursorToken", "cursorId"));
    private static readonly FrozenDictionary<string, string> OfKeys = Names(("networkLimit", "NetworkLimit"));

    private static readonly FrozenDictionary<string, string> Networks = Names(("PREPROD", "Preprod"), ("MAINNET", "Mainnet"));
    private static readonly FrozenDictionary<string, string> Permissions = Names(("READ", "Read"), ("READ_PAY", "ReadAndPay"), ("ADMIN", "Admin"));

    /// <summary>The request in today's names; null where it has no older one, and a refusal where it has both and they differ.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="input">The request.</param>
    public static (JsonElement? Input, Refusal? Refusal) Rewrite(Operation operation, JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object || Of(operation) is not { } names || !input.EnumerateObject().Any(m => IsOlder(m, names)))
        {
            return (null, null);
        }

        var today = new JsonObject();
        foreach (var member in input.EnumerateObject().OrderBy(m => names.ContainsKey(m.Name)))
        {
            var name = names.GetValueOrDefault(member.Name, member.Name);
            var value = Value(name, member.Value);
            if (today.TryGetPropertyValue(name, out var given) && !JsonNode.DeepEquals(given, value))
            {
                return (null, CommonRefusals.InvalidInput.With(("issues", $"{member.Name}: Is another than {name}, of which it is an older name")));
            }

            today[name] = value;
        }

        return (JsonSerializer.SerializeToElement(today, OlderJson.Default.JsonObject), null);
    }

    private static FrozenDictionary<string, string>? Of(Operation operation) =>
        operation.Path switch
        {
            _ when operation.IsQuery && Lists.Contains(operation.Path) => OfLists,
            "/purchase" => operation.Verb == "POST" ? OfPurchases : null,
            "/payment" => operation.Verb == "POST" ? OfPayments : null,
            "/api-key" => operation.IsQuery ? OfKeyLists : OfKeys,
            _ when operation.Path.StartsWith("/payment", StringComparison.Ordinal) || operation.Path.StartsWith("/purchase", StringComparison.Ordinal) =>
                OfCalls,
            _ => null,
        };

    private static bool IsOlder(JsonProperty member, FrozenDictionary<string, string> names) =>
        names.ContainsKey(member.Name)
        || (member.Name == Network && Word(member.Value) is not null)
        || (member.Name == "permission" && member.Value.ValueKind == JsonValueKind.String && Permissions.ContainsKey(member.Value.GetString()!));

    private static JsonNode? Value(string name, JsonElement value) =>
        name switch
        {
            Network => Word(value) is { } network ? JsonValue.Create(network) : Node(value),
            "NetworkLimit" when value.ValueKind == JsonValueKind.Array => new JsonArray([
                .. value.EnumerateArray().Select(v => Word(v) is { } network ? JsonValue.Create(network) : Node(v)),
            ]),
            "permission" when value.ValueKind == JsonValueKind.String && Permissions.TryGetValue(value.GetString()!, out var permission) => JsonValue.Create(
                permission
            ),
            "Amounts" or "RequestedFunds" when value.ValueKind == JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Amount)]),
            _ => Node(value),
        };

    // Once they were numbers.
    private static JsonNode? Amount(JsonElement item)
    {
        var amount = Node(item);
        if (amount is JsonObject row && item.TryGetProperty("amount", out var number) && number.ValueKind == JsonValueKind.Number)
        {
            row["amount"] = number.GetRawText();
        }

        return amount;
    }

    // Null for all but the older words.
    private static string? Word(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Networks.TryGetValue(value.GetString()!, out var today) ? today : null;

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());

    private static FrozenDictionary<string, string> Names(params (string Older, string Today)[] names) =>
        names.ToFrozenDictionary(n => n.Older, n => n.Today, StringComparer.Ordinal);
}
