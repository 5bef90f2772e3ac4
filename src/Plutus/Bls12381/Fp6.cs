namespace Masumi.Plutus.Bls12381;

/// <summary>The field Fp2[v] / (v^3 - (1 + u)): c0 + c1 v + c2 v^2.</summary>
internal readonly struct Fp6(Fp2 c0, Fp2 c1, Fp2 c2)
{
    public readonly Fp2 C0 = c0;
    public readonly Fp2 C1 = c1;
    public readonly Fp2 C2 = c2;

    public static Fp6 One => new(Fp2.One, default, default);

    public static Fp6 operator +(in Fp6 a, in Fp6 b) => new(a.C0 + b.C0, a.C1 + b.C1, a.C2 + b.C2);

    public static Fp6 operator -(in Fp6 a, in Fp6 b) => new(a.C0 - b.C0, a.C1 - b.C1, a.C2 - b.C2);

    public static Fp6 operator -(in Fp6 a) => new(-a.C0, -a.C1, -a.C2);

    public static Fp6 operator *(in Fp6 a, in Fp6 b)
    {
        // Karatsuba in each pair of coefficients: six products for nine.
        var t0 = a.C0 * b.C0;
        var t1 = a.C1 * b.C1;
        var t2 = a.C2 * b.C2;
        return new Fp6(
            (((a.C1 + a.C2) * (b.C1 + b.C2)) - t1 - t2).MultiplyByNonResidue() + t0,
            ((a.C0 + a.C1) * (b.C0 + b.C1)) - t0 - t1 + t2.MultiplyByNonResidue(),
            ((a.C0 + a.C2) * (b.C0 + b.C2)) - t0 - t2 + t1
        );
    }

    /// <summary>The product with b0 + b1 v.</summary>
    public Fp6 Multiply(in Fp2 b0, in Fp2 b1)
    {
        var t0 = C0 * b0;
        var t1 = C1 * b1;
        return new Fp6((C2 * b1).MultiplyByNonResidue() + t0, ((C0 + C1) * (b0 + b1)) - t0 - t1, (C2 * b0) + t1);
    }

    /// <summary>The product with b1 v.</summary>
    public Fp6 MultiplyV(in Fp2 b1) => new((C2 * b1).MultiplyByNonResidue(), C0 * b1, C1 * b1);

    /// <summary>The product with v.</summary>
    public Fp6 MultiplyByNonResidue() => new(C2.MultiplyByNonResidue(), C0, C1);

    public Fp6 Square() => this * this;

    public Fp6 Inverse()
    {
        // The inverse is the product of the other two conjugates over the norm.
        var a = C0.Square() - (C1 * C2).MultiplyByNonResidue();
        var b = C2.Square().MultiplyByNonResidue() - (C0 * C1);
        var c = C1.Square() - (C0 * C2);
        var norm = ((C2 * b) + (C1 * c)).MultiplyByNonResidue() + (C0 * a);
        var inverse = norm.Inverse();
        return new Fp6(a * inverse, b * inverse, c * inverse);
    }

    public bool EqualTo(in Fp6 other) => C0.Equals(other.C0) && C1.Equals(other.C1) && C2.Equals(other.C2);
}
