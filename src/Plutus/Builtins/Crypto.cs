using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace Masumi.Plutus.Builtins;

/// <summary>Digests that neither .NET nor libsodium has everywhere.</summary>
internal static class Crypto
{
    public static byte[] Sha3(ReadOnlySpan<byte> data) => SHA3_256.IsSupported ? SHA3_256.HashData(data) : Digest(new Sha3Digest(256), data);

    public static byte[] Keccak(ReadOnlySpan<byte> data) => Digest(new KeccakDigest(256), data);

    public static byte[] Ripemd(ReadOnlySpan<byte> data) => Digest(new RipeMD160Digest(), data);

    private static byte[] Digest(IDigest digest, ReadOnlySpan<byte> data)
    {
        digest.BlockUpdate(data);
        var result = new byte[digest.GetDigestSize()];
        digest.DoFinal(result);
        return result;
    }
}
