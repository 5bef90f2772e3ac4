using System.Text.Json;
using Masumi.Protocol;

namespace Masumi.Client;

/// <summary>What a payment service says of the key a client calls it with (payment-service-api 6.3).</summary>
/// <param name="Token">The key with all but its last characters masked.</param>
/// <param name="IsActive">False when it was revoked.</param>
/// <param name="CanRead">It may look.</param>
/// <param name="CanPay">It may buy and sell.</param>
/// <param name="CanAdmin">It may do everything.</param>
/// <param name="Networks">Where it may act.</param>
/// <param name="Raw">The whole answer.</param>
public sealed record ApiKeyStatus(string Token, bool IsActive, bool CanRead, bool CanPay, bool CanAdmin, IReadOnlyList<Word<Network>> Networks, JsonElement Raw)
{
    internal static ApiKeyStatus Read(JsonElement row) =>
        new(
            row.Text("token") ?? "",
            row.Text("status") == "Active",
            row.Flag("canRead"),
            row.Flag("canPay"),
            row.Flag("canAdmin"),
            [.. row.Items("NetworkLimit").Select(n => new Word<Network>(n.ToString()))],
            row
        );
}
