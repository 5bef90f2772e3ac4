using System.Collections.Immutable;
using System.Numerics;

namespace Masumi.Cardano.Scripts;

/// <summary>
/// Plutus data, the one value type that datums, redeemers and script contexts are made of (Conway CDDL <c>plutus_data</c>).
/// Equality is structural; maps are association lists that keep order and duplicates.
/// </summary>
public abstract partial class PlutusData : IEquatable<PlutusData>
{
    private PlutusData() { }

    /// <summary>A constructor with its fields.</summary>
    public sealed class Constr(ulong tag, ImmutableArray<PlutusData> fields) : PlutusData
    {
        /// <summary>The constructor index, from 0.</summary>
        public ulong Tag { get; } = tag;

        /// <summary>The fields in order.</summary>
        public ImmutableArray<PlutusData> Fields { get; } = fields;
    }

    /// <summary>An association list.</summary>
    public sealed class Map(ImmutableArray<KeyValuePair<PlutusData, PlutusData>> entries) : PlutusData
    {
        /// <summary>The entries in order, duplicates kept.</summary>
        public ImmutableArray<KeyValuePair<PlutusData, PlutusData>> Entries { get; } = entries;
    }

    /// <summary>A list.</summary>
    public sealed class List(ImmutableArray<PlutusData> items) : PlutusData
    {
        /// <summary>The items in order.</summary>
        public ImmutableArray<PlutusData> Items { get; } = items;
    }

    /// <summary>An integer of any size.</summary>
    public sealed class Integer(BigInteger value) : PlutusData
    {
        /// <summary>The number.</summary>
        public BigInteger Value { get; } = value;
    }

    /// <summary>A byte string of any length (chunked by 64 bytes in CBOR).</summary>
    public sealed class Bytes(ReadOnlyMemory<byte> value) : PlutusData
    {
        /// <summary>The bytes.</summary>
        public ReadOnlyMemory<byte> Value { get; } = value;
    }

    /// <summary>A constructor with its fields.</summary>
    public static PlutusData C(ulong tag, params ReadOnlySpan<PlutusData> fields) => new Constr(tag, [.. fields]);

    /// <summary>An integer.</summary>
    public static PlutusData I(BigInteger value) => new Integer(value);

    /// <summary>A byte string.</summary>
    public static PlutusData B(ReadOnlyMemory<byte> value) => new Bytes(value);

    /// <summary>A list.</summary>
    public static PlutusData L(params ReadOnlySpan<PlutusData> items) => new List([.. items]);

    /// <summary>A map.</summary>
    public static PlutusData M(params ReadOnlySpan<KeyValuePair<PlutusData, PlutusData>> entries) => new Map([.. entries]);
}
