using System.Globalization;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Stores;

/// <summary>Values as the JSON the store keeps: a list of unit and decimal amount, ADA with the empty unit.</summary>
public static class Amounts
{
    /// <summary>ADA first (when not zero), then assets in ledger order.</summary>
    public static string ToJson(Value value) =>
        JsonSerializer.Serialize(ToList(value).Select(a => new[] { a.Unit, a.Quantity.ToString(CultureInfo.InvariantCulture) }));

    /// <summary>The units and quantities of a value, ADA as the empty unit.</summary>
    public static IEnumerable<(string Unit, Int128 Quantity)> ToList(Value value)
    {
        if (value.Coin != Lovelace.Zero)
        {
            yield return ("", value.Coin.Amount);
        }

        foreach (var (asset, quantity) in value.Assets)
        {
            yield return (asset.ToString(), quantity);
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Value FromJson(string json)
    {
        var coin = Lovelace.Zero;
        var assets = new List<KeyValuePair<AssetId, Int128>>();
        foreach (var pair in JsonSerializer.Deserialize<string[][]>(json)!)
        {
            var quantity = Digits.ReadSigned<Int128>(pair[1]);
            if (pair[0].Length == 0)
            {
                coin += new Lovelace(checked((long)quantity));
            }
            else
            {
                assets.Add(new(AssetId.Parse(pair[0]), quantity));
            }
        }

        return Value.Of(coin, assets);
    }
}
