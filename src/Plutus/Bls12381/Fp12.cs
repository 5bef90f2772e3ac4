namespace Masumi.Plutus.Bls12381;

/// <summary>The field Fp6[w] / (w^2 - v): c0 + c1 w.</summary>
internal readonly struct Fp12(Fp6 c0, Fp6 c1)
{
    // (1 + u)^(i (p - 1) / 6): what w^i is multiplied by when raised to the p-th power.
    private static readonly Fp2[] FrobeniusFactors = MakeFrobeniusFactors();

    public readonly Fp6 C0 = c0;
    public readonly Fp6 C1 = c1;

    public static Fp12 One => new(Fp6.One, default);

    public static Fp12 operator *(in Fp12 a, in Fp12 b)
    {
        var t0 = a.C0 * b.C0;
        var t1 = a.C1 * b.C1;
        return new Fp12(t0 + t1.MultiplyByNonResidue(), ((a.C0 + a.C1) * (b.C0 + b.C1)) - t0 - t1);
    }

    public Fp12 Square()
    {
        // (c0 + c1)(c0 + v c1) = c0^2 + v c1^2 + (1 + v) c0 c1.
        var t = C0 * C1;
        var even = ((C0 + C1) * (C0 + C1.MultiplyByNonResidue())) - t - t.MultiplyByNonResidue();
        return new Fp12(even, t + t);
    }

    /// <summary>The product with a + b w^2 + c w^3, the shape of the lines in the Miller loop.</summary>
    public Fp12 MultiplyByLine(in Fp2 a, in Fp2 b, in Fp2 c)
    {
        var t0 = C0.Multiply(a, b);
        var t1 = C1.MultiplyV(c);
        return new Fp12(t0 + t1.MultiplyByNonResidue(), (C0 + C1).Multiply(a, b + c) - t0 - t1);
    }

    /// <summary>c0 - c1 w, which is also the p^6-th power, and the inverse where the norm to Fp6 is one.</summary>
    public Fp12 Conjugate() => new(C0, -C1);

    public Fp12 Inverse()
    {
        var norm = (C0.Square() - C1.Square().MultiplyByNonResidue()).Inverse();
        return new Fp12(C0 * norm, -(C1 * norm));
    }

    /// <summary>The p-th power.</summary>
    public Fp12 Frobenius()
    {
        var f = FrobeniusFactors;
        return new Fp12(
            new Fp6(C0.C0.Conjugate(), C0.C1.Conjugate() * f[2], C0.C2.Conjugate() * f[4]),
            new Fp6(C1.C0.Conjugate() * f[1], C1.C1.Conjugate() * f[3], C1.C2.Conjugate() * f[5])
        );
    }

    /// <summary>
    /// The square of an element whose order divides p^4 - p^2 + 1 (R. Granger and M. Scott, "Faster squaring in the cyclotomic subgroup of sixth degree
    /// extensions", 2009): three squarings in Fp4 = Fp2[w^3].
    /// </summary>
    public Fp12 CyclotomicSquare()
    {
        var (a0, a1) = SquareInFp4(C0.C0, C1.C1);
        var (b0, b1) = SquareInFp4(C1.C0, C0.C2);
        var (c0, c1) = SquareInFp4(C0.C1, C1.C2);
        return new Fp12(
            new Fp6(TripleLessTwice(a0, C0.C0), TripleLessTwice(b0, C0.C1), TripleLessTwice(c0, C0.C2)),
            new Fp6(TriplePlusTwice(c1.MultiplyByNonResidue(), C1.C0), TriplePlusTwice(a1, C1.C1), TriplePlusTwice(b1, C1.C2))
        );
    }

    public bool EqualTo(in Fp12 other) => C0.EqualTo(other.C0) && C1.EqualTo(other.C1);

    private static (Fp2 C0, Fp2 C1) SquareInFp4(in Fp2 a, in Fp2 b)
    {
        var t0 = a.Square();
        var t1 = b.Square();
        return (t1.MultiplyByNonResidue() + t0, (a + b).Square() - t0 - t1);
    }

    private static Fp2 TripleLessTwice(in Fp2 t, in Fp2 z) => (t - z).Double() + t;

    private static Fp2 TriplePlusTwice(in Fp2 t, in Fp2 z) => (t + z).Double() + t;

    private static Fp2[] MakeFrobeniusFactors()
    {
        var factors = new Fp2[6];
        factors[0] = Fp2.One;
        factors[1] = Fp2.Of(1, 1).Pow((Fp.Modulus - 1) / 6);
        for (var i = 2; i < factors.Length; i++)
        {
            factors[i] = factors[i - 1] * factors[1];
        }

        return factors;
    }
}
