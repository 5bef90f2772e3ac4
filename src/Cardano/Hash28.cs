using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Masumi.Cardano;

/// <summary>A 28-byte blake2b-224 digest: key hashes, script hashes, policy ids.</summary>
/// <remarks>Ordered bytewise, as the ledger orders policies and credentials.</remarks>
public readonly struct Hash28 : IEquatable<Hash28>, IComparable<Hash28>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 28;

    private readonly ulong _a,
        _b,
        _c;
    private readonly uint _d;

    /// <summary>Copies 28 bytes. Throws <see cref="ArgumentException"/> for any other length.</summary>
    public Hash28(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A hash of {Size} bytes is needed, got {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]);
    }

    /// <summary>Parses 56 hex digits of either case. Throws <see cref="FormatException"/> otherwise.</summary>
    public static Hash28 Parse(string hex) => TryParse(hex, out var hash) ? hash : throw new FormatException($"Not a 28-byte hash in hex: '{hex}'.");

    /// <summary>Parses 56 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out Hash28 hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (hex is not { Length: Size * 2 } || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            hash = default;
            return false;
        }

        hash = new Hash28(bytes);
        return true;
    }

    /// <summary>Writes the 28 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt32BigEndian(destination[24..], _d);
    }

    /// <summary>A new array of the 28 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Hash28 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash28 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _d);

    /// <inheritdoc/>
    public int CompareTo(Hash28 other)
    {
        var order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    /// <summary>Bytewise equality.</summary>
    public static bool operator ==(Hash28 left, Hash28 right) => left.Equals(right);

    /// <summary>Bytewise inequality.</summary>
    public static bool operator !=(Hash28 left, Hash28 right) => !left.Equals(right);

    /// <summary>Bytewise order.</summary>
    public static bool operator <(Hash28 left, Hash28 right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(Hash28 left, Hash28 right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(Hash28 left, Hash28 right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(Hash28 left, Hash28 right) => left.CompareTo(right) >= 0;
}
