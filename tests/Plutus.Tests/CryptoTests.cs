using System.Text;
using Masumi.Cardano.Crypto;
using Masumi.Plutus.Builtins;

namespace Masumi.Plutus.Tests;

public class CryptoTests
{
    // A key pair of our own (secret key 0x07 repeated), signing the message 00 01 .. 1f.
    private const string Key = "02989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f";
    private const string Message = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string R = "ff7b5387fc851c055d0e0501444d4b7fa27f249d08cd21d9506978fc29309d1e";
    private const string LowS = "7908167176e8bd35724c13993054b50c73a85277c4395a0607d668b7e37856b8";
    private const string HighS = "86f7e98e891742ca8db3ec66cfab4af247068a6eeb0f4635b7fbf5d4ecbdea89";
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    private const string Zero = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string FieldModulus = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f";
    private const string NoX = "0000000000000000000000000000000000000000000000000000000000000005";

    private const string SchnorrSignature =
        "15c31c0e1dc7ce35b7b3f37f22e42af3d0e4a4c8ef3bdd4b2bdd84c19ddeabad" + "8bff3b08905266704592e29128732ad9297db1e852b0e68454115875320638cf";

    [Theory]
    [InlineData("the true signature", Key, Message, R + LowS, true)]
    [InlineData("the same with the larger s", Key, Message, R + HighS, false)]
    [InlineData("another message", Key, Zero, R + LowS, false)]
    [InlineData("r and s of zero", Key, Message, Zero + Zero, false)]
    [InlineData("r of the order", Key, Message, Order + LowS, null)]
    [InlineData("s of the order", Key, Message, R + Order, null)]
    [InlineData("a key that is not compressed", "04" + NoX, Message, R + LowS, null)]
    [InlineData("a key of zeros", "00" + Zero, Message, R + LowS, null)]
    [InlineData("a key whose x is not below the modulus", "02" + FieldModulus, Message, R + LowS, null)]
    [InlineData("a key whose x is not on the curve", "02" + NoX, Message, R + LowS, null)]
    [InlineData("a short key", "02", Message, R + LowS, null)]
    [InlineData("a long message", Key, Message + "00", R + LowS, null)]
    [InlineData("no message", Key, "", R + LowS, null)]
    [InlineData("half a signature", Key, Message, R, null)]
    public void Ecdsa_tells_true_false_and_malformed_apart(string what, string key, string message, string signature, bool? expected)
    {
        Assert.True(expected == Secp256k1.VerifyEcdsa(Bytes(key), Bytes(message), Bytes(signature)), what);
    }

    [Theory]
    [InlineData("the true signature", "989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f", Message, SchnorrSignature, true)]
    [InlineData("another message", "989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f", "00", SchnorrSignature, false)]
    [InlineData(
        "no message at all, truly signed",
        "989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f",
        "",
        "20095283dc2fb26cdbc0815ad23a76fe900c4b4aa53e86e39c73fa812a2f31ebf45ae1e486075a985c8cdee3074f6c67c6094c5d077de4869a6f7e9860df8e5b",
        true
    )]
    [InlineData("numbers beyond the order", "989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f", Message, FieldModulus + Order, false)]
    [InlineData("a key whose x is not on the curve", NoX, Message, SchnorrSignature, null)]
    [InlineData("a key whose x is not below the modulus", FieldModulus, Message, SchnorrSignature, null)]
    [InlineData("a key with its sign", Key, Message, SchnorrSignature, null)]
    [InlineData("half a signature", "989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f", Message, R, null)]
    public void Schnorr_tells_true_false_and_malformed_apart(string what, string key, string message, string signature, bool? expected)
    {
        Assert.True(expected == Secp256k1.VerifySchnorr(Bytes(key), Bytes(message), Bytes(signature)), what);
    }

    [Fact]
    public void Wrong_lengths_are_malformed()
    {
        Assert.Null(Secp256k1.VerifyEcdsa(new byte[32], new byte[32], new byte[64]));
        Assert.Null(Secp256k1.VerifySchnorr(new byte[33], new byte[32], new byte[64]));
    }

    // The digests of "" and "abc" are the published ones (FIPS 202; the Keccak team; H. Dobbertin, A. Bosselaers and B. Preneel; RFC 7693 reference code).
    // The rest, of the bytes 00 01 02 .., lie around block boundaries and were made with an independent implementation.
    [Theory]
    [InlineData("", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a")]
    [InlineData("abc", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532")]
    [InlineData(135, "fded8fd9d6551c601eeb3b7c6bc5e5cfd8aad1d015b7e9aaa9c9b9475231d5e2")]
    [InlineData(136, "cf3ccff92480a29160c2d38317c430e14749bfee1788106957dfe73f8c4930e5")]
    [InlineData(137, "ce9d7dc90913ee5d92745019479a5352c6d6279bef18ed07dc0a83ee8084daca")]
    public void Sha3(object message, string digest) => Assert.Equal(digest, Convert.ToHexStringLower(Crypto.Sha3(Input(message))));

    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData(135, "cbdfd9dee5faad3818d6b06f95a219fd290b0e1706f6a82e5a595b9ce9faca62")]
    [InlineData(136, "7ce759f1ab7f9ce437719970c26b0a66ff11fe3e38e17df89cf5d29c7d7f807e")]
    [InlineData(137, "ac73d4fae68b8453f764007c1a20ce95994187861f0c3227a3a8e99a73a3b1db")]
    public void Keccak(object message, string digest) => Assert.Equal(digest, Convert.ToHexStringLower(Crypto.Keccak(Input(message))));

    [Theory]
    [InlineData("", "9c1185a5c5e9fc54612808977ee8f548b2258d31")]
    [InlineData("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc")]
    [InlineData("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc")]
    [InlineData(55, "3c86963b3ff646a65ae42996e9664c747cc7e5e6")]
    [InlineData(56, "ebdd79cfd4fd9949ef8089673d2620427f487cfb")]
    [InlineData(64, "2581f5e9f957b44b0fa24d31996de47409dd1e0f")]
    public void Ripemd_160(object message, string digest) => Assert.Equal(digest, Convert.ToHexStringLower(Crypto.Ripemd(Input(message))));

    [Theory]
    [InlineData("", "836cc68931c2e4e3e838602eca1902591d216837bafddfe6f0c8cb07")]
    [InlineData(1, "0d94e174732ef9aae73f395ab44507bfa983d65023c11a951f0c32e4")]
    [InlineData(127, "afa0454a4a572149b09a845baefef20384539a349933d15c281029ca")]
    [InlineData(128, "f0ca1b2d7e6d603147b07d0560027876df36e2eeca2d7b3d59b47ee2")]
    [InlineData(129, "b2638debd279de80b15faea232f3d25cb73ee0d709d664c57f281d98")]
    public void Blake2b_224(object message, string digest) => Assert.Equal(digest, Convert.ToHexStringLower(Blake2b.Hash224(Input(message)).ToArray()));

    private static byte[] Input(object message) =>
        message is int length ? [.. Enumerable.Range(0, length).Select(i => (byte)i)] : Encoding.ASCII.GetBytes((string)message);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
