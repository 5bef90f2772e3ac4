using System.Diagnostics.CodeAnalysis;

namespace Masumi.Contracts.Common;

/// <summary>Immutable bytes compared by content; hex outside, bytes on chain.</summary>
public readonly struct ByteString : IEquatable<ByteString>
{
    private readonly byte[]? _bytes;

    /// <summary>Copies the bytes.</summary>
    public ByteString(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
    }

    /// <summary>No bytes.</summary>
    public static ByteString Empty => default;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes ?? [];

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>How many bytes.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>True without bytes.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Reads hex of either case, the empty text too; throws <see cref="FormatException"/> otherwise.</summary>
    public static ByteString FromHex(string hex) => TryFromHex(hex, out var bytes) ? bytes : throw new FormatException($"Not hex of even length: '{hex}'.");

    /// <summary>Reads hex of either case, the empty text too.</summary>
    public static bool TryFromHex([NotNullWhen(true)] string? hex, out ByteString bytes)
    {
        bytes = default;
        if (hex is null || hex.Length % 2 != 0 || !hex.AsSpan().IsHex())
        {
            return false;
        }

        bytes = new ByteString(Convert.FromHexString(hex));
        return true;
    }

    /// <summary>These bytes followed by others.</summary>
    public ByteString Concat(ByteString other) => new([.. Span, .. other.Span]);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <inheritdoc/>
    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteString other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Equality of content.</summary>
    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    /// <summary>Inequality of content.</summary>
    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);
}
