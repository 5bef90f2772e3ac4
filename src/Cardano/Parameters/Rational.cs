using System.Globalization;
using System.Numerics;

namespace Masumi.Cardano.Parameters;

/// <summary>A non-negative rational as the ledger keeps prices: exact, never a float.</summary>
public readonly record struct Rational(long Numerator, long Denominator)
{
    /// <summary>
    /// Parses a non-negative decimal in JSON notation exactly and in lowest terms: <c>0.0577</c> is 577/10000, <c>7.21e-05</c> is
    /// 721/10000000. Throws <see cref="FormatException"/> for anything else, and for more digits than 64 bits hold.
    /// </summary>
    public static Rational ParseDecimal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!Digits.TryReadFraction<decimal>(text, Style, out var value))
        {
            throw new FormatException($"Not a non-negative decimal number: '{text}'.");
        }

        var denominator = BigInteger.Pow(10, value.Scale);
        var numerator = new BigInteger(value * (decimal)BigInteger.Pow(10, value.Scale));
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return numerator / common <= long.MaxValue && denominator / common <= long.MaxValue
            ? new Rational((long)(numerator / common), (long)(denominator / common))
            : throw new FormatException($"Too many digits in '{text}'.");
    }

    /// <summary>The decimal number with exactly this value; throws <see cref="FormatException"/> when there is none of 28 digits.</summary>
    public decimal ToDecimal()
    {
        var value = (decimal)Numerator / Denominator;
        return value * Denominator == Numerator ? value : throw new FormatException($"{this} has no finite decimal form.");
    }

    /// <summary>For example <c>577/10000</c>.</summary>
    public override string ToString() => $"{Numerator}/{Denominator}";
}
