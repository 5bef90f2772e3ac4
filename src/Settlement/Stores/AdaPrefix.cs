using System.Numerics;

namespace Masumi.Settlement.Stores;

/// <summary>
/// Digits that begin an amount in ADA, as people search for prices: 1.5 is everything from 1.5 to below 1.6, of whatever unit (spec payment-service-api.md 6.1).
/// </summary>
internal static class AdaPrefix
{
    private const int Decimals = 6;

    /// <summary>The least and the most that begin so; null for a text that is no such prefix, or that nothing begins with.</summary>
    public static (long Least, long Most)? Of(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        if (whole.Length is 0 or > 20 || !whole.All(char.IsAsciiDigit) || !fraction.All(char.IsAsciiDigit))
        {
            return null;
        }

        var tail = fraction.Length > Decimals ? fraction[Decimals..] : "";
        fraction = fraction[..(fraction.Length - tail.Length)];
        if (tail.Any(d => d != '0') || !Digits.TryRead<BigInteger>(whole + fraction, out var begin))
        {
            return null;
        }

        var step = BigInteger.Pow(10, Decimals - fraction.Length);
        var least = begin * step;
        return least > long.MaxValue ? null : ((long)least, (long)BigInteger.Min(least + step - 1, long.MaxValue));
    }
}
