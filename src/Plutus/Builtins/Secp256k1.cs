using System.Security.Cryptography;
using NBitcoin.Secp256k1;
using SHA256 = System.Security.Cryptography.SHA256;

namespace Masumi.Plutus.Builtins;

/// <summary>The two signature schemes on secp256k1, with the strictness of libsecp256k1, which the Cardano node uses.</summary>
internal static class Secp256k1
{
    private static readonly byte[] ChallengeTag = TwiceTheHashOf("BIP0340/challenge"u8);

    /// <summary>
    /// Null when the key, message or signature is malformed: the key no compressed point of the curve, a number of the signature not below the order. A
    /// signature with the larger of the two s is well-formed and false.
    /// </summary>
    public static bool? VerifyEcdsa(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (key.Length != 33 || message.Length != 32 || signature.Length != 64)
        {
            return null;
        }

        return ECPubKey.TryCreate(key, Context.Instance, out _, out var publicKey) && SecpECDSASignature.TryCreateFromCompact(signature, out var numbers)
            ? publicKey.SigVerify(numbers, message)
            : null;
    }

    /// <summary>
    /// BIP-340 with messages of any length. Null when the key is no x of the curve or the signature has another length; any 64 bytes make a signature, true
    /// or false.
    /// </summary>
    public static bool? VerifySchnorr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (key.Length != 32 || signature.Length != 64 || !ECXOnlyPubKey.TryCreate(key, out var publicKey))
        {
            return null;
        }

        var s = new Scalar(signature[32..], out var overflow);
        if (!FE.TryCreate(signature[..32], out var r) || overflow != 0)
        {
            return false;
        }

        // R = s G - e P
        var minusE = Challenge(signature[..32], key, message).Negate();
        var point = ECMultContext.Instance.Mult(publicKey.Q.ToGroupElementJacobian(), minusE, s);
        if (point.IsInfinity)
        {
            return false;
        }

        var affine = point.ToGroupElementVariable();
        return !affine.y.NormalizeVariable().IsOdd && affine.x.NormalizeVariable().Equals(r);
    }

    /// <summary>The tagged hash of R, P and the message, modulo the order.</summary>
    private static Scalar Challenge(ReadOnlySpan<byte> r, ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(ChallengeTag);
        hash.AppendData(r);
        hash.AppendData(key);
        hash.AppendData(message);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return new Scalar(digest, out _);
    }

    private static byte[] TwiceTheHashOf(ReadOnlySpan<byte> tag)
    {
        var hash = SHA256.HashData(tag);
        return [.. hash, .. hash];
    }
}
