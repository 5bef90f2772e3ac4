using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

/// <summary>The blake2b-256 digest of a transaction's auxiliary data: metadata and auxiliary scripts.</summary>
/// <remarks><c>auxiliary_data_hash</c>, key 7 of the body in the ledger's CDDL. Ordered bytewise.</remarks>
/// <param name="Hash">The bare digest.</param>
public readonly record struct AuxiliaryDataHash(Hash32 Hash) : IComparable<AuxiliaryDataHash>
{
    /// <summary>Parses 64 hex digits of either case. Throws <see cref="FormatException"/> otherwise.</summary>
    public static AuxiliaryDataHash Parse(string hex) => new(Hash32.Parse(hex));

    /// <summary>Parses 64 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out AuxiliaryDataHash hash)
    {
        var isHash = Hash32.TryParse(hex, out var digest);
        hash = new AuxiliaryDataHash(digest);
        return isHash;
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Hash.CopyTo(destination);

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray() => Hash.ToArray();

    /// <inheritdoc/>
    public bool Equals(AuxiliaryDataHash other) => Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(AuxiliaryDataHash other) => Hash.CompareTo(other.Hash);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Hash.ToString();

    /// <summary>Bytewise order.</summary>
    public static bool operator <(AuxiliaryDataHash left, AuxiliaryDataHash right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(AuxiliaryDataHash left, AuxiliaryDataHash right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(AuxiliaryDataHash left, AuxiliaryDataHash right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(AuxiliaryDataHash left, AuxiliaryDataHash right) => left.CompareTo(right) >= 0;
}
