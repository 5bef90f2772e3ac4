using System.Numerics;

namespace Masumi.Plutus.Bls12381;

/// <summary>The field Fp[u] / (u^2 + 1): c0 + c1 u.</summary>
internal readonly struct Fp2(Fp c0, Fp c1) : IField<Fp2>
{
    private static readonly Fp OneHalf = Fp.One.Double().Inverse();

    public readonly Fp C0 = c0;
    public readonly Fp C1 = c1;

    public static int Size => 2 * Fp.Size;

    public static Fp2 Zero => default;

    public static Fp2 One => new(Fp.One, default);

    public bool IsZero => C0.IsZero && C1.IsZero;

    public bool Sign => C0.IsZero ? C1.Sign : C0.Sign;

    /// <inheritdoc/>
    /// <remarks>c1 counts before c0.</remarks>
    public bool IsLarger => C1.IsZero ? C0.IsLarger : C1.IsLarger;

    /// <summary>The element with these coefficients.</summary>
    public static Fp2 Of(BigInteger c0, BigInteger c1) => new(Fp.Of(c0), Fp.Of(c1));

    /// <inheritdoc/>
    /// <remarks>c1 comes before c0.</remarks>
    public static Fp2? FromBytes(ReadOnlySpan<byte> bytes) =>
        Fp.FromBytes(bytes) is { } c1 && Fp.FromBytes(bytes[Fp.Size..]) is { } c0 ? new Fp2(c0, c1) : null;

    public void WriteTo(Span<byte> bytes)
    {
        C1.WriteTo(bytes);
        C0.WriteTo(bytes[Fp.Size..]);
    }

    public static Fp2 operator +(in Fp2 a, in Fp2 b) => new(a.C0 + b.C0, a.C1 + b.C1);

    public static Fp2 operator -(in Fp2 a, in Fp2 b) => new(a.C0 - b.C0, a.C1 - b.C1);

    public static Fp2 operator -(in Fp2 a) => new(-a.C0, -a.C1);

    public static Fp2 operator *(in Fp2 a, in Fp2 b)
    {
        // Karatsuba: three products for four.
        var low = a.C0 * b.C0;
        var high = a.C1 * b.C1;
        return new Fp2(low - high, ((a.C0 + a.C1) * (b.C0 + b.C1)) - low - high);
    }

    public static Fp2 operator *(in Fp2 a, in Fp b) => new(a.C0 * b, a.C1 * b);

    public Fp2 Square() => new((C0 + C1) * (C0 - C1), (C0 * C1).Double());

    public Fp2 Double() => new(C0.Double(), C1.Double());

    /// <summary>c0 - c1 u, which is also the p-th power.</summary>
    public Fp2 Conjugate() => new(C0, -C1);

    /// <summary>The product with 1 + u, the non-residue that the higher fields are built on.</summary>
    public Fp2 MultiplyByNonResidue() => new(C0 - C1, C0 + C1);

    public Fp2 Inverse()
    {
        var norm = (C0.Square() + C1.Square()).Inverse();
        return new Fp2(C0 * norm, -(C1 * norm));
    }

    public Fp2 Pow(BigInteger exponent)
    {
        var result = One;
        for (var i = (int)exponent.GetBitLength() - 1; i >= 0; i--)
        {
            result = result.Square();
            if (!((exponent >> i) & 1).IsZero)
            {
                result *= this;
            }
        }

        return result;
    }

    /// <summary>
    /// With x0 + x1 u the root: x0^2 - x1^2 = c0, 2 x0 x1 = c1 and x0^2 + x1^2 = the root of the norm, so x0^2 = (c0 +- root) / 2; exactly one sign
    /// gives a square when c1 is not zero.
    /// </summary>
    public bool TrySqrt(out Fp2 root)
    {
        if (C1.IsZero)
        {
            // Either c0 or -c0 is a square, -1 being none.
            root = C0.TrySqrt(out var real) ? new Fp2(real, default) : new Fp2(default, (-C0).TrySqrt(out var imaginary) ? imaginary : default);
            return true;
        }

        root = default;
        if (!(C0.Square() + C1.Square()).TrySqrt(out var norm))
        {
            return false;
        }

        if (!((C0 + norm) * OneHalf).TrySqrt(out var x0) && !((C0 - norm) * OneHalf).TrySqrt(out x0))
        {
            return false;
        }

        root = new Fp2(x0, C1 * x0.Double().Inverse());
        return root.Square().Equals(this);
    }

    public bool Equals(Fp2 other) => C0.Equals(other.C0) && C1.Equals(other.C1);

    public override bool Equals(object? obj) => obj is Fp2 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(C0, C1);

    public override string ToString() => $"({C0}, {C1})";
}
