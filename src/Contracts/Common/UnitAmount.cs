using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Common;

/// <summary>An amount as the APIs carry it: the unit is policy and name in hex, empty for ADA.</summary>
public sealed record UnitAmount(string Unit, long Amount)
{
    /// <summary>The ADA unit on the wire; <c>lovelace</c> is read as the same.</summary>
    public const string Ada = "";

    /// <summary>True for ADA in either spelling.</summary>
    public bool IsAda => Unit.Length == 0 || Unit.Equals("lovelace", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sums amounts; false when a unit is no asset, an amount is not positive, or a sum exceeds 64 bits.</summary>
    public static bool TrySum(IEnumerable<UnitAmount> amounts, [NotNullWhen(true)] out Value? sum)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        sum = null;
        var coin = 0L;
        var assets = new Dictionary<AssetId, Int128>();
        foreach (var amount in amounts)
        {
            if (amount.Amount <= 0)
            {
                return false;
            }

            if (amount.IsAda)
            {
                if (long.MaxValue - coin < amount.Amount)
                {
                    return false;
                }

                coin += amount.Amount;
                continue;
            }

            if (!AssetId.TryParse(amount.Unit, out var asset) || long.MaxValue - assets.GetValueOrDefault(asset) < amount.Amount)
            {
                return false;
            }

            assets[asset] = assets.GetValueOrDefault(asset) + amount.Amount;
        }

        sum = Value.Of(new Lovelace(coin), assets);
        return true;
    }
}
