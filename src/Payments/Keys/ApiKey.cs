using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Protocol;

namespace Masumi.Payments.Keys;

/// <summary>An API key without its secret.</summary>
internal sealed record ApiKey
{
    public required string Id { get; init; }

    /// <summary>Five stars and the last four characters.</summary>
    public required string Mask { get; init; }

    public required bool CanRead { get; init; }

    public required bool CanPay { get; init; }

    public required bool CanAdmin { get; init; }

    public required bool UsageLimited { get; init; }

    /// <summary>Where it may be used.</summary>
    public required ImmutableArray<Network> Networks { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Unit (empty for lovelace) and what is left.</summary>
    public ImmutableArray<KeyValuePair<string, long>> Credits { get; init; } = [];

    public bool Allows(Network network) => CanAdmin || Networks.Contains(network);

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["token"] = Mask,
            ["permission"] =
                CanAdmin ? "Admin"
                : CanPay ? "ReadAndPay"
                : "Read",
            ["canRead"] = CanRead || CanPay || CanAdmin,
            ["canPay"] = CanPay || CanAdmin,
            ["canAdmin"] = CanAdmin,
            ["usageLimited"] = UsageLimited && !CanAdmin,
            ["NetworkLimit"] = new JsonArray([.. (CanAdmin ? [Network.Mainnet, Network.Preprod] : Networks).Select(n => (JsonNode)Word.Text(n))]),
            ["ChainIdLimit"] = new JsonArray(),
            ["RemainingUsageCredits"] = new JsonArray([
                .. Credits.Select(c => (JsonNode)new JsonObject { ["unit"] = c.Key, ["amount"] = c.Value.ToString(CultureInfo.InvariantCulture) }),
            ]),
            ["status"] = IsActive ? "Active" : "Revoked",
            ["walletScopeEnabled"] = false,
            ["WalletScopes"] = new JsonArray(),
        };
}
