namespace Masumi.Cardano;

/// <summary>blake2b with the digest sizes Cardano uses, unkeyed and unsalted.</summary>
public static class Blake2b
{
    /// <summary>32-byte digest.</summary>
    public static Hash32 Hash256(ReadOnlySpan<byte> data) => throw new NotImplementedException();

    /// <summary>28-byte digest.</summary>
    public static Hash28 Hash224(ReadOnlySpan<byte> data) => throw new NotImplementedException();

    /// <summary>20-byte digest (CIP-14 fingerprints).</summary>
    public static byte[] Hash160(ReadOnlySpan<byte> data) => throw new NotImplementedException();

    /// <summary>64-byte digest.</summary>
    public static byte[] Hash512(ReadOnlySpan<byte> data) => throw new NotImplementedException();
}
