using System.Numerics;

namespace Masumi.Plutus.Bls12381;

/// <summary>
/// A point of y^2 = x^3 + b in Jacobian coordinates: (X / Z^2, Y / Z^3), infinity when Z is zero. The formulas do not use b, so the two groups (and the
/// hash-to-curve isogenies' images) share them. Formulas: the Explicit-Formulas Database, short Weierstrass curves with a = 0, "dbl-2009-l" and
/// "add-2007-bl".
/// </summary>
internal readonly struct CurvePoint<F>(F x, F y, F z) : IEquatable<CurvePoint<F>>
    where F : unmanaged, IField<F>
{
    public readonly F X = x;
    public readonly F Y = y;
    public readonly F Z = z;

    public CurvePoint(F x, F y)
        : this(x, y, F.One) { }

    public static CurvePoint<F> Infinity => new(F.One, F.One, F.Zero);

    public bool IsInfinity => Z.IsZero;

    public static CurvePoint<F> operator -(in CurvePoint<F> p) => new(p.X, -p.Y, p.Z);

    public static CurvePoint<F> operator -(in CurvePoint<F> p, in CurvePoint<F> q) => p + -q;

    public static CurvePoint<F> operator +(in CurvePoint<F> p, in CurvePoint<F> q)
    {
        if (p.IsInfinity)
        {
            return q;
        }

        if (q.IsInfinity)
        {
            return p;
        }

        var z1 = p.Z.Square();
        var z2 = q.Z.Square();
        var u1 = p.X * z2;
        var h = (q.X * z1) - u1;
        var s1 = p.Y * q.Z * z2;
        var r = (q.Y * p.Z * z1) - s1;
        if (h.IsZero)
        {
            return r.IsZero ? p.Double() : Infinity;
        }

        r = r.Double();
        var i = h.Double().Square();
        var j = h * i;
        var v = u1 * i;
        var x = r.Square() - j - v.Double();
        var y = (r * (v - x)) - (s1 * j).Double();
        var z = ((p.Z + q.Z).Square() - z1 - z2) * h;
        return new CurvePoint<F>(x, y, z);
    }

    public CurvePoint<F> Double()
    {
        var a = X.Square();
        var b = Y.Square();
        var c = b.Square();
        var d = ((X + b).Square() - a - c).Double();
        var e = a.Double() + a;
        var twice = e.Square() - d.Double();
        return new CurvePoint<F>(twice, (e * (d - twice)) - c.Double().Double().Double(), (Y * Z).Double());
    }

    /// <summary>The multiple by a number that is not negative.</summary>
    public CurvePoint<F> Multiply(BigInteger scalar) => SumOfMultiples([scalar], [this]);

    /// <summary>
    /// The sum of multiples, with scalars that are not negative. All points share the doublings (Straus); each adds once in about six bits. Up to some
    /// hundred points, more than a script can pay for, this takes fewer additions than gathering points in buckets.
    /// </summary>
    public static CurvePoint<F> SumOfMultiples(ReadOnlySpan<BigInteger> scalars, ReadOnlySpan<CurvePoint<F>> points)
    {
        const int Odd = 8;
        var digits = new sbyte[scalars.Length][];
        var odd = new CurvePoint<F>[scalars.Length * Odd];
        var length = 0;
        for (var n = 0; n < digits.Length; n++)
        {
            digits[n] = SignedDigits(scalars[n]);
            length = Math.Max(length, digits[n].Length);
            var twice = points[n].Double();
            odd[n * Odd] = points[n];
            for (var i = 1; i < Odd; i++)
            {
                odd[(n * Odd) + i] = odd[(n * Odd) + i - 1] + twice;
            }
        }

        var result = Infinity;
        for (var i = length - 1; i >= 0; i--)
        {
            result = result.Double();
            for (var n = 0; n < digits.Length; n++)
            {
                var digit = i < digits[n].Length ? digits[n][i] : 0;
                if (digit > 0)
                {
                    result += odd[(n * Odd) + (digit >> 1)];
                }
                else if (digit < 0)
                {
                    result -= odd[(n * Odd) + (-digit >> 1)];
                }
            }
        }

        return result;
    }

    /// <summary>The multiple by a short number of few ones.</summary>
    public CurvePoint<F> Multiply(ulong scalar)
    {
        var result = Infinity;
        for (var i = 63 - BitOperations.LeadingZeroCount(scalar); i >= 0; i--)
        {
            result = result.Double();
            if (((scalar >> i) & 1) != 0)
            {
                result += this;
            }
        }

        return result;
    }

    /// <summary>The affine coordinates of a point other than infinity.</summary>
    public (F X, F Y) ToAffine()
    {
        var inverse = Z.Inverse();
        var square = inverse.Square();
        return (X * square, Y * square * inverse);
    }

    public bool Equals(CurvePoint<F> other)
    {
        if (IsInfinity || other.IsInfinity)
        {
            return IsInfinity && other.IsInfinity;
        }

        var z1 = Z.Square();
        var z2 = other.Z.Square();
        return (X * z2).Equals(other.X * z1) && (Y * other.Z * z2).Equals(other.Y * Z * z1);
    }

    public override bool Equals(object? obj) => obj is CurvePoint<F> other && Equals(other);

    public override int GetHashCode() => IsInfinity ? 0 : ToAffine().GetHashCode();

    /// <summary>A number as odd digits between -15 and 15 with at least four zeros after each, lowest first.</summary>
    private static sbyte[] SignedDigits(BigInteger scalar)
    {
        var digits = new sbyte[(int)scalar.GetBitLength() + 1];
        for (var i = 0; !scalar.IsZero; i++)
        {
            if (!scalar.IsEven)
            {
                var digit = (int)(scalar & 31);
                digit -= digit > 15 ? 32 : 0;
                digits[i] = (sbyte)digit;
                scalar -= digit;
            }

            scalar >>= 1;
        }

        return digits;
    }
}
