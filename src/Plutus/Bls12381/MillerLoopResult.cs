namespace Masumi.Plutus.Bls12381;

/// <summary>
/// What the Miller loop gives: an element of Fp12 that stands for a pairing once it is raised to (p^12 - 1) / r. Scripts multiply such results and ask
/// whether two stand for the same; they cannot look inside.
/// </summary>
public sealed class MillerLoopResult
{
    private readonly Fp12 _value;

    private MillerLoopResult(in Fp12 value) => _value = value;

    /// <summary>The optimal ate pairing of two points before the final exponentiation; one when either is zero.</summary>
    internal static MillerLoopResult Of(G1Element p, G2Element q) => new(Pairing.MillerLoop(p.Point, q.Point));

    internal MillerLoopResult Multiply(MillerLoopResult other) => new(_value * other._value);

    /// <summary>Whether both stand for the same pairing.</summary>
    internal bool StandsForSameAs(MillerLoopResult other) => Pairing.FinalExponentiationIsOne(_value.Conjugate() * other._value);
}
