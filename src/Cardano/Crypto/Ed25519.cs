namespace Masumi.Cardano.Crypto;

/// <summary>Ed25519 through libsodium.</summary>
public static class Ed25519
{
    /// <summary>Bytes of a public key.</summary>
    public const int PublicKeySize = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureSize = 64;

    /// <summary>True when the 64-byte signature over the message verifies under the 32-byte key. Never throws for bad keys or signatures.</summary>
    public static unsafe bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeySize || signature.Length != SignatureSize)
        {
            return false;
        }

        fixed (byte* key = publicKey)
        fixed (byte* text = message)
        fixed (byte* sig = signature)
        {
            return Sodium.Verify(sig, text, (ulong)message.Length, key) == 0;
        }
    }
}
