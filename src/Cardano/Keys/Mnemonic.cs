using System.Security.Cryptography;
using System.Text;

namespace Masumi.Cardano.Keys;

/// <summary>English BIP-39 mnemonics.</summary>
public static class Mnemonic
{
    private const int BitsPerWord = 11;

    private static readonly Lazy<string[]> Words = new(Load);

    private static readonly Lazy<Dictionary<string, int>> Indexes = new(() =>
        Words.Value.Select((w, i) => (w, i)).ToDictionary(p => p.w, p => p.i, StringComparer.Ordinal)
    );

    /// <summary>A mnemonic of 12, 15, 18, 21 or 24 words from 16, 20, 24, 28 or 32 bytes of entropy.</summary>
    public static string FromEntropy(ReadOnlySpan<byte> entropy)
    {
        if (entropy.Length is not (16 or 20 or 24 or 28 or 32))
        {
            throw new ArgumentException($"Entropy has 16, 20, 24, 28 or 32 bytes, got {entropy.Length}.", nameof(entropy));
        }

        Span<byte> bits = stackalloc byte[33];
        entropy.CopyTo(bits);
        bits[entropy.Length] = SHA256.HashData(entropy)[0];
        var text = new StringBuilder();
        for (var word = 0; word < entropy.Length * 3 / 4; word++)
        {
            var index = 0;
            for (var bit = word * BitsPerWord; bit < (word + 1) * BitsPerWord; bit++)
            {
                index = (index << 1) | ((bits[bit / 8] >> (7 - (bit % 8))) & 1);
            }

            text.Append(word == 0 ? "" : " ").Append(Words.Value[index]);
        }

        CryptographicOperations.ZeroMemory(bits);
        return text.ToString();
    }

    /// <summary>The entropy of a mnemonic; throws <see cref="FormatException"/> for an unknown word, count or checksum. The message holds no word.</summary>
    public static byte[] ToEntropy(string mnemonic)
    {
        ArgumentNullException.ThrowIfNull(mnemonic);
        var words = mnemonic.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (12 or 15 or 18 or 21 or 24))
        {
            throw new FormatException($"A mnemonic has 12, 15, 18, 21 or 24 words, got {words.Length}.");
        }

        Span<byte> bits = stackalloc byte[33];
        for (var word = 0; word < words.Length; word++)
        {
            if (!Indexes.Value.TryGetValue(words[word].ToLowerInvariant(), out var index))
            {
                throw new FormatException($"Word {word + 1} of the mnemonic is not in the English BIP-39 list.");
            }

            for (var i = 0; i < BitsPerWord; i++)
            {
                if (((index >> (BitsPerWord - 1 - i)) & 1) != 0)
                {
                    var bit = (word * BitsPerWord) + i;
                    bits[bit / 8] |= (byte)(0x80 >> (bit % 8));
                }
            }
        }

        var size = words.Length * 4 / 3;
        var entropy = bits[..size].ToArray();
        var checkBits = size / 4;
        var mask = (byte)(0xff << (8 - checkBits));
        var matches = ((SHA256.HashData(entropy)[0] ^ bits[size]) & mask) == 0;
        CryptographicOperations.ZeroMemory(bits);
        return matches ? entropy : throw new FormatException("The mnemonic's checksum is wrong: a word is mistyped or out of place.");
    }

    private static string[] Load()
    {
        using var stream = typeof(Mnemonic).Assembly.GetManifestResourceStream("bip39-english.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
