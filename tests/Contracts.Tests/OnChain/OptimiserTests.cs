using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>Each rule of the optimiser, and what it must leave alone.</summary>
public class OptimiserTests
{
    private static readonly Variable X = new("x");
    private static readonly Variable Y = new("y");
    private static readonly Variable F = new("f");
    private static readonly Expr VarX = new Expr.Var(X);
    private static readonly Expr VarY = new Expr.Var(Y);
    private static readonly Expr Free = new Expr.Var(F);
    private static readonly Expr One = Expr.Integer(1);

    private static Expr Decode(Expr e) => Expr.Call(BuiltinFunction.UnIData, e);

    private static Expr Add(Expr a, Expr b) => Expr.Call(BuiltinFunction.AddInteger, a, b);

    private static void Becomes(Expr expected, Expr expr) => Assert.Equal(expected, Optimiser.Optimise(expr));

    private static void Stays(Expr expr) => Becomes(expr, expr);

    [Fact]
    public void Forcing_a_delay_is_its_body() => Becomes(One, new Expr.Force(new Expr.Delay(One)));

    [Fact]
    public void A_value_nobody_uses_goes() => Becomes(One, Expr.Let(X, new Expr.Lam(Y, VarY), One));

    [Fact]
    public void A_computation_nobody_uses_stays_because_it_may_fail() => Stays(Expr.Let(X, Decode(Free), One));

    [Fact]
    public void Another_name_for_a_variable_goes() => Becomes(Add(Free, Free), Expr.Let(X, Free, Add(VarX, VarX)));

    [Fact]
    public void A_value_used_once_moves_to_its_use_even_below_a_lambda() =>
        Becomes(new Expr.Lam(Y, Add(VarY, One)), Expr.Let(X, One, new Expr.Lam(Y, Add(VarY, VarX))));

    [Fact]
    public void A_value_used_twice_stays() => Stays(Expr.Let(X, new Expr.Lam(Y, VarY), Add(VarX, VarX)));

    [Fact]
    public void A_computation_moves_when_its_use_comes_first() => Becomes(Add(Decode(Free), Free), Expr.Let(X, Decode(Free), Add(VarX, Free)));

    [Fact]
    public void A_computation_does_not_move_across_one_that_may_fail() => Stays(Expr.Let(X, Decode(Free), Add(Decode(One), VarX)));

    [Fact]
    public void A_computation_does_not_move_below_a_lambda_or_delay()
    {
        Stays(Expr.Let(X, Decode(Free), new Expr.Lam(Y, VarX)));
        Stays(Expr.Let(X, Decode(Free), new Expr.Delay(VarX)));
        Stays(Expr.Let(X, Decode(Free), Expr.If(Free, VarX, One)));
    }

    [Fact]
    public void A_computation_moves_into_a_condition_evaluated_first() =>
        Becomes(Expr.If(Decode(Free), One, Expr.Integer(2)), Expr.Let(X, Decode(Free), Expr.If(VarX, One, Expr.Integer(2))));

    [Fact]
    public void A_negated_condition_swaps_the_branches()
    {
        var not = Expr.Call(BuiltinFunction.IfThenElse, Free, Expr.Bool(false), Expr.Bool(true));
        Becomes(Expr.If(Free, Expr.Integer(2), One), Expr.If(not, One, Expr.Integer(2)));
    }

    [Fact]
    public void A_polymorphic_builtin_used_twice_is_forced_once()
    {
        var twice = Expr.Call(BuiltinFunction.HeadList, Expr.Call(BuiltinFunction.HeadList, Free));
        var optimised = Assert.IsType<Expr.App>(Optimiser.Optimise(twice));
        Assert.Equal(Expr.Call(BuiltinFunction.HeadList), optimised.Argument);
        var lambda = Assert.IsType<Expr.Lam>(optimised.Function);
        var head = new Expr.Var(lambda.Parameter);
        Assert.Equal(new Expr.App(head, new Expr.App(head, Free)), lambda.Body);
    }

    [Fact]
    public void A_polymorphic_builtin_used_once_stays() => Stays(Expr.Call(BuiltinFunction.HeadList, Free));

    [Fact]
    public void Optimising_makes_the_contracts_smaller()
    {
        var on = Flat.Encode(EscrowScript.Program(EscrowFamily.V2, new CompilerOptions())).Length;
        var off = Flat.Encode(EscrowScript.Program(EscrowFamily.V2, new CompilerOptions(Optimise: false))).Length;
        Assert.True(on < off, $"{on} bytes with, {off} bytes without the optimiser");
    }
}
