using System.Globalization;
using System.Numerics;
using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Tests;

public class BlsGroupTests
{
    private const int Rounds = 5;
    private static readonly BigInteger Z = -(BigInteger)Subgroup.Parameter;

    [Fact]
    public void The_order_is_the_known_one_and_takes_the_generators_to_zero()
    {
        Assert.Equal(BigInteger.Parse("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", NumberStyles.HexNumber), Subgroup.Order);
        Assert.True(Subgroup.Generator1.Multiply(Subgroup.Order).IsInfinity);
        Assert.True(Subgroup.Generator2.Multiply(Subgroup.Order).IsInfinity);
        Assert.True(Subgroup.Contains(Subgroup.Generator1));
        Assert.True(Subgroup.Contains(Subgroup.Generator2));
    }

    [Theory]
    [InlineData(
        "2",
        "a572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e",
        "aa4edef9c1ed7f729f520e47730a124fd70662a904ba1074728114d1031e1572c6c886f6b57ec72a6178288c47c335771638533957d540a9d2370f17cc7ed5863bc0b995b8825e0ee1ea1e1e4d00dbae81f14b0bf3611b78c952aacab827a053"
    )]
    [InlineData(
        "-2",
        "8572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e",
        "8a4edef9c1ed7f729f520e47730a124fd70662a904ba1074728114d1031e1572c6c886f6b57ec72a6178288c47c335771638533957d540a9d2370f17cc7ed5863bc0b995b8825e0ee1ea1e1e4d00dbae81f14b0bf3611b78c952aacab827a053"
    )]
    [InlineData(
        "3735928559",
        "acccb5bab2944a1bdc721c97f3affa035d507c78fe442a9284982bd4c27617b33f1d46e8191a1eda03d73c357752d219",
        "a2910866ede42789c685af186234bfe4664e270ed447d2d142a159cf0cf9bac6c3789d558ea2e24b60e48ceb8b960fa8115fd914427334b6c45a823e1e011b6b2aa513f95fd64c956128fd631857945adf8aa7b0364ceea737c0671fd939219e"
    )]
    [InlineData(
        "1606938044258990275541962092341162602522202993782792835313721",
        "a08cb48d95350b8702074a6475031877109bbce868e95b7be4fa93ea23182812a322492dd53e1d510521dae681255664",
        "b7b537ae31ce02855832db85a8a909f4c07920b0aca7d5883b4b2c98cef6df690a858ea8c3a6af81010392cde06b2ca6109b639c96e1fc02402fab4ed1e6cb3ee9618c37b4afccc7b0b69014865ccfa6383c3b7566de7f4ea9d251ad3746405e"
    )]
    public void Multiples_of_the_generators_are_those_of_an_independent_implementation(string scalar, string first, string second)
    {
        var k = BigInteger.Parse(scalar, CultureInfo.InvariantCulture);
        Assert.Equal("0x" + first, new G1Element(Subgroup.Generator1).Multiply(k).ToString());
        Assert.Equal("0x" + second, new G2Element(Subgroup.Generator2).Multiply(k).ToString());
    }

    [Fact]
    public void Addition_makes_a_group()
    {
        var random = new BlsRandom(11);
        for (var i = 0; i < Rounds; i++)
        {
            GroupLaws(random.G1().Point, random.G1().Point, random.G1().Point);
            GroupLaws(random.G2().Point, random.G2().Point, random.G2().Point);
            GroupLaws(random.Curve1(), random.Curve1(), random.Curve1());
            GroupLaws(random.Curve2(), random.Curve2(), random.Curve2());
        }
    }

    [Fact]
    public void Multiplying_repeats_addition()
    {
        var (p, q) = (new BlsRandom(12).G1(), new BlsRandom(12).G2());
        var (sum1, sum2) = (G1Element.Zero, G2Element.Zero);
        for (var n = 0; n < 70; n++)
        {
            Assert.Equal(sum1, p.Multiply(n));
            Assert.Equal(sum2, q.Multiply(n));
            Assert.Equal(sum1.Negate(), p.Multiply(-n));
            Assert.Equal(sum2.Negate(), q.Multiply(-n));
            Assert.Equal(sum1.Point, p.Point.Multiply((ulong)n));
            (sum1, sum2) = (sum1.Add(p), sum2.Add(q));
        }
    }

