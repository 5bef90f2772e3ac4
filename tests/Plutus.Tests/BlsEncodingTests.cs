using System.Text.RegularExpressions;
using Masumi.Plutus.Bls12381;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

public partial class BlsEncodingTests
{
    private const string Generator1 = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";

    private const string Generator2 =
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";

    private const string Modulus = "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
    private const string Zeros = "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public void Elements_come_back_from_their_compressed_form_and_so_do_their_negatives()
    {
        var random = new BlsRandom(21);
        for (var i = 0; i < 20; i++)
        {
            var (p, q) = (random.G1(), random.G2());
            Assert.Equal(p, First(p.ToString()[2..]));
            Assert.Equal(q, Second(q.ToString()[2..]));
            Assert.Equal(p.Negate(), First(p.Negate().ToString()[2..]));
            Assert.Equal(q.Negate(), Second(q.Negate().ToString()[2..]));

            // The two differ in one flag.
            Assert.Equal(0x20, p.Compress()[0] ^ p.Negate().Compress()[0]);
            Assert.Equal(0x20, q.Compress()[0] ^ q.Negate().Compress()[0]);
        }
    }

    [Fact]
    public void The_generators_have_the_known_forms()
    {
        Assert.Equal("0x" + Generator1, new G1Element(Subgroup.Generator1).ToString());
        Assert.Equal("0x" + Generator2, new G2Element(Subgroup.Generator2).ToString());
    }

    [Fact]
    public void Zero_is_two_flags_and_nothing_else()
    {
        Assert.Equal("0xc0" + Zeros[2..], G1Element.Zero.ToString());
        Assert.Equal("0xc0" + Zeros[2..] + Zeros, G2Element.Zero.ToString());
        Assert.Equal(G1Element.Zero, First("c0" + Zeros[2..]));
        Assert.Equal(G2Element.Zero, Second("c0" + Zeros[2..] + Zeros));
    }

    [Theory]
    [InlineData("", "48 bytes")]
    [InlineData("c0", "48 bytes")]
    [InlineData(Generator1 + "00", "48 bytes")]
    [InlineData(Zeros, "compression flag")]
    [InlineData("40" + Zeros, "48 bytes")]
    [InlineData("17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb", "compression flag")]
    [InlineData("e00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "infinity")]
    [InlineData("c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001", "infinity")]
    [InlineData("d00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "infinity")]
    [InlineData("9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab", "modulus")]
    [InlineData("9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaac", "modulus")]
    [InlineData("9fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "modulus")]
    [InlineData("a00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003", "no point")]
    [InlineData("800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "not in the group")]
    [InlineData("a00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000005", "not in the group")]
    public void What_is_no_element_of_G1_is_refused_with_the_reason(string hex, string reason)
    {
        Assert.False(G1Element.TryUncompress(Convert.FromHexString(hex), out var element, out var refusal));
        Assert.Null(element);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "96 bytes")]
    [InlineData(Generator1, "96 bytes")]
    [InlineData(Generator2 + "00", "96 bytes")]
    [InlineData(Zeros + Zeros, "compression flag")]
    [InlineData("e0" + Zeros + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "infinity")]
    [InlineData("c0" + Zeros + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001", "infinity")]
    [InlineData("9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab" + Zeros, "modulus")]
    [InlineData("800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" + Modulus, "modulus")]
    public void What_is_no_element_of_G2_is_refused_with_the_reason(string hex, string reason)
    {
        Assert.False(G2Element.TryUncompress(Convert.FromHexString(hex), out var element, out var refusal));
        Assert.Null(element);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_of_the_curves_outside_the_groups_are_refused()
    {
        var random = new BlsRandom(22);
        for (var i = 0; i < 20; i++)
        {
            Assert.False(G1Element.TryUncompress(CompressedPoint.Write(random.Curve1()), out _, out var first));
            Assert.False(G2Element.TryUncompress(CompressedPoint.Write(random.Curve2()), out _, out var second));
            Assert.Equal("the point is not in the group", first);
            Assert.Equal("the point is not in the group", second);
        }
    }

    [Fact]
    public void Random_bytes_are_refused_or_the_one_form_of_an_element()
    {
        var random = new BlsRandom(23);
        for (var i = 0; i < 300; i++)
        {
            var bytes = random.Bytes(97);
            if (bytes.Length > 0)
            {
                bytes[0] |= 0x80;
            }

            Assert.True(!G1Element.TryUncompress(bytes, out var p, out _) || p.Compress().AsSpan().SequenceEqual(bytes));
            Assert.True(!G2Element.TryUncompress(bytes, out var q, out _) || q.Compress().AsSpan().SequenceEqual(bytes));
        }
    }

    [Fact]
    public void Literals_of_the_conformance_corpus_are_read_or_refused_as_expected()
    {
        var root = SharedData.Require("plutus-conformance", "test-cases", "uplc", "evaluation", "builtin", "parser", "bls12-381");
        var literals = 0;
        foreach (var file in Directory.EnumerateFiles(root, "*.uplc", SearchOption.AllDirectories))
        {
            // Literals without 0x or with half a byte are a matter of syntax.
            if (Literal().Match(File.ReadAllText(file)) is { Success: true } literal)
            {
                literals++;
                var bytes = Convert.FromHexString(literal.Groups[2].Value);
                var read = literal.Groups[1].Value == "1" ? G1Element.TryUncompress(bytes, out _, out _) : G2Element.TryUncompress(bytes, out _, out _);
                var expected = File.ReadAllText(file + ".expected");
                Assert.True(read == (expected != "parse/decode error"), file);
                Assert.True(!read || expected.Contains(literal.Groups[2].Value, StringComparison.Ordinal), file);
            }
        }

        Assert.Equal(21, literals);
    }

    private static G1Element First(string hex) =>
        G1Element.TryUncompress(Convert.FromHexString(hex), out var element, out var refusal) ? element : throw new InvalidOperationException(refusal);

    private static G2Element Second(string hex) =>
        G2Element.TryUncompress(Convert.FromHexString(hex), out var element, out var refusal) ? element : throw new InvalidOperationException(refusal);

    [GeneratedRegex("con bls12_381_G([12])_element 0x((?:[0-9a-f]{2})+)\\b")]
    private static partial Regex Literal();
}
