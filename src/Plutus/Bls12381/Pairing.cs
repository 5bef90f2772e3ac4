using System.Numerics;

namespace Masumi.Plutus.Bls12381;

/// <summary>
/// The optimal ate pairing (F. Vercauteren, "Optimal pairings", 2010; for this curve the loop runs over z itself). A point (x, y) of the twist stands for
/// (x / w^2, y / w^3) on the curve over Fp12.
/// </summary>
internal static class Pairing
{
    /// <summary>f_{z,Q}(P); one when either point is infinity.</summary>
    public static Fp12 MillerLoop(in CurvePoint<Fp> p, in CurvePoint<Fp2> q)
    {
        if (p.IsInfinity || q.IsInfinity)
        {
            return Fp12.One;
        }

        var at = p.ToAffine();
        var (x, y) = q.ToAffine();
        var t = new CurvePoint<Fp2>(x, y);
        var f = Fp12.One;
        for (var i = 62 - BitOperations.LeadingZeroCount(Subgroup.Parameter); i >= 0; i--)
        {
            f = DoubleStep(f.Square(), ref t, at.X, at.Y);
            if (((Subgroup.Parameter >> i) & 1) != 0)
            {
                f = AddStep(f, ref t, x, y, at.X, at.Y);
            }
        }

        // z is negative; f_{-n} and 1 / f_n differ by a vertical line, whose value lies in a smaller field, and so do the inverse and the conjugate.
        return f.Conjugate();
    }

    /// <summary>
    /// Whether f^((p^12 - 1) / r) is one. The power is taken three times over, which changes nothing about that since 3 does not divide r:
    /// 3 (p^4 - p^2 + 1) / r = (z - 1)^2 (z + p) (z^2 + p^2 - 1) + 3.
    /// </summary>
    public static bool FinalExponentiationIsOne(in Fp12 f)
    {
        // To the power of (p^6 - 1)(p^2 + 1), after which the inverse is the conjugate and squaring is cheap.
        var t = f.Conjugate() * f.Inverse();
        t = t.Frobenius().Frobenius() * t;

        var a = PowerOfParameter(t) * t.Conjugate();
        a = PowerOfParameter(a) * a.Conjugate();
        a = PowerOfParameter(a) * a.Frobenius();
        a = PowerOfParameter(PowerOfParameter(a)) * a.Frobenius().Frobenius() * a.Conjugate();
        return (a * t.CyclotomicSquare() * t).EqualTo(Fp12.One);
    }

    /// <summary>The z-th power in the cyclotomic subgroup.</summary>
    private static Fp12 PowerOfParameter(in Fp12 f)
    {
        var result = f;
        for (var i = 62 - BitOperations.LeadingZeroCount(Subgroup.Parameter); i >= 0; i--)
        {
            result = result.CyclotomicSquare();
            if (((Subgroup.Parameter >> i) & 1) != 0)
            {
                result *= f;
            }
        }

        return result.Conjugate();
    }

    // The line through two points of the twist with slope s, at P and times w^3, is (s xT - yT) - s xP w^2 + yP w^3. It may be multiplied by anything in
    // Fp2, as the final exponentiation removes that; here by the denominators, so that nothing needs to be inverted.

    /// <summary>Doubles t (formula "dbl-2009-l") and multiplies f by the tangent's value. s = 3 X^2 / (2 Y Z); times 2 Y Z^3.</summary>
    private static Fp12 DoubleStep(in Fp12 f, ref CurvePoint<Fp2> t, in Fp px, in Fp py)
    {
        var a = t.X.Square();
        var b = t.Y.Square();
        var c = b.Square();
        var d = ((t.X + b).Square() - a - c).Double();
        var e = a.Double() + a;
        var zz = t.Z.Square();
        var x = e.Square() - d.Double();
        var y = (e * (d - x)) - c.Double().Double().Double();
        var z = (t.Y * t.Z).Double();
        var result = f.MultiplyByLine((e * t.X) - b.Double(), -(e * zz) * px, z * zz * py);
        t = new CurvePoint<Fp2>(x, y, z);
        return result;
    }

    /// <summary>Adds the affine point q to t and multiplies f by the line's value. s = r / (Z h), both as below; times Z h.</summary>
    private static Fp12 AddStep(in Fp12 f, ref CurvePoint<Fp2> t, in Fp2 qx, in Fp2 qy, in Fp px, in Fp py)
    {
        var zz = t.Z.Square();
        var h = (qx * zz) - t.X;
        var r = (qy * zz * t.Z) - t.Y;
        var hh = h.Square();
        var hhh = hh * h;
        var v = t.X * hh;
        var x = r.Square() - hhh - v.Double();
        var y = (r * (v - x)) - (t.Y * hhh);
        var z = t.Z * h;
        var result = f.MultiplyByLine((r * qx) - (qy * z), -r * px, z * py);
        t = new CurvePoint<Fp2>(x, y, z);
        return result;
    }
}
