using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Contracts.Common;

/// <summary>
/// An amount as it stands in a registry entry, a request or a signed offer. Nobody has judged it: the unit may be none and the number not positive, and its
/// letter case is shown and signed as it stands. <see cref="TrySum"/> makes money of it.
/// </summary>
public sealed record WrittenAmount
{
    /// <summary>An amount; every spelling of lovelace becomes the empty unit, as all three APIs and the signed payload write it.</summary>
    public WrittenAmount(string unit, long amount)
    {
        Unit = Protocol.Unit.TryParse(unit, out var known) && known.IsAda ? known.ToString() : unit;
        Amount = amount;
    }

    /// <summary>Policy and name in hex, empty for ADA; or whatever else was written.</summary>
    public string Unit { get; }

    /// <summary>How much, in the smallest part.</summary>
    public long Amount { get; }

    /// <summary>Sums amounts; false when a unit is no asset, an amount is not positive, or a sum exceeds 63 bits.</summary>
    public static bool TrySum(IEnumerable<WrittenAmount> amounts, [NotNullWhen(true)] out Value? sum)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        sum = null;
        var known = new List<UnitAmount>();
        foreach (var amount in amounts)
        {
            if (amount.Amount <= 0 || !Protocol.Unit.TryParse(amount.Unit, out var unit))
            {
                return false;
            }

            known.Add(new UnitAmount(amount.Amount, unit));
        }

        sum = UnitAmount.TrySum(known, out var sums) ? sums.ToValue() : null;
        return sum is not null;
    }
}
