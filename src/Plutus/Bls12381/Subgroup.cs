using System.Numerics;

namespace Masumi.Plutus.Bls12381;

/// <summary>The order of the groups, and tests of membership that are faster than multiplying by it.</summary>
internal static class Subgroup
{
    /// <summary>|z|; the curve's parameter z itself is negative.</summary>
    public const ulong Parameter = 0xd201000000010000;

    /// <summary>r = z^4 - z^2 + 1.</summary>
    public static readonly BigInteger Order = BigInteger.Pow(Parameter, 4) - BigInteger.Pow(Parameter, 2) + 1;

    /// <summary>The coefficient b of G1's curve.</summary>
    public static readonly Fp B1 = Fp.Of(4);

    /// <summary>The coefficient b of G2's curve, the M-type twist by 1 + u.</summary>
    public static readonly Fp2 B2 = Fp2.Of(4, 4);

    /// <summary>The generators of draft-irtf-cfrg-pairing-friendly-curves, section 4.2.1.</summary>
    public static readonly CurvePoint<Fp> Generator1 = Read(
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb",
        B1
    );

    public static readonly CurvePoint<Fp2> Generator2 = Read(
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
            + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
        B2
    );

    private static readonly Fp CubeRoot = FindCubeRoot();

    // (1 + u)^-((p - 1) / 3) and (1 + u)^-((p - 1) / 2): what is left of untwisting, raising to the p-th power and twisting again.
    private static readonly Fp2 TwistX = Fp2.Of(1, 1).Pow((Fp.Modulus - 1) / 3).Inverse();
    private static readonly Fp2 TwistY = Fp2.Of(1, 1).Pow((Fp.Modulus - 1) / 2).Inverse();

    /// <summary>
    /// With phi(x, y) = (beta x, y) a point of G1 satisfies phi(P) = -z^2 P. Only those do: phi^2 + phi + 1 = 0 gives the endomorphism phi + z^2 the degree
    /// z^4 - z^2 + 1 = r, so its kernel has no more than r points.
    /// </summary>
    public static bool Contains(in CurvePoint<Fp> p) => (Phi(p, CubeRoot) + p.Multiply(Parameter).Multiply(Parameter)).IsInfinity;

    /// <summary>
    /// A point of G2 satisfies psi(P) = z P (M. Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly curves", 2021): psi - z
    /// has the degree z^2 - tz + p = h1 r, where t = z + 1, and h1 has no factor in common with the cofactor of G2.
    /// </summary>
    public static bool Contains(in CurvePoint<Fp2> p) => (Psi(p) + p.Multiply(Parameter)).IsInfinity;

    /// <summary>The endomorphism that the p-th power becomes on the twist.</summary>
    public static CurvePoint<Fp2> Psi(in CurvePoint<Fp2> p) => new(p.X.Conjugate() * TwistX, p.Y.Conjugate() * TwistY, p.Z.Conjugate());

    /// <summary>A scalar reduced to 0 .. r - 1.</summary>
    public static BigInteger Reduce(BigInteger scalar)
    {
        var rest = BigInteger.Remainder(scalar, Order);
        return rest.Sign < 0 ? rest + Order : rest;
    }

    private static CurvePoint<Fp> Phi(in CurvePoint<Fp> p, in Fp root) => new(p.X * root, p.Y, p.Z);

    /// <summary>Of the two roots of x^2 + x + 1 the one whose phi multiplies by -z^2.</summary>
    private static Fp FindCubeRoot()
    {
        _ = Fp.Of(-3).TrySqrt(out var root);
        var half = Fp.Of(2).Inverse();
        var one = (root - Fp.One) * half;
        var target = -Generator1.Multiply(Parameter).Multiply(Parameter);
        return Phi(Generator1, one).Equals(target) ? one : -(root + Fp.One) * half;
    }

    private static CurvePoint<F> Read<F>(string hex, F b)
        where F : unmanaged, IField<F> =>
        CompressedPoint.TryRead(Convert.FromHexString(hex), b, out var point, out var refusal) ? point : throw new InvalidOperationException(refusal);
}
