namespace Masumi.Contracts.Common;

/// <summary>Judges hex as the APIs do.</summary>
public static class HexText
{
    /// <summary>True when every character is a hex digit.</summary>
    public static bool IsHex(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The off-chain hex rule (spec escrow.md 2.6): not empty, even length, hex digits only.</summary>
    public static bool IsHexField(string text) => text.Length > 0 && text.Length % 2 == 0 && text.AsSpan().IsHex();

    /// <summary>True when no digit is upper case; the chain carries bytes, so upper case would not survive it.</summary>
    public static bool IsLower(string text) => !text.AsSpan().ContainsAnyInRange('A', 'Z');
}
