using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

/// <summary>The blake2b-224 digest of a script's language tag and bytes: how addresses and credentials name a script.</summary>
/// <remarks>CIP-19; <c>script_hash</c> in the ledger's CDDL. Ordered bytewise, as the ledger orders script hashes.</remarks>
/// <param name="Hash">The bare digest.</param>
public readonly record struct ScriptHash(Hash28 Hash) : IComparable<ScriptHash>
{
    /// <summary>Parses 56 hex digits of either case. Throws <see cref="FormatException"/> otherwise.</summary>
    public static ScriptHash Parse(string hex) => new(Hash28.Parse(hex));

    /// <summary>Parses 56 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out ScriptHash hash)
    {
        var isHash = Hash28.TryParse(hex, out var digest);
        hash = new ScriptHash(digest);
        return isHash;
    }

    /// <summary>The policy this script is when it decides about minting: the same digest (<c>policy_id = script_hash</c>).</summary>
    public PolicyId ToPolicyId() => new(Hash);

    /// <summary>Writes the 28 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Hash.CopyTo(destination);

    /// <summary>A new array of the 28 bytes.</summary>
    public byte[] ToArray() => Hash.ToArray();

    /// <inheritdoc/>
    public bool Equals(ScriptHash other) => Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(ScriptHash other) => Hash.CompareTo(other.Hash);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Hash.ToString();

    /// <summary>Bytewise order.</summary>
    public static bool operator <(ScriptHash left, ScriptHash right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(ScriptHash left, ScriptHash right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(ScriptHash left, ScriptHash right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(ScriptHash left, ScriptHash right) => left.CompareTo(right) >= 0;
}
