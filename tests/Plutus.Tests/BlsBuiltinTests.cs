using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Bls12381;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>What the builtins add to the arithmetic: argument types, limits, order of arguments. Prices are zero here; the corpus has the true ones.</summary>
public class BlsBuiltinTests
{
    private static readonly ImmutableArray<long> Free = [.. new long[400]];
    private static readonly BigInteger Bound = BigInteger.One << 4095;
    private static readonly G1Element P = new(Subgroup.Generator1);
    private static readonly G2Element Q = new(Subgroup.Generator2);

    [Fact]
    public void The_scalar_comes_first_and_may_have_any_size_and_sign()
    {
        var huge = -(BigInteger.One << 20_000) - 3;
        Assert.Equal(new Constant.G1(P.Multiply(huge)), Run(BuiltinFunction.Bls12_381_G1_scalarMul, Int(huge), new Constant.G1(P)).Result);
        Assert.Equal(new Constant.G2(Q.Multiply(huge)), Run(BuiltinFunction.Bls12_381_G2_scalarMul, Int(huge), new Constant.G2(Q)).Result);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(BuiltinFunction.Bls12_381_G1_scalarMul, new Constant.G1(P), Int(1)).Failure);
    }

    [Fact]
    public void Elements_of_one_group_are_refused_where_the_other_is_expected()
    {
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(BuiltinFunction.Bls12_381_G1_add, new Constant.G1(P), new Constant.G2(Q)).Failure);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(BuiltinFunction.Bls12_381_G2_equal, new Constant.G1(P), new Constant.G2(Q)).Failure);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(BuiltinFunction.Bls12_381_millerLoop, new Constant.G2(Q), new Constant.G1(P)).Failure);
    }

    [Fact]
    public void Many_scalars_are_limited_in_size_even_without_a_point_and_the_longer_list_is_cut()
    {
        Assert.Equal(new Constant.G1(P.Multiply(Bound - 1)), Many([Bound - 1], [P]).Result);
        Assert.Equal(new Constant.G1(P.Multiply(-Bound)), Many([-Bound], [P]).Result);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Many([Bound], [P]).Failure);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Many([-Bound - 1], [P]).Failure);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Many([1, Bound], [P]).Failure);
        Assert.Equal(new Constant.G1(P.Multiply(3)), Many([3, 5], [P]).Result);
        Assert.Equal(new Constant.G1(P.Multiply(3)), Many([3], [P, P]).Result);
        Assert.Equal(new Constant.G1(G1Element.Zero), Many([], [P]).Result);
        Assert.Equal(new Constant.G1(G1Element.Zero), Many([7], []).Result);
    }

    [Fact]
    public void Empty_lists_of_another_type_are_refused()
    {
        var integers = List(SimpleType.Integer);
        Assert.Equal(new Constant.G2(G2Element.Zero), Run(BuiltinFunction.Bls12_381_G2_multiScalarMul, integers, List(SimpleType.G2)).Result);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(BuiltinFunction.Bls12_381_G2_multiScalarMul, integers, List(SimpleType.G1)).Failure);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(BuiltinFunction.Bls12_381_G2_multiScalarMul, List(SimpleType.Data), List(SimpleType.G2)).Failure);
    }

    [Fact]
    public void The_tag_has_at_most_255_bytes_and_may_be_empty()
    {
        foreach (var function in (BuiltinFunction[])[BuiltinFunction.Bls12_381_G1_hashToGroup, BuiltinFunction.Bls12_381_G2_hashToGroup])
        {
            Assert.True(Run(function, Bytes([]), Bytes([])).Succeeded);
            Assert.True(Run(function, Bytes([1]), Bytes(new byte[255])).Succeeded);
            Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(function, Bytes([1]), Bytes(new byte[256])).Failure);
        }
    }

    [Fact]
    public void Bytes_that_are_no_element_fail_and_say_why()
    {
        var failure = Assert.IsType<EvaluationFailure.BuiltinFailed>(Run(BuiltinFunction.Bls12_381_G1_uncompress, Bytes(new byte[48])).Failure);
        Assert.Contains("compression flag", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(new Constant.G2(Q), Run(BuiltinFunction.Bls12_381_G2_uncompress, Bytes(Q.Compress())).Result);
        Assert.Equal(Bytes(Q.Compress()), Run(BuiltinFunction.Bls12_381_G2_compress, new Constant.G2(Q)).Result);
    }

    [Fact]
    public void A_pairing_check_runs_as_a_program()
    {
        // e(2P, Q) = e(P, Q) e(P, Q)
        var once = Apply(BuiltinFunction.Bls12_381_millerLoop, Const(new Constant.G1(P)), Const(new Constant.G2(Q)));
        var twice = Apply(BuiltinFunction.Bls12_381_millerLoop, Const(new Constant.G1(P.Multiply(2))), Const(new Constant.G2(Q)));
        var product = Apply(BuiltinFunction.Bls12_381_mulMlResult, once, once);
        Assert.Equal(new Constant.Bool(true), Evaluate(Apply(BuiltinFunction.Bls12_381_finalVerify, twice, product)).Result);
        Assert.Equal(new Constant.Bool(false), Evaluate(Apply(BuiltinFunction.Bls12_381_finalVerify, twice, once)).Result);
    }

    private static EvaluationOutcome Many(BigInteger[] scalars, G1Element[] points) =>
        Run(
            BuiltinFunction.Bls12_381_G1_multiScalarMul,
            List(SimpleType.Integer, [.. scalars.Select(Int)]),
            List(SimpleType.G1, [.. points.Select(p => new Constant.G1(p))])
        );

    private static EvaluationOutcome Run(BuiltinFunction function, params Constant[] arguments) => Evaluate(Apply(function, [.. arguments.Select(Const)]));

    private static EvaluationOutcome Evaluate(Term term) =>
        Evaluator.Evaluate(new UplcProgram(1, 1, 0, term), ScriptLanguage.PlutusV3, 11, Free, new ExUnits(1_000_000, 1_000_000));

    private static Term Apply(BuiltinFunction function, params Term[] arguments) =>
        arguments.Aggregate((Term)new Term.Builtin(function), (applied, argument) => new Term.Apply(applied, argument));

    private static Term Const(Constant constant) => new Term.Const(constant);

    private static Constant Int(BigInteger value) => new Constant.Integer(value);

    private static Constant.ByteString Bytes(byte[] bytes) => new Constant.ByteString(bytes);

    private static Constant.List List(SimpleType kind, params ImmutableArray<Constant> items) => new Constant.List(new ConstantType.Simple(kind), items);
}
