using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

/// <summary>The blake2b-256 digest of a datum's bytes, which an output may carry in the datum's place.</summary>
/// <remarks>The hash in <c>datum_option</c> of the ledger's CDDL. Ordered bytewise, as the ledger orders datums in a witness set.</remarks>
/// <param name="Hash">The bare digest.</param>
public readonly record struct DatumHash(Hash32 Hash) : IComparable<DatumHash>
{
    /// <summary>Parses 64 hex digits of either case. Throws <see cref="FormatException"/> otherwise.</summary>
    public static DatumHash Parse(string hex) => new(Hash32.Parse(hex));

    /// <summary>Parses 64 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out DatumHash hash)
    {
        var isHash = Hash32.TryParse(hex, out var digest);
        hash = new DatumHash(digest);
        return isHash;
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Hash.CopyTo(destination);

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray() => Hash.ToArray();

    /// <inheritdoc/>
    public bool Equals(DatumHash other) => Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(DatumHash other) => Hash.CompareTo(other.Hash);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Hash.ToString();

    /// <summary>Bytewise order.</summary>
    public static bool operator <(DatumHash left, DatumHash right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(DatumHash left, DatumHash right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(DatumHash left, DatumHash right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(DatumHash left, DatumHash right) => left.CompareTo(right) >= 0;
}
