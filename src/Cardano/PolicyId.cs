using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

/// <summary>Names a minting policy by the hash of its script; with a name it identifies a native asset.</summary>
/// <remarks><c>policy_id</c> in the ledger's CDDL. Ordered bytewise, as the ledger orders policies.</remarks>
/// <param name="Hash">The bare digest.</param>
public readonly record struct PolicyId(Hash28 Hash) : IComparable<PolicyId>
{
    /// <summary>Parses 56 hex digits of either case. Throws <see cref="FormatException"/> otherwise.</summary>
    public static PolicyId Parse(string hex) => new(Hash28.Parse(hex));

    /// <summary>Parses 56 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out PolicyId id)
    {
        var isHash = Hash28.TryParse(hex, out var digest);
        id = new PolicyId(digest);
        return isHash;
    }

    /// <summary>The script that decides about this policy's assets: the same digest (<c>policy_id = script_hash</c>).</summary>
    public ScriptHash ToScriptHash() => new(Hash);

    /// <summary>Writes the 28 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Hash.CopyTo(destination);

    /// <summary>A new array of the 28 bytes.</summary>
    public byte[] ToArray() => Hash.ToArray();

    /// <inheritdoc/>
    public bool Equals(PolicyId other) => Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(PolicyId other) => Hash.CompareTo(other.Hash);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Hash.ToString();

    /// <summary>Bytewise order.</summary>
    public static bool operator <(PolicyId left, PolicyId right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(PolicyId left, PolicyId right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(PolicyId left, PolicyId right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(PolicyId left, PolicyId right) => left.CompareTo(right) >= 0;
}
