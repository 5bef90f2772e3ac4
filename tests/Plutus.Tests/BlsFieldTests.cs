using System.Numerics;
using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Tests;

public class BlsFieldTests
{
    private const int Rounds = 30;

    // Where carries, borrows and the last subtraction go wrong if they do.
    private static readonly BigInteger[] Edges =
    [
        0,
        1,
        2,
        ulong.MaxValue,
        BigInteger.One << 64,
        (BigInteger.One << 320) - 1,
        BigInteger.One << 380,
        (Fp.Modulus - 1) / 2,
        (Fp.Modulus + 1) / 2,
        Fp.Modulus - 2,
        Fp.Modulus - 1,
    ];

    [Fact]
    public void Fp_is_arithmetic_modulo_p()
    {
        var random = new BlsRandom(1);
        var values = Edges.Concat(Enumerable.Range(0, 30).Select(_ => BigInteger.Remainder(BigInteger.Abs(random.Integer(60)), Fp.Modulus))).ToList();
        foreach (var x in values)
        {
            var a = Fp.Of(x);
            Assert.Equal(x, a.ToInteger());
            Assert.Equal(x.IsEven, !a.Sign);
            Assert.Equal(x > Fp.Modulus - x && !x.IsZero, a.IsLarger);
            Assert.Equal((Fp.Modulus - x) % Fp.Modulus, (-a).ToInteger());
            Assert.Equal(x.IsZero ? 0 : BigInteger.ModPow(x, Fp.Modulus - 2, Fp.Modulus), a.Inverse().ToInteger());
            foreach (var y in values)
            {
                var b = Fp.Of(y);
                Assert.Equal((x + y) % Fp.Modulus, (a + b).ToInteger());
                Assert.Equal((x - y + Fp.Modulus) % Fp.Modulus, (a - b).ToInteger());
                Assert.Equal(x * y % Fp.Modulus, (a * b).ToInteger());
            }
        }
    }

    [Fact]
    public void Fp_takes_integers_of_any_size_and_sign()
    {
        Assert.Equal(Fp.Zero, Fp.Of(Fp.Modulus * Fp.Modulus * 7));
        Assert.Equal(-Fp.Of(5), Fp.Of(-5 - (Fp.Modulus << 300)));
    }

    [Fact]
    public void Exactly_the_squares_have_roots()
    {
        var random = new BlsRandom(2);
        for (var i = 0; i < Rounds; i++)
        {
            var a = random.Fp();
            Assert.True(a.Square().TrySqrt(out var root));
            Assert.True(root.Equals(a) || root.Equals(-a));

            // -1 is no square in Fp.
            Assert.False((-a.Square()).TrySqrt(out _));
            var b = random.Fp2();
            Assert.True(b.Square().TrySqrt(out var root2));
            Assert.True(root2.Equals(b) || root2.Equals(-b));

            // Nor is 1 + u in Fp2.
            Assert.False(b.Square().MultiplyByNonResidue().TrySqrt(out _));
            Assert.True(new Fp2(a, default).TrySqrt(out var real) && real.Square().Equals(new Fp2(a, default)));
        }

        Assert.True(Fp2.Zero.TrySqrt(out var zero) && zero.IsZero);
        Assert.True(Fp2.Of(-1, 0).TrySqrt(out var u) && u.Square().Equals(Fp2.Of(-1, 0)));
    }

    [Fact]
    public void The_tower_multiplies_like_polynomials()
    {
        // w^2 = v, v^3 = 1 + u, u^2 = -1, and the products distribute.
        var v = new Fp6(default, Fp2.One, default);
        var w = new Fp12(default, Fp6.One);
        Assert.True((v * v * v).Equals(new Fp6(Fp2.Of(1, 1), default, default)));
        Assert.True((w * w).Equals(new Fp12(v, default)));
        var random = new BlsRandom(3);
        for (var i = 0; i < Rounds; i++)
        {
            var (a, b, c) = (random.Fp12(), random.Fp12(), random.Fp12());
            Assert.True((a * (b * c)).Equals(a * b * c));
            Assert.True((a * b).Equals(b * a));
            Assert.True((a * new Fp12(b.C0 + c.C0, b.C1 + c.C1)).Equals(Sum(a * b, a * c)));
            Assert.True(a.Square().Equals(a * a));
            Assert.True((a * a.Inverse()).Equals(Fp12.One));
            Assert.True((a.C0 * a.C0.Inverse()).Equals(Fp6.One));
            Assert.True((a.C0 * v).Equals(a.C0.MultiplyByNonResidue()));
            var (d, e, f) = (random.Fp2(), random.Fp2(), random.Fp2());
            Assert.True(a.C0.Multiply(d, e).Equals(a.C0 * new Fp6(d, e, default)));
            Assert.True(a.C0.MultiplyV(d).Equals(a.C0 * new Fp6(default, d, default)));
            Assert.True(a.MultiplyByLine(d, e, f).Equals(a * new Fp12(new Fp6(d, e, default), new Fp6(default, f, default))));
        }
    }

    [Fact]
    public void Frobenius_is_the_power_of_p_and_the_conjugate_its_sixfold()
    {
        var a = new BlsRandom(4).Fp12();
        var power = Fp12.One;
        for (var i = (int)Fp.Modulus.GetBitLength() - 1; i >= 0; i--)
        {
            power = power.Square();
            power = ((Fp.Modulus >> i) & 1).IsOne ? power * a : power;
        }

        Assert.True(a.Frobenius().Equals(power));
        var six = a.Frobenius().Frobenius().Frobenius().Frobenius().Frobenius().Frobenius();
        Assert.True(a.Conjugate().Equals(six));
    }

    [Fact]
    public void Squaring_in_the_cyclotomic_subgroup_agrees_with_squaring()
    {
        var random = new BlsRandom(5);
        for (var i = 0; i < Rounds; i++)
        {
            var a = random.Fp12();
            a = a.Conjugate() * a.Inverse();
            a = a.Frobenius().Frobenius() * a;
            Assert.True(a.CyclotomicSquare().Equals(a.Square()));
        }
    }

    [Fact]
    public void The_exponent_of_the_final_exponentiation_is_three_times_the_hard_part()
    {
        var (p, z, r) = (Fp.Modulus, -(BigInteger)Subgroup.Parameter, Subgroup.Order);
        Assert.Equal(BigInteger.Pow(p, 4) - (p * p) + 1, ((z - 1) * (z - 1) * (z + p) * ((z * z) + (p * p) - 1) + 3) * r / 3);
        Assert.NotEqual(0, r % 3);
    }

    private static Fp12 Sum(Fp12 a, Fp12 b) => new(a.C0 + b.C0, a.C1 + b.C1);
}
