namespace Masumi.Cardano;

/// <summary>Ed25519 through the system's libsodium.</summary>
public static class Ed25519
{
    /// <summary>True when the 64-byte signature over the message verifies under the 32-byte key. Never throws for bad keys or signatures.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => throw new NotImplementedException();
}
