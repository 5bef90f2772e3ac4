using System.Numerics;
using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Tests;

/// <summary>Random elements of everything around BLS12-381, from a seed that the test output shows.</summary>
internal sealed class BlsRandom
{
    private readonly Random _random;

    public BlsRandom(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        _random = new Random(seed);
    }

    public BigInteger Integer(int bytes)
    {
        var digits = new byte[bytes];
        _random.NextBytes(digits);
        return new BigInteger(digits);
    }

    public byte[] Bytes(int most)
    {
        var bytes = new byte[_random.Next(most + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    public Fp Fp() => Bls12381.Fp.Of(Integer(50));

    public Fp2 Fp2() => new(Fp(), Fp());

    public Fp6 Fp6() => new(Fp2(), Fp2(), Fp2());

    public Fp12 Fp12() => new(Fp6(), Fp6());

    public G1Element G1() => new(Subgroup.Generator1.Multiply(Subgroup.Reduce(Integer(32))));

    public G2Element G2() => new(Subgroup.Generator2.Multiply(Subgroup.Reduce(Integer(32))));

    /// <summary>A point of G1's curve that is hardly ever in the group.</summary>
    public CurvePoint<Fp> Curve1()
    {
        while (true)
        {
            var x = Fp();
            if (((x.Square() * x) + Subgroup.B1).TrySqrt(out var y))
            {
                return new CurvePoint<Fp>(x, y);
            }
        }
    }

    /// <summary>A point of G2's curve that is hardly ever in the group.</summary>
    public CurvePoint<Fp2> Curve2()
    {
        while (true)
        {
            var x = Fp2();
            if (((x.Square() * x) + Subgroup.B2).TrySqrt(out var y))
            {
                return new CurvePoint<Fp2>(x, y);
            }
        }
    }
}
