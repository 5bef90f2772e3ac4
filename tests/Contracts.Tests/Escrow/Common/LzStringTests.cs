using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class LzStringTests
{
    [Theory]
    [InlineData("", "4000")]
    [InlineData("a", "2190")]
    [InlineData("aaaaaaaaaaaa", "218d6500")]
    [InlineData("aa.bb.cc.dd", "21b07408dd418db404de4000")]
    [InlineData("hello hello hello", "0585303660f6004a13729000")]
    [InlineData("0123456789abcdef.00ff.aa.bb", "0304604c0cc02c0ac06c0760070138086023031804c0a60198074c3007169a4461900000")]
    public void Compression_matches_the_vectors_in_both_directions(string text, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(LzString.Compress(text)));
        Assert.True(LzString.TryDecompress(Convert.FromHexString(hex), 1000, out var back));
        Assert.Equal(text, back);
    }

    [Fact]
    public void Random_texts_survive_the_round_trip()
    {
        const int seed = 20251120;
        var random = new Random(seed);
        string[] alphabets = ["01", "0123456789abcdef.", "aé€\u0000\uffff\ud83d"];
        for (var i = 0; i < 300; i++)
        {
            var alphabet = alphabets[i % alphabets.Length];
            var text = string.Create(
                random.Next(0, 1500),
                (random, alphabet),
                (span, s) =>
                {
                    foreach (ref var c in span)
                    {
                        c = s.alphabet[s.random.Next(s.alphabet.Length)];
                    }
                }
            );
            Assert.True(LzString.TryDecompress(LzString.Compress(text), text.Length, out var back), $"seed {seed}, round {i}");
            Assert.True(text == back, $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void A_text_beyond_the_limit_is_refused_however_small_its_compression()
    {
        var bytes = LzString.Compress(new string('a', 1_000_000));
        Assert.True(bytes.Length < 4000);
        Assert.False(LzString.TryDecompress(bytes, 999_999, out _));
        Assert.True(LzString.TryDecompress(bytes, 1_000_000, out _));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        const int seed = 7;
        var random = new Random(seed);
        var bytes = new byte[64];
        for (var i = 0; i < 5000; i++)
        {
            random.NextBytes(bytes);
            LzString.TryDecompress(bytes.AsSpan(0, random.Next(65)), 200, out var text);
            Assert.True(text is null || text.Length <= 200, $"seed {seed}, round {i}");
        }
    }
}
