using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Syntax;

namespace Masumi.OnChain.Language;

/// <summary>A bound name. Identity is what counts; the text is for readers of a dump.</summary>
internal sealed class Variable(string name)
{
    public override string ToString() => name;
}

/// <summary>
/// The untyped layer below <see cref="Term{T}"/>: UPLC with names instead of de Bruijn indices. Validators never touch it; only the
/// files of this folder build it, because here nothing guards types or strictness.
/// </summary>
internal abstract record Expr
{
    private Expr() { }

    public sealed record Var(Variable Variable) : Expr;

    public sealed record Lam(Variable Parameter, Expr Body) : Expr;

    public sealed record App(Expr Function, Expr Argument) : Expr;

    public sealed record Delay(Expr Body) : Expr;

    public sealed record Force(Expr Body) : Expr;

    /// <summary>Rejects. The message survives only in a build with traces.</summary>
    public sealed record Fail(string Message) : Expr;

    public sealed record Const(Constant Value) : Expr;

    public sealed record Builtin(BuiltinFunction Function) : Expr;

    /// <summary>A sums-of-products value.</summary>
    public sealed record Constr(ImmutableArray<Expr> Fields) : Expr;

    /// <summary>Takes apart a <see cref="Constr"/>: the branch is a function of all its fields.</summary>
    public sealed record Case(Expr Scrutinee, Expr Branch) : Expr;

    /// <summary>A call of a builtin with all its arguments, forced as often as its type demands.</summary>
    public static Expr Call(BuiltinFunction function, params ReadOnlySpan<Expr> arguments)
    {
        Expr call = new Builtin(function);
        for (var i = 0; i < Forces(function); i++)
        {
            call = new Force(call);
        }

        foreach (var argument in arguments)
        {
            call = new App(call, argument);
        }

        return call;
    }

    /// <summary>Evaluates only the branch taken.</summary>
    public static Expr If(Expr condition, Expr then, Expr otherwise) =>
        new Force(Call(BuiltinFunction.IfThenElse, condition, new Delay(then), new Delay(otherwise)));

    /// <summary>Evaluates <paramref name="value"/> once, then the body.</summary>
    public static Expr Let(Variable variable, Expr value, Expr body) => new App(new Lam(variable, body), value);

    public static Expr Integer(BigInteger value) => new Const(new Constant.Integer(value));

    public static Expr Bytes(ReadOnlyMemory<byte> value) => new Const(new Constant.ByteString(value));

    public static Expr Bool(bool value) => new Const(new Constant.Bool(value));

    public static Expr Unit { get; } = new Const(new Constant.Unit());

    public static Expr Data(PlutusData value) => new Const(new Constant.Data(value));

    public static Expr EmptyList { get; } = new Const(new Constant.List(DataType, []));

    public static Expr EmptyMap { get; } = new Const(new Constant.List(new ConstantType.Pair(DataType, DataType), []));

    private static ConstantType DataType => new ConstantType.Simple(SimpleType.Data);

    /// <summary>How many type arguments a builtin takes before its values (spec cardano.md 9.3); only those this language uses.</summary>
    public static int Forces(BuiltinFunction function) =>
        function switch
        {
            BuiltinFunction.FstPair or BuiltinFunction.SndPair or BuiltinFunction.ChooseList => 2,
            BuiltinFunction.IfThenElse or BuiltinFunction.Trace or BuiltinFunction.MkCons => 1,
            BuiltinFunction.HeadList or BuiltinFunction.TailList or BuiltinFunction.NullList => 1,
            _ => 0,
        };
}
