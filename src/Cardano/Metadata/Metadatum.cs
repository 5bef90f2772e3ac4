using System.Collections.Immutable;
using System.Numerics;

namespace Masumi.Cardano.Metadata;

/// <summary>
/// Transaction metadata (CDDL <c>metadatum</c>): text and bytes of at most 64 bytes, 64-bit signed-range integers, lists, maps. Equality
/// is by content, in our own encoding.
/// </summary>
public abstract partial record Metadatum
{
    private Metadatum() { }

    /// <summary>An integer between -2^64 and 2^64-1.</summary>
    public sealed record Int(BigInteger Value) : Metadatum;

    /// <summary>At most 64 bytes.</summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Value) : Metadatum
    {
        /// <inheritdoc/>
        public bool Equals(Bytes? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(Value.Span);
            return hash.ToHashCode();
        }
    }

    /// <summary>At most 64 UTF-8 bytes.</summary>
    public sealed record Text(string Value) : Metadatum;

    /// <summary>A list.</summary>
    public sealed record List(ImmutableArray<Metadatum> Items) : Metadatum
    {
        /// <inheritdoc/>
        public bool Equals(List? other) => SameBytes(this, other);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(nameof(List), Items.Length);
    }

    /// <summary>A map, in encoded order.</summary>
    public sealed record Map(ImmutableArray<KeyValuePair<Metadatum, Metadatum>> Entries) : Metadatum
    {
        /// <summary>The value under a text key, or null.</summary>
        public Metadatum? this[string key] => Entries.FirstOrDefault(e => e.Key is Text text && text.Value == key).Value;

        /// <inheritdoc/>
        public bool Equals(Map? other) => SameBytes(this, other);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(nameof(Map), Entries.Length);
    }

    /// <summary>A map with text keys.</summary>
    public static Map MapOf(params ReadOnlySpan<(string Key, Metadatum Value)> entries)
    {
        var builder = ImmutableArray.CreateBuilder<KeyValuePair<Metadatum, Metadatum>>(entries.Length);
        foreach (var (key, value) in entries)
        {
            builder.Add(new(new Text(key), value));
        }

        return new Map(builder.MoveToImmutable());
    }

    // Foreign metadata can nest thousands deep; comparing encodings needs no stack.
    private static bool SameBytes(Metadatum one, Metadatum? other) =>
        ReferenceEquals(one, other) || (other is not null && one.ToCbor().AsSpan().SequenceEqual(other.ToCbor()));
}
