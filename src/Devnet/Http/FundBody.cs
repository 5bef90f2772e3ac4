using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Devnet.Http;

/// <summary>
/// What the faucet is asked for: <c>amounts: ["5 ada", "100 tusdm"]</c> as people type them, or <c>lovelace</c> and <c>assets: [{unit, quantity}]</c> with
/// numbers or decimal strings. Throws <see cref="FormatException"/> that names the field.
/// </summary>
internal static class FundBody
{
    private const int MostAmounts = 100;

    public static Value Read(AdminBody body) =>
        (body["amounts"], body["lovelace"] ?? body["assets"]) switch
        {
            ({ } typed, null) => Sum(Listed(typed, "amounts").Select(Typed)),
            ({ }, _) => throw new FormatException("Either amounts, or lovelace and assets."),
            (_, _) => Sum(body["assets"] is { } listed ? Listed(listed, "assets").Select(Asset) : [])
                .WithCoin(new Lovelace(body.Count("lovelace", Lovelace.MaxSupply.Amount, body["assets"] is null ? null : 0))),
        };

    private static JsonArray Listed(JsonNode node, string name) =>
        node is JsonArray { Count: > 0 and <= MostAmounts } list ? list : throw new FormatException($"{name}: a list of 1 to {MostAmounts}.");

    private static UnitAmount Typed(JsonNode? node) =>
        DevnetTokens.TryParse(AdminBody.AsText(node), out var amount, out var problem) ? amount : throw new FormatException($"amounts: {problem}");

    private static UnitAmount Asset(JsonNode? node) =>
        node is JsonObject asset
        && AssetId.TryParse(AdminBody.AsText(asset["unit"]), out var unit)
        && AdminBody.Number(asset["quantity"]) is > 0 and var quantity
            ? new UnitAmount(quantity, Unit.Parse($"{unit}"))
            : throw new FormatException("assets: each has a unit (policy and name in hex) and a positive quantity below 2^63.");

    private static Value Sum(IEnumerable<UnitAmount> amounts) =>
        UnitAmount.TrySum(amounts, out var sums) ? DevnetTokens.ToValue(sums) : throw new FormatException("Of one unit less than 2^63 can be asked for.");
}
