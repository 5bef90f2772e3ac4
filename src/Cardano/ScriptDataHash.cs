using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

/// <summary>The blake2b-256 digest of what a transaction's scripts are run with: redeemers, datums and language views.</summary>
/// <remarks><c>script_data_hash</c>, key 11 of the body in the ledger's CDDL. Ordered bytewise.</remarks>
/// <param name="Hash">The bare digest.</param>
public readonly record struct ScriptDataHash(Hash32 Hash) : IComparable<ScriptDataHash>
{
    /// <summary>Parses 64 hex digits of either case. Throws <see cref="FormatException"/> otherwise.</summary>
    public static ScriptDataHash Parse(string hex) => new(Hash32.Parse(hex));

    /// <summary>Parses 64 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out ScriptDataHash hash)
    {
        var isHash = Hash32.TryParse(hex, out var digest);
        hash = new ScriptDataHash(digest);
        return isHash;
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Hash.CopyTo(destination);

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray() => Hash.ToArray();

    /// <inheritdoc/>
    public bool Equals(ScriptDataHash other) => Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(ScriptDataHash other) => Hash.CompareTo(other.Hash);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Hash.ToString();

    /// <summary>Bytewise order.</summary>
    public static bool operator <(ScriptDataHash left, ScriptDataHash right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(ScriptDataHash left, ScriptDataHash right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(ScriptDataHash left, ScriptDataHash right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(ScriptDataHash left, ScriptDataHash right) => left.CompareTo(right) >= 0;
}
