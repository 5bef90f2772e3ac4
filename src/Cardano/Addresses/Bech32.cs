using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Masumi.Cardano.Addresses;

/// <summary>bech32 (BIP-173, not bech32m) without its 90 character limit, as CIP-19 uses it.</summary>
public static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int MaxLength = 1023;

    /// <summary>The text form of bytes under a human-readable prefix.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> data)
    {
        var words = ToWords(data);
        var text = new StringBuilder(prefix.Length + 7 + words.Count);
        text.Append(prefix).Append('1');
        foreach (var word in words)
        {
            text.Append(Alphabet[word]);
        }

        var check = Polymod(prefix, words, 6) ^ 1;
        for (var i = 5; i >= 0; i--)
        {
            text.Append(Alphabet[(int)(check >> (5 * i)) & 31]);
        }

        return text.ToString();
    }

    /// <summary>Reads prefix and bytes; false for mixed case, foreign characters, a wrong checksum or bad padding.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out string? prefix, [NotNullWhen(true)] out byte[]? data)
    {
        prefix = null;
        data = null;
        // Only ASCII: beyond it there are letters whose lower case is one of ours, such as the Kelvin sign.
        if (text.Length is < 8 or > MaxLength || text.Any(c => c is < '!' or > '~') || (text.Any(char.IsAsciiLetterUpper) && text.Any(char.IsAsciiLetterLower)))
        {
            return false;
        }

        var lower = text.ToLowerInvariant();
        var separator = lower.LastIndexOf('1');
        if (separator < 1 || separator + 7 > lower.Length)
        {
            return false;
        }

        var words = new List<byte>(lower.Length - separator - 1);
        foreach (var c in lower.AsSpan(separator + 1))
        {
            var word = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (word < 0)
            {
                return false;
            }

            words.Add((byte)word);
        }

        if (Polymod(lower[..separator], words, 0) != 1 || !TryFromWords(words.GetRange(0, words.Count - 6), out data))
        {
            return false;
        }

        prefix = lower[..separator];
        return true;
    }

    private static List<byte> ToWords(ReadOnlySpan<byte> data)
    {
        var words = new List<byte>((data.Length * 8 + 4) / 5);
        var bits = 0;
        var held = 0;
        foreach (var b in data)
        {
            held = ((held << 8) | b) & 0xfff;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                words.Add((byte)((held >> bits) & 31));
            }
        }

        if (bits > 0)
        {
            words.Add((byte)((held << (5 - bits)) & 31));
        }

        return words;
    }

    private static bool TryFromWords(List<byte> words, [NotNullWhen(true)] out byte[]? data)
    {
        var bytes = new List<byte>(words.Count * 5 / 8);
        var bits = 0;
        var held = 0;
        foreach (var word in words)
        {
            held = ((held << 5) | word) & 0xfff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)((held >> bits) & 0xff));
            }
        }

        var clean = bits < 5 && (held & ((1 << bits) - 1)) == 0;
        data = clean ? [.. bytes] : null;
        return clean;
    }

    private static uint Polymod(string prefix, List<byte> words, int zeros)
    {
        var check = 1u;
        foreach (var c in prefix)
        {
            check = Step(check, (uint)c >> 5);
        }

        check = Step(check, 0);
        foreach (var c in prefix)
        {
            check = Step(check, (uint)c & 31);
        }

        foreach (var word in words)
        {
            check = Step(check, word);
        }

        for (var i = 0; i < zeros; i++)
        {
            check = Step(check, 0);
        }

        return check;
    }

    private static uint Step(uint check, uint value)
    {
        var top = check >> 25;
        check = ((check & 0x1ffffff) << 5) ^ value;
        check ^= (top & 1) != 0 ? 0x3b6a57b2u : 0;
        check ^= (top & 2) != 0 ? 0x26508e6du : 0;
        check ^= (top & 4) != 0 ? 0x1ea119fau : 0;
        check ^= (top & 8) != 0 ? 0x3d4233ddu : 0;
        check ^= (top & 16) != 0 ? 0x2a1462b3u : 0;
        return check;
    }
}
