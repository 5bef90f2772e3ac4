namespace Masumi.Cardano.Crypto;

/// <summary>blake2b with the digest sizes Cardano uses, unkeyed and unsalted, by libsodium.</summary>
public static class Blake2b
{
    /// <summary>32-byte digest.</summary>
    public static Hash32 Hash256(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Hash32.Size];
        Digest(data, digest);
        return new Hash32(digest);
    }

    /// <summary>28-byte digest.</summary>
    public static Hash28 Hash224(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Hash28.Size];
        Digest(data, digest);
        return new Hash28(digest);
    }

    /// <summary>20-byte digest (CIP-14 fingerprints).</summary>
    public static byte[] Hash160(ReadOnlySpan<byte> data)
    {
        var digest = new byte[20];
        Digest(data, digest);
        return digest;
    }

    /// <summary>64-byte digest.</summary>
    public static byte[] Hash512(ReadOnlySpan<byte> data)
    {
        var digest = new byte[64];
        Digest(data, digest);
        return digest;
    }

    private static unsafe void Digest(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        fixed (byte* output = digest)
        fixed (byte* input = data)
        {
            if (Sodium.Blake2b(output, (nuint)digest.Length, input, (ulong)data.Length, null, 0) != 0)
            {
                throw new InvalidOperationException("libsodium refused a blake2b digest size.");
            }
        }
    }
}
