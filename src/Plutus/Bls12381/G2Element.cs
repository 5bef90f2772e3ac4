using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Masumi.Plutus.Bls12381;

/// <summary>An element of G2, the larger of the two groups that BLS12-381 pairs.</summary>
public sealed class G2Element : IEquatable<G2Element>
{
    internal G2Element(CurvePoint<Fp2> point) => Point = point;

    /// <summary>Bytes of the compressed form.</summary>
    public static int CompressedSize => Fp2.Size;

    /// <summary>The neutral element.</summary>
    public static G2Element Zero { get; } = new(CurvePoint<Fp2>.Infinity);

    internal CurvePoint<Fp2> Point { get; }

    /// <summary>Reads the compressed form: canonical, on the curve and in the group, or a refusal that says why not.</summary>
    public static bool TryUncompress(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out G2Element? element, [NotNullWhen(false)] out string? refusal)
    {
        element = null;
        if (!CompressedPoint.TryRead(bytes, Subgroup.B2, out var point, out refusal))
        {
            return false;
        }

        if (!Subgroup.Contains(point))
        {
            refusal = "the point is not in the group";
            return false;
        }

        element = new G2Element(point);
        return true;
    }

    /// <summary>The compressed form.</summary>
    public byte[] Compress() => CompressedPoint.Write(Point);

    /// <inheritdoc/>
    public bool Equals(G2Element? other) => other is not null && Point.Equals(other.Point);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as G2Element);

    /// <inheritdoc/>
    public override int GetHashCode() => Point.GetHashCode();

    /// <summary>The compressed form in hexadecimal, as textual UPLC writes it.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(Compress());

    internal G2Element Add(G2Element other) => new(Point + other.Point);

    internal G2Element Negate() => new(-Point);

    internal G2Element Multiply(BigInteger scalar) => new(Point.Multiply(Subgroup.Reduce(scalar)));

    /// <summary>The sum of multiples of as many points as there are scalars.</summary>
    internal static G2Element SumOfMultiples(IReadOnlyList<BigInteger> scalars, IReadOnlyList<G2Element> points) =>
        new(CurvePoint<Fp2>.SumOfMultiples([.. scalars.Select(Subgroup.Reduce)], [.. points.Select(p => p.Point)]));

    /// <summary>The element that a message and a tag of at most <see cref="HashToCurve.MaxTag"/> bytes hash to.</summary>
    internal static G2Element Hash(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag) => new(HashToCurve.G2(message, tag));
}
