using System.Text;
using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Tests;

public class BlsHashTests
{
    // RFC 9380, appendix K.1.
    [Theory]
    [InlineData("", "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235")]
    [InlineData("abc", "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615")]
    public void Messages_expand_as_in_the_rfc(string message, string uniform)
    {
        var bytes = new byte[32];
        HashToCurve.Expand(Encoding.ASCII.GetBytes(message), "QUUX-V01-CS02-with-expander-SHA256-128"u8, bytes);
        Assert.Equal(uniform, Convert.ToHexStringLower(bytes));
    }

    // The messages of RFC 9380, appendices J.9.1 and J.10.1; the points in compressed form.
    [Theory]
    [InlineData(
        "",
        "852926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1",
        "a5cb8437535e20ecffaef7752baddf98034139c38452458baeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a"
    )]
    [InlineData(
        "abc",
        "83567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903",
        "939cddbccdc5e91b9623efd38c49f81a6f83f175e80b06fc374de9eb4b41dfe4ca3a230ed250fbe3a2acf73a41177fd802c2d18e033b960562aae3cab37a27ce00d80ccd5ba4b7fe0e7a210245129dbec7780ccc7954725f4168aff2787776e6"
    )]
    [InlineData(
        "abcdef0123456789",
        "91e0b079dea29a68f0383ee94fed1b940995272407e3bb916bbf268c263ddd57a6a27200a784cbc248e84f357ce82d98",
        "990d119345b94fbd15497bcba94ecf7db2cbfd1e1fe7da034d26cbba169fb3968288b3fafb265f9ebd380512a71c3f2c121982811d2491fde9ba7ed31ef9ca474f0e1501297f68c298e9f4c0028add35aea8bb83d53c08cfc007c1e005723cd0"
    )]
    [InlineData(
        "q128_",
        "b5f68eaa693b95ccb85215dc65fa81038d69629f70aeee0d0f677cf22285e7bf58d7cb86eefe8f2e9bc3f8cb84fac488",
        "8934aba516a52d8ae479939a91998299c76d39cc0c035cd18813bec433f587e2d7a4fef038260eef0cef4d02aae3eb9119a84dd7248a1066f737cc34502ee5555bd3c19f2ecdb3c7d9e24dc65d4e25e50d83f0f77105e955d78f4762d33c17da"
    )]
    [InlineData(
        "a512_",
        "882aabae8b7dedb0e78aeb619ad3bfd9277a2f77ba7fad20ef6aabdc6c31d19ba5a6d12283553294c1825c4b3ca2dcfe",
        "91fca2ff525572795a801eed17eb12785887c7b63fb77a42be46ce4a34131d71f7a73e95fee3f812aea3de78b4d0156901a6ba2f9a11fa5598b2d8ace0fbe0a0eacb65deceb476fbbcb64fd24557c2f4b18ecfc5663e54ae16a84f5ab7f62534"
    )]
    public void Messages_hash_to_the_points_of_the_rfc(string message, string first, string second)
    {
        var bytes = Encoding.ASCII.GetBytes(
            message switch
            {
                "q128_" => message + new string('q', 128),
                "a512_" => message + new string('a', 512),
                _ => message,
            }
        );
        Assert.Equal("0x" + first, G1Element.Hash(bytes, "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_"u8).ToString());
        Assert.Equal("0x" + second, G2Element.Hash(bytes, "QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_"u8).ToString());
    }

    [Fact]
    public void Every_message_and_tag_hashes_into_the_groups()
    {
        var random = new BlsRandom(31);
        for (var i = 0; i < 20; i++)
        {
            var (message, tag) = (random.Bytes(200), random.Bytes(HashToCurve.MaxTag));
            var (p, q) = (G1Element.Hash(message, tag), G2Element.Hash(message, tag));

            // Reading checks both the curve and the group.
            Assert.True(G1Element.TryUncompress(p.Compress(), out var first, out _) && first.Equals(p));
            Assert.True(G2Element.TryUncompress(q.Compress(), out var second, out _) && second.Equals(q));
        }
    }

    [Fact]
    public void A_tag_over_255_bytes_is_a_bug_of_the_caller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => G1Element.Hash(default, new byte[HashToCurve.MaxTag + 1]));
}
