using System.Globalization;

namespace Masumi.Protocol.Tokens;

/// <summary>Amounts with a decimal point against whole numbers of the smallest part.</summary>
internal static class Decimals
{
    /// <summary>The whole number for digits before and after the point; false when it does not fit into 63 bits or is zero. Digits after the point must fit.</summary>
    public static bool TryScale(ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction, int decimals, out long amount)
    {
        amount = 0;
        var significant = whole.TrimStart('0');
        if (significant.Length + decimals > 40)
        {
            return false;
        }

        var digits = string.Concat(significant, fraction, new string('0', decimals - fraction.Length));
        if (!Digits.TryRead<UInt128>(digits, out var value) || value > long.MaxValue)
        {
            return false;
        }

        amount = (long)value;
        return amount > 0;
    }

    /// <summary>The number with a point where the token has one, without zeros at the end.</summary>
    public static string Text(long amount, int decimals)
    {
        var digits = amount.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^decimals] : $"{digits[..^decimals]}.{fraction}";
    }
}
