using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Masumi.Plutus.Bls12381;

/// <summary>
/// Hashing to the groups by RFC 9380, suites BLS12381G1_XMD:SHA-256_SSWU_RO_ (section 8.8.1) and BLS12381G2_XMD:SHA-256_SSWU_RO_ (8.8.2): expand the
/// message, take two field elements, map each to a curve that is isogenous to the group's own, add, carry over, and clear the cofactor.
/// </summary>
internal static class HashToCurve
{
    /// <summary>Longest domain separation tag.</summary>
    public const int MaxTag = 255;

    /// <summary>Bytes that are reduced to one coefficient (L in section 5.1).</summary>
    private const int CoefficientBytes = 64;

    private static readonly Map<Fp> ToG1 = new(
        Fp.Of(Integer("144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d")),
        Fp.Of(Integer("12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0")),
        Fp.Of(11),
        Read1(IsogenyTables.XNumerator1),
        Read1(IsogenyTables.XDenominator1),
        Read1(IsogenyTables.YNumerator1),
        Read1(IsogenyTables.YDenominator1)
    );

    private static readonly Map<Fp2> ToG2 = new(
        Fp2.Of(0, 240),
        Fp2.Of(1012, 1012),
        Fp2.Of(-2, -1),
        Read2(IsogenyTables.XNumerator2),
        Read2(IsogenyTables.XDenominator2),
        Read2(IsogenyTables.YNumerator2),
        Read2(IsogenyTables.YDenominator2)
    );

    /// <summary>The point of G1 for a message and a tag of at most <see cref="MaxTag"/> bytes.</summary>
    public static CurvePoint<Fp> G1(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag)
    {
        Span<byte> uniform = stackalloc byte[2 * CoefficientBytes];
        Expand(message, tag, uniform);
        var sum = ToG1.Apply(Coefficient(uniform, 0)) + ToG1.Apply(Coefficient(uniform, 1));

        // h_eff = 1 - z.
        return sum.Multiply(Subgroup.Parameter) + sum;
    }

    /// <summary>The point of G2 for a message and a tag of at most <see cref="MaxTag"/> bytes.</summary>
    public static CurvePoint<Fp2> G2(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag)
    {
        Span<byte> uniform = stackalloc byte[4 * CoefficientBytes];
        Expand(message, tag, uniform);
        var sum = ToG2.Apply(new Fp2(Coefficient(uniform, 0), Coefficient(uniform, 1))) + ToG2.Apply(new Fp2(Coefficient(uniform, 2), Coefficient(uniform, 3)));

        // h_eff P = (z^2 - z - 1) P + (z - 1) psi(P) + psi^2(2 P) (appendix G.3). With n = -z: n (n P + P) - P - (n psi(P) + psi(P)) + psi^2(2 P).
        var multiple = sum.Multiply(Subgroup.Parameter) + sum;
        var first = multiple.Multiply(Subgroup.Parameter) - sum;
        return first - Subgroup.Psi(multiple) + Subgroup.Psi(Subgroup.Psi(sum.Double()));
    }

    /// <summary>expand_message_xmd with SHA-256 (section 5.3.1).</summary>
    internal static void Expand(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag, Span<byte> uniform)
    {
        const int Block = 64;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag.Length, MaxTag);
        Span<byte> suffix = stackalloc byte[tag.Length + 1];
        tag.CopyTo(suffix);
        suffix[^1] = (byte)tag.Length;

        Span<byte> zero = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> last = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(stackalloc byte[Block]);
        sha.AppendData(message);
        sha.AppendData([(byte)(uniform.Length >> 8), (byte)uniform.Length, 0]);
        sha.AppendData(suffix);
        sha.GetHashAndReset(zero);
        for (byte i = 1; !uniform.IsEmpty; i++)
        {
            for (var j = 0; j < last.Length; j++)
            {
                last[j] ^= zero[j];
            }

            sha.AppendData(last);
            sha.AppendData([i]);
            sha.AppendData(suffix);
            sha.GetHashAndReset(last);
            var taken = Math.Min(last.Length, uniform.Length);
            last[..taken].CopyTo(uniform);
            uniform = uniform[taken..];
        }
    }

    private static Fp Coefficient(ReadOnlySpan<byte> uniform, int index) =>
        Fp.Of(new BigInteger(uniform.Slice(index * CoefficientBytes, CoefficientBytes), isUnsigned: true, isBigEndian: true));

    private static Fp[] Read1(string table) => [.. table.Split('\n').Select(line => Fp.Of(Integer(line)))];

    private static Fp2[] Read2(string table) => [.. Read1(table).Chunk(2).Select(pair => new Fp2(pair[0], pair[1]))];

    private static BigInteger Integer(string hex) => BigInteger.Parse("0" + hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>The simplified SWU map to y^2 = x^3 + a x + b (section 6.6.2), followed by the isogeny.</summary>
    private sealed class Map<F>(F a, F b, F z, F[] xNumerator, F[] xDenominator, F[] yNumerator, F[] yDenominator)
        where F : unmanaged, IField<F>
    {
        private readonly F _minusBOverA = -b * a.Inverse();
        private readonly F _whenZero = b * (z * a).Inverse();

        public CurvePoint<F> Apply(in F u)
        {
            var zu2 = z * u.Square();
            var t = zu2.Square() + zu2;
            var x = t.IsZero ? _whenZero : _minusBOverA * (F.One + t.Inverse());
            if (!Right(x).TrySqrt(out var y))
            {
                // One of the two right-hand sides is always a square.
                x = zu2 * x;
                _ = Right(x).TrySqrt(out y);
            }

            return Carry(x, y.Sign == u.Sign ? y : -y);
        }

        private F Right(in F x) => ((x.Square() + a) * x) + b;

        /// <summary>(x, y) becomes (xn / xd, y yn / yd). The points where a denominator is zero, the isogeny's kernel, become infinity.</summary>
        private CurvePoint<F> Carry(in F x, in F y)
        {
            var xd = At(xDenominator, x);
            var yd = At(yDenominator, x);

            // In Jacobian coordinates with Z = xd yd: X = xn xd yd^2, Y = y yn xd^3 yd^2.
            var d = xd * yd;
            return d.IsZero ? CurvePoint<F>.Infinity : new CurvePoint<F>(At(xNumerator, x) * yd * d, y * At(yNumerator, x) * xd * d.Square(), d);
        }

        private static F At(F[] polynomial, in F x)
        {
            var sum = F.Zero;
            for (var i = polynomial.Length - 1; i >= 0; i--)
            {
                sum = (sum * x) + polynomial[i];
            }

            return sum;
        }
    }
}
