using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>CIP-14 asset fingerprints: bech32 with prefix <c>asset</c> of blake2b-160 over policy and name.</summary>
internal static class Fingerprint
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const string Prefix = "asset";
    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    public static string Of(AssetId asset)
    {
        var words = ToWords(Blake2b.Hash160([.. asset.Policy.ToArray(), .. asset.Name.Bytes.Span]));
        return $"{Prefix}1{string.Concat(words.Concat(Checksum(words)).Select(w => Alphabet[w]))}";
    }

    private static List<int> ToWords(byte[] bytes)
    {
        var words = new List<int>();
        var (buffer, bits) = (0, 0);
        foreach (var b in bytes)
        {
            (buffer, bits) = ((buffer << 8) | b, bits + 8);
            while (bits >= 5)
            {
                bits -= 5;
                words.Add((buffer >> bits) & 31);
            }

            buffer &= (1 << bits) - 1;
        }

        return words;
    }

    // BIP-173.
    private static IEnumerable<int> Checksum(IEnumerable<int> words)
    {
        var check = 1u;
        foreach (var word in Prefix.Select(c => c >> 5).Append(0).Concat(Prefix.Select(c => c & 31)).Concat(words).Concat(Enumerable.Repeat(0, 6)))
        {
            var top = check >> 25;
            check = ((check & 0x1ffffff) << 5) ^ (uint)word;
            for (var i = 0; i < Generator.Length; i++)
            {
                check ^= ((top >> i) & 1) == 0 ? 0 : Generator[i];
            }
        }

        check ^= 1;
        return Enumerable.Range(0, 6).Select(i => (int)((check >> (5 * (5 - i))) & 31));
    }
}
