using System.Globalization;
using System.Numerics;

namespace Masumi;

/// <summary>
/// Numbers that come from outside as text. .NET's own reading takes trailing NUL characters for nothing, so that one value had any number of texts; here a
/// number is what can be seen of it.
/// </summary>
internal static class Digits
{
    /// <summary>Reads decimal digits, at least one and nothing else; zeros at the front are allowed. False when the value does not fit.</summary>
    public static bool TryRead<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, IBinaryInteger<T>
    {
        value = default;
        return AreAll(text) && T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>As <see cref="TryRead"/>, for numbers of which each has one text: no zeros at the front.</summary>
    public static bool TryReadCanonical<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, IBinaryInteger<T>
    {
        value = default;
        return text is not ['0', _, ..] && TryRead(text, out value);
    }

    /// <summary>As <see cref="TryRead"/>, with a sign in front or none.</summary>
    public static bool TryReadSigned<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, IBinaryInteger<T>
    {
        value = default;
        return AreAll(text is ['-' or '+', ..] ? text[1..] : text) && T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads a number that may have a fraction, in one of the styles that .NET knows.</summary>
    public static bool TryReadFraction<T>(string? text, NumberStyles style, out T value)
        where T : struct, IFloatingPoint<T>
    {
        value = default;
        return text is not null && !text.Contains('\0', StringComparison.Ordinal) && T.TryParse(text, style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads a moment in ISO 8601, in UTC unless it says otherwise.</summary>
    public static bool TryReadTime(string? text, out DateTimeOffset time)
    {
        time = default;
        return text is not null
            && !text.Contains('\0', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>As <see cref="TryReadSigned"/>; throws <see cref="FormatException"/>.</summary>
    public static T ReadSigned<T>(string text)
        where T : struct, IBinaryInteger<T> => TryReadSigned<T>(text, out var value) ? value : throw new FormatException("A whole number is needed.");

    private static bool AreAll(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }
}
