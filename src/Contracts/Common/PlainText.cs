using System.Globalization;
using System.Text;

namespace Masumi.Contracts.Common;

/// <summary>Text that comes from outside, for a terminal or a page: without what moves the cursor, turns the writing around or is not seen.</summary>
public static class PlainText
{
    /// <summary>The text without control and format characters, separators of lines, and halves of characters.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="most">How many characters are kept.</param>
    public static string Of(string text, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = new StringBuilder(Math.Min(text.Length, most));
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count < most && IsPlain(rune))
            {
                plain.Append(rune.ToString());
                count++;
            }
        }

        return plain.ToString();
    }

    // Half a character is enumerated as the one that replaces it.
    private static bool IsPlain(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
