using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

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

    // No unit means one token here and another one there.
    private ImmutableArray<Network> Known => CanAdmin ? [Network.Mainnet, Network.Preprod] : Networks;

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
            ["NetworkLimit"] = new JsonArray([.. Known.Select(n => (JsonNode)Word.Text(n))]),
            ["ChainIdLimit"] = new JsonArray(),
            ["RemainingUsageCredits"] = new JsonArray([
                .. Credits.Select(c =>
                    (JsonNode)
                        Known.Aggregate(
                            new JsonObject { ["unit"] = c.Key, ["amount"] = c.Value.ToString(CultureInfo.InvariantCulture) },
                            (row, network) => row.Labelled(c.Key, network)
                        )
                ),
            ]),
            ["status"] = IsActive ? "Active" : "Revoked",
            ["walletScopeEnabled"] = false,
            ["WalletScopes"] = new JsonArray(),
        };
}
