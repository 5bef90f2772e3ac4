using System.Text.Json;
using Masumi.Protocol;

namespace Masumi.Agents;

/// <summary>Through which generation of contracts an agent is paid, by what its node shows.</summary>
internal static class AgentSource
{
    private const string TypeName = "paymentSourceType";

    /// <summary>The generation of the source whose agents are registered under the policy of this one's token; null when none is.</summary>
    public static PaymentSourceType? TypeOf(IEnumerable<JsonElement> sources, AgentIdentifier agent, Network network)
    {
        // A service that knows one generation only does not name it.
        foreach (var source in sources)
        {
            if (Text(source, "network") == Word.Text(network) && string.Equals(Text(source, "policyId"), agent.PolicyId, StringComparison.OrdinalIgnoreCase))
            {
                return Word.TryParse<PaymentSourceType>(Text(source, TypeName) ?? Word.Text(PaymentSourceType.Web3CardanoV1), out var type) ? type : null;
            }
        }

        return null;
    }

    /// <summary>The generation that a payment's row names; null when it names none.</summary>
    public static PaymentSourceType? TypeOf(JsonElement row) =>
        row.ValueKind == JsonValueKind.Object
        && row.TryGetProperty("PaymentSource", out var source)
        && Word.TryParse<PaymentSourceType>(Text(source, TypeName), out var type)
            ? type
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
