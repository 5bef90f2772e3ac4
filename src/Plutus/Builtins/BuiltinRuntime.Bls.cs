using Masumi.Plutus.Bls12381;
using static Masumi.Plutus.BuiltinFunction;

namespace Masumi.Plutus.Builtins;

internal static partial class BuiltinRuntime
{
    private static object? CallBls(BuiltinFunction function, object[] a)
    {
        switch (function)
        {
            case Bls12_381_G1_add:
                return new Constant.G1(G1(function, a[0]).Add(G1(function, a[1])));
            case Bls12_381_G1_neg:
                return new Constant.G1(G1(function, a[0]).Negate());
            case Bls12_381_G1_scalarMul:
                return new Constant.G1(G1(function, a[1]).Multiply(I(function, a[0])));
            case Bls12_381_G1_equal:
                return Bool(G1(function, a[0]).Equals(G1(function, a[1])));
            case Bls12_381_G1_compress:
                return Bytes(G1(function, a[0]).Compress());
            case Bls12_381_G1_uncompress:
                return G1Element.TryUncompress(B(function, a[0]).Span, out var g1, out var refusal1) ? new Constant.G1(g1) : throw Refuse(function, refusal1);
            case Bls12_381_G2_add:
                return new Constant.G2(G2(function, a[0]).Add(G2(function, a[1])));
            case Bls12_381_G2_neg:
                return new Constant.G2(G2(function, a[0]).Negate());
            case Bls12_381_G2_scalarMul:
                return new Constant.G2(G2(function, a[1]).Multiply(I(function, a[0])));
            case Bls12_381_G2_equal:
                return Bool(G2(function, a[0]).Equals(G2(function, a[1])));
            case Bls12_381_G2_compress:
                return Bytes(G2(function, a[0]).Compress());
            case Bls12_381_G2_uncompress:
                return G2Element.TryUncompress(B(function, a[0]).Span, out var g2, out var refusal2) ? new Constant.G2(g2) : throw Refuse(function, refusal2);

            case Bls12_381_millerLoop:
                return new Constant.MlResult(MillerLoopResult.Of(G1(function, a[0]), G2(function, a[1])));
            case Bls12_381_mulMlResult:
                return new Constant.MlResult(Ml(function, a[0]).Multiply(Ml(function, a[1])));
            case Bls12_381_finalVerify:
                return Bool(Ml(function, a[0]).StandsForSameAs(Ml(function, a[1])));
            default:
                return null;
        }
    }

    private static G1Element G1(BuiltinFunction function, object value) => value is Constant.G1 g ? g.Value : throw Type(function, "G1 element", value);

    private static G2Element G2(BuiltinFunction function, object value) => value is Constant.G2 g ? g.Value : throw Type(function, "G2 element", value);

    private static MillerLoopResult Ml(BuiltinFunction function, object value) =>
        value is Constant.MlResult m ? m.Value : throw Type(function, "Miller loop result", value);
}
