using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;
using Network = Masumi.Protocol.Network;

namespace Masumi.Devnet;

/// <summary>The tokens people know by name. Here they are what they are on Preprod: a devnet has the very units of that network.</summary>
public static class DevnetTokens
{
    /// <summary>The asset that stands for tUSDM: Preprod's unit, made from nothing in the first block.</summary>
    public static AssetId TUsdm { get; } = AssetId.Parse(Token.TUsdm.Unit.ToString());

    /// <summary>So many whole tUSDM.</summary>
    public static KeyValuePair<AssetId, Int128> OfTUsdm(long whole) => KeyValuePair.Create(TUsdm, (Int128)whole * 1_000_000);

    /// <summary>The token of an asset; null for most.</summary>
    internal static Token? Find(AssetId asset) => Token.Find(Unit.Parse($"{asset}"), Network.Preprod);

    /// <summary>Those that are assets of a devnet.</summary>
    internal static IEnumerable<Token> Known => Token.All(Network.Preprod).Where(t => !t.Unit.IsAda);

    /// <summary>An amount as typed: <c>5 ada</c>, <c>100tusdm</c>, or a whole number, a space and a unit in hex.</summary>
    internal static bool TryParse(string? text, [NotNullWhen(true)] out UnitAmount? amount, [NotNullWhen(false)] out string? problem) =>
        AmountText.TryParse(text, Network.Preprod, out amount, out problem);

    /// <summary>Amounts of different units as a value.</summary>
    internal static Value ToValue(ImmutableArray<UnitAmount> amounts) =>
        Value.Of(
            new Lovelace(amounts.FirstOrDefault(a => a.Unit.IsAda)?.Amount ?? 0),
            amounts.Where(a => !a.Unit.IsAda).Select(a => KeyValuePair.Create(AssetId.Parse($"{a.Unit}"), (Int128)a.Amount))
        );

    /// <summary>Assets in JSON: unit and quantity, with symbol and decimals of those that have them.</summary>
    public static JsonArray Assets(Value value) =>
        new([
            .. value.Assets.Select(a =>
                new JsonObject { ["unit"] = $"{a.Key}", ["quantity"] = a.Value.ToString(CultureInfo.InvariantCulture) }.Labelled($"{a.Key}", Network.Preprod)
            ),
        ]);
}