    [Fact]
    public void Scalars_add_multiply_and_wrap_at_the_order()
    {
        var random = new BlsRandom(13);
        for (var i = 0; i < Rounds; i++)
        {
            var (m, n) = (random.Integer(40), random.Integer(600));
            var (p, q) = (random.G1(), random.G2());
            Assert.Equal(p.Multiply(m).Add(p.Multiply(n)), p.Multiply(m + n));
            Assert.Equal(q.Multiply(m).Add(q.Multiply(n)), q.Multiply(m + n));
            Assert.Equal(p.Multiply(m).Multiply(n), p.Multiply(m * n));
            Assert.Equal(q.Multiply(m).Multiply(n), q.Multiply(m * n));
            Assert.Equal(p.Multiply(m), p.Multiply(m + (Subgroup.Order * n)));
        }
    }

    [Fact]
    public void A_sum_of_multiples_is_the_sum_of_the_multiples()
    {
        var random = new BlsRandom(14);
        foreach (var count in (int[])[0, 1, 2, 3, 10])
        {
            List<BigInteger> scalars = [.. Enumerable.Range(0, count).Select(i => i == 2 ? 0 : random.Integer((i * 7) + 1))];
            List<G1Element> first = [.. Enumerable.Range(0, count).Select(i => i == 1 ? G1Element.Zero : random.G1())];
            List<G2Element> second = [.. Enumerable.Range(0, count).Select(i => i == 1 ? G2Element.Zero : random.G2())];
            if (count > 4)
            {
                // Points that meet themselves and their negatives along the way.
                (scalars[4], first[4], second[4]) = (scalars[3], first[3], second[3]);
                (scalars[6], first[6], second[6]) = (scalars[5], first[5].Negate(), second[5].Negate());
            }

            Assert.Equal(scalars.Zip(first, (s, p) => p.Multiply(s)).Aggregate(G1Element.Zero, (a, b) => a.Add(b)), G1Element.SumOfMultiples(scalars, first));
            Assert.Equal(scalars.Zip(second, (s, p) => p.Multiply(s)).Aggregate(G2Element.Zero, (a, b) => a.Add(b)), G2Element.SumOfMultiples(scalars, second));
        }
    }

    [Fact]
    public void The_membership_tests_agree_with_multiplying_by_the_order()
    {
        var random = new BlsRandom(15);
        for (var i = 0; i < Rounds; i++)
        {
            Assert.True(Subgroup.Contains(random.G1().Point));
            Assert.True(Subgroup.Contains(random.G2().Point));

            // A point of the curve, and its part outside the group.
            var (p, q) = (random.Curve1(), random.Curve2());
            var (outside1, outside2) = (p.Multiply(Subgroup.Order), q.Multiply(Subgroup.Order));
            Assert.Equal(outside1.IsInfinity, Subgroup.Contains(p));
            Assert.Equal(outside2.IsInfinity, Subgroup.Contains(q));
            Assert.Equal(outside1.IsInfinity, Subgroup.Contains(outside1));
            Assert.Equal(outside2.IsInfinity, Subgroup.Contains(outside2));
            Assert.False(Subgroup.Contains(random.G1().Point + outside1) && !outside1.IsInfinity);
        }
    }

    [Fact]
    public void The_cofactors_have_no_factor_in_common_which_the_test_of_G2_rests_on()
    {
        var first = (Z - 1) * (Z - 1) / 3;
        var second =
            (BigInteger.Pow(Z, 8) - (4 * BigInteger.Pow(Z, 7)) + (5 * BigInteger.Pow(Z, 6)) - (4 * BigInteger.Pow(Z, 4)) + (6 * BigInteger.Pow(Z, 3)))
            - (4 * Z * Z)
            - (4 * Z)
            + 13;
        Assert.Equal(0, second % 9);
        Assert.Equal(1, BigInteger.GreatestCommonDivisor(first, second / 9));
        Assert.Equal(Fp.Modulus - Z, first * Subgroup.Order);
        var p = new BlsRandom(16).Curve2();
        Assert.True(p.Multiply(second / 9).Multiply(Subgroup.Order).IsInfinity);
    }

    private static void GroupLaws<F>(CurvePoint<F> p, CurvePoint<F> q, CurvePoint<F> r)
        where F : unmanaged, IField<F>
    {
        var zero = CurvePoint<F>.Infinity;
        Assert.Equal(p + (q + r), p + q + r);
        Assert.Equal(p + q, q + p);
        Assert.Equal(p, p + zero);
        Assert.Equal(p, zero + p);
        Assert.Equal(zero, p + -p);
        Assert.Equal(p.Double(), p + p);
        Assert.Equal(p + q, p.Double() + q - p);
        Assert.Equal(zero, zero.Double());
        Assert.NotEqual(p, q);
        Assert.NotEqual(p, zero);
    }
}
