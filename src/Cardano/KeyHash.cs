using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

/// <summary>The blake2b-224 digest of an Ed25519 public key: how addresses, required signers and native scripts name a key.</summary>
/// <remarks>CIP-19; <c>addr_keyhash</c> in the ledger's CDDL. Ordered bytewise, as the ledger orders key hashes.</remarks>
/// <param name="Hash">The bare digest.</param>
public readonly record struct KeyHash(Hash28 Hash) : IComparable<KeyHash>
{
    /// <summary>Parses 56 hex digits of either case. Throws <see cref="FormatException"/> otherwise.</summary>
    public static KeyHash Parse(string hex) => new(Hash28.Parse(hex));

    /// <summary>Parses 56 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out KeyHash hash)
    {
        var isHash = Hash28.TryParse(hex, out var digest);
        hash = new KeyHash(digest);
        return isHash;
    }

    /// <summary>Writes the 28 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Hash.CopyTo(destination);

    /// <summary>A new array of the 28 bytes.</summary>
    public byte[] ToArray() => Hash.ToArray();

    /// <inheritdoc/>
    public bool Equals(KeyHash other) => Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(KeyHash other) => Hash.CompareTo(other.Hash);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Hash.ToString();

    /// <summary>Bytewise order.</summary>
    public static bool operator <(KeyHash left, KeyHash right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(KeyHash left, KeyHash right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(KeyHash left, KeyHash right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(KeyHash left, KeyHash right) => left.CompareTo(right) >= 0;
}
