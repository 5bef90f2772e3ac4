using System.Numerics;
using System.Runtime.CompilerServices;
using Masumi.Cardano.Scripts;

namespace Masumi.OnChain.Language;

/// <summary>Constants and the constructs every validator needs: <c>using static</c> this.</summary>
internal static class Syntax
{
    public static Term<Int> Integer(BigInteger value) => new(Expr.Integer(value));

    public static Term<Bytes> ByteString(ReadOnlyMemory<byte> value) => new(Expr.Bytes(value));

    public static Term<Bytes> Hex(string hex) => ByteString(Convert.FromHexString(hex));

    public static Term<T> Literal<T>(PlutusData value)
        where T : Data => new(Expr.Data(value));

    /// <summary>A choice that is known.</summary>
    public static Term<Choice<TEnum>> Constant<TEnum>(TEnum value)
        where TEnum : struct, Enum => new(Expr.Integer(Choice<TEnum>.IndexOf(value)));

    /// <summary>Reads data as a type; rejects data of another kind.</summary>
    public static Term<T> Decode<T>(Term<Data> data)
        where T : IDataType => new(T.Decode(data.Expr));

    public static Term<Bool> True { get; } = new(Expr.Bool(true));

    public static Term<Bool> False { get; } = new(Expr.Bool(false));

    public static Term<Unit> Accept { get; } = new(Expr.Unit);

    /// <summary>Rejects the transaction; with traces on, says why.</summary>
    public static Term<T> Reject<T>(string rule) => new(new Expr.Fail(rule));

    /// <summary>Evaluates the condition, then only the branch it chooses.</summary>
    public static Term<T> If<T>(Term<Bool> condition, Term<T> then, Term<T> otherwise) => new(Expr.If(condition.Expr, then.Expr, otherwise.Expr));

    /// <summary>The branch whose key equals the tag. An <c>ifThenElse</c> chain: hot cases belong first.</summary>
    public static Term<T> Switch<T>(Term<Int> tag, ReadOnlySpan<(int Key, Term<T> Branch)> cases, Term<T> otherwise)
    {
        var chain = otherwise;
        for (var i = cases.Length - 1; i >= 0; i--)
        {
            chain = If(tag.Is(cases[i].Key), cases[i].Branch, chain);
        }

        return chain;
    }

    /// <summary>Statements in order, then a result (see <see cref="Block"/>).</summary>
    public static Term<T> Do<T>(Func<Block, Term<T>> body) => Block.Write(body);

    /// <summary>A function. Its body is evaluated at every call. Listings call the parameter as the lambda does.</summary>
    public static Term<Fn<TArgument, TResult>> Function<TArgument, TResult>(
        Func<Term<TArgument>, Term<TResult>> body,
        [CallerArgumentExpression(nameof(body))] string lambda = ""
    )
    {
        var parameter = new Variable(Parameter(lambda, 0));
        return new(new Expr.Lam(parameter, Block.WriteFunction(() => body(new(new Expr.Var(parameter)))).Expr));
    }

    /// <summary>A function of two arguments, one after the other.</summary>
    public static Term<Fn<TA, Fn<TB, TResult>>> Function<TA, TB, TResult>(
        Func<Term<TA>, Term<TB>, Term<TResult>> body,
        [CallerArgumentExpression(nameof(body))] string lambda = ""
    ) => Function<TA, Fn<TB, TResult>>(a => Function<TB, TResult>(b => body(a, b), Parameter(lambda, 1)), Parameter(lambda, 0));

    /// <summary>Calls a function; the argument is evaluated first.</summary>
    public static Term<TResult> Call<TArgument, TResult>(this Term<Fn<TArgument, TResult>> function, Term<TArgument> argument) =>
        new(new Expr.App(function.Expr, argument.Expr));

    /// <summary>Calls a function of two arguments.</summary>
    public static Term<TResult> Call<TA, TB, TResult>(this Term<Fn<TA, Fn<TB, TResult>>> function, Term<TA> a, Term<TB> b) => function.Call(a).Call(b);

    // A parameter's name in the text of a lambda; also of one that is a name already. The name of a method says nothing of its parameter.
    private static string Parameter(string lambda, int index)
    {
        var head = lambda.Split("=>", 2)[0].Trim(' ', '(', ')').Split(',');
        var name = index < head.Length ? head[index].Trim() : "";
        return name.Length > 0 && !char.IsAsciiLetterUpper(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : "a";
    }
}
