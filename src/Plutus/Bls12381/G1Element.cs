using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Masumi.Plutus.Bls12381;

/// <summary>An element of G1, the smaller of the two groups that BLS12-381 pairs.</summary>
public sealed class G1Element : IEquatable<G1Element>
{
    internal G1Element(CurvePoint<Fp> point) => Point = point;

    /// <summary>Bytes of the compressed form.</summary>
    public static int CompressedSize => Fp.Size;

    /// <summary>The neutral element.</summary>
    public static G1Element Zero { get; } = new(CurvePoint<Fp>.Infinity);

    internal CurvePoint<Fp> Point { get; }

    /// <summary>Reads the compressed form: canonical, on the curve and in the group, or a refusal that says why not.</summary>
    public static bool TryUncompress(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out G1Element? element, [NotNullWhen(false)] out string? refusal)
    {
        element = null;
        if (!CompressedPoint.TryRead(bytes, Subgroup.B1, out var point, out refusal))
        {
            return false;
        }

        if (!Subgroup.Contains(point))
        {
            refusal = "the point is not in the group";
            return false;
        }

        element = new G1Element(point);
        return true;
    }

    /// <summary>The compressed form.</summary>
    public byte[] Compress() => CompressedPoint.Write(Point);

    /// <inheritdoc/>
    public bool Equals(G1Element? other) => other is not null && Point.Equals(other.Point);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as G1Element);

    /// <inheritdoc/>
    public override int GetHashCode() => Point.GetHashCode();

    /// <summary>The compressed form in hexadecimal, as textual UPLC writes it.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(Compress());

    internal G1Element Add(G1Element other) => new(Point + other.Point);

    internal G1Element Negate() => new(-Point);

    internal G1Element Multiply(BigInteger scalar) => new(Point.Multiply(Subgroup.Reduce(scalar)));

    /// <summary>The sum of multiples of as many points as there are scalars.</summary>
    internal static G1Element SumOfMultiples(IReadOnlyList<BigInteger> scalars, IReadOnlyList<G1Element> points) =>
        new(CurvePoint<Fp>.SumOfMultiples([.. scalars.Select(Subgroup.Reduce)], [.. points.Select(p => p.Point)]));

    /// <summary>The element that a message and a tag of at most <see cref="HashToCurve.MaxTag"/> bytes hash to.</summary>
    internal static G1Element Hash(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag) => new(HashToCurve.G1(message, tag));
}
