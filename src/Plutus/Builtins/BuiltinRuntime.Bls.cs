using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Masumi.Plutus.Bls12381;
using Masumi.Plutus.Syntax;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.Plutus.Builtins;

internal static partial class BuiltinRuntime
{
    // A scalar of a multi-scalar multiplication has to fit 512 bytes with its sign (CIP-133), also one that has no point to go with.
    private static readonly BigInteger LeastMultiplier = -(BigInteger.One << 4095);
    private static readonly BigInteger MostMultiplier = -1 - LeastMultiplier;

    [SuppressMessage("Maintainability", "CA1502", Justification = "One case for each builtin: a table.")]
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
            case Bls12_381_G1_hashToGroup:
                return new Constant.G1(G1Element.Hash(B(function, a[0]).Span, Tag(function, a[1])));
            case Bls12_381_G1_multiScalarMul:
            {
                var scalars = Multipliers(function, a[0]);
                var points = Elements(function, a[1], SimpleType.G1, v => ((Constant.G1)v).Value);
                var count = Math.Min(scalars.Count, points.Count);
                return new Constant.G1(G1Element.SumOfMultiples(scalars[..count], points[..count]));
            }

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
            case Bls12_381_G2_hashToGroup:
                return new Constant.G2(G2Element.Hash(B(function, a[0]).Span, Tag(function, a[1])));
            case Bls12_381_G2_multiScalarMul:
            {
                var scalars = Multipliers(function, a[0]);
                var points = Elements(function, a[1], SimpleType.G2, v => ((Constant.G2)v).Value);
                var count = Math.Min(scalars.Count, points.Count);
                return new Constant.G2(G2Element.SumOfMultiples(scalars[..count], points[..count]));
            }

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

    private static ReadOnlySpan<byte> Tag(BuiltinFunction function, object value) =>
        B(function, value) is { Length: <= HashToCurve.MaxTag } tag
            ? tag.Span
            : throw Refuse(function, $"a domain separation tag of more than {HashToCurve.MaxTag} bytes");

    private static List<BigInteger> Multipliers(BuiltinFunction function, object value)
    {
        var scalars = Elements(function, value, SimpleType.Integer, v => ((Constant.Integer)v).Value);
        return scalars.TrueForAll(s => s >= LeastMultiplier && s <= MostMultiplier) ? scalars : throw Refuse(function, "a scalar of more than 512 bytes");
    }

    private static List<T> Elements<T>(BuiltinFunction function, object value, SimpleType kind, Func<object, T> read) =>
        L(function, value) is { Element: ConstantType.Simple simple } list && simple.Kind == kind
            ? [.. list.Items().Select(read)]
            : throw Type(function, $"list of {kind}", value);

    private static G1Element G1(BuiltinFunction function, object value) => value is Constant.G1 g ? g.Value : throw Type(function, "G1 element", value);

    private static G2Element G2(BuiltinFunction function, object value) => value is Constant.G2 g ? g.Value : throw Type(function, "G2 element", value);

    private static MillerLoopResult Ml(BuiltinFunction function, object value) =>
        value is Constant.MlResult m ? m.Value : throw Type(function, "Miller loop result", value);
}
