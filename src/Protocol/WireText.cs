using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Masumi.Protocol;

/// <summary>Reads and refusals that all words made of text share.</summary>
internal static class WireText
{
    private const int ShownCharacters = 40;

    /// <summary>Hex of an even number of digits within the bounds, in lower case; false for anything else.</summary>
    public static bool TryHex(string? text, int leastBytes, int mostBytes, [NotNullWhen(true)] out string? hex)
    {
        hex = null;
        if (text is null || text.Length % 2 != 0 || text.Length < leastBytes * 2 || text.Length > mostBytes * 2)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        hex = text.ToLowerInvariant();
        return true;
    }

    /// <summary>Lowercase hex of bytes whose number is checked; throws <see cref="ArgumentException"/>.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes, int least, int most, string what) =>
        bytes.Length >= least && bytes.Length <= most
            ? Convert.ToHexStringLower(bytes)
            : throw new ArgumentException($"{what} has {(least == most ? $"{least}" : $"{least} to {most}")} bytes, got {bytes.Length}.", nameof(bytes));

    /// <summary>The refusal of a text: what it should have been, the text (shortened), and what is allowed.</summary>
    public static FormatException Refusal(string what, string? text, string allowed) => new($"Not {what}: {Shown(text)}. Allowed: {allowed}.");

    // Controls, every space but the usual one, and what turns the direction of writing.
    private static bool IsHidden(char c) =>
        char.IsControl(c) || char.IsSurrogate(c) || (c != ' ' && char.IsWhiteSpace(c)) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    /// <summary>A text as a sentence can hold it: quoted, at most 40 characters, what cannot be seen replaced.</summary>
    public static string Shown(string? text)
    {
        if (text is null)
        {
            return "nothing";
        }

        var shown = string.Create(
            Math.Min(text.Length, ShownCharacters),
            text,
            static (target, source) =>
            {
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = IsHidden(source[i]) ? '?' : source[i];
                }
            }
        );
        return text.Length > ShownCharacters ? $"'{shown}…' ({text.Length} characters)" : $"'{shown}'";
    }
}
