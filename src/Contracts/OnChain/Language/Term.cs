using System.Numerics;
using Masumi.Cardano.Scripts;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.Contracts.OnChain.Language;

/// <summary>
/// An on-chain expression of type <typeparamref name="T"/>. A C# variable holding a term is a name for the <em>expression</em>: using
/// it twice evaluates it twice. To evaluate once, bind it with <c>Block.Let</c>.
/// </summary>
internal sealed class Term<T>(Expr expr)
{
    internal Expr Expr { get; } = expr;
}

/// <summary>A type that can be a field, an element or a key: its values convert from and to Plutus data.</summary>
internal interface IDataType
{
    static abstract Expr Decode(Expr data);

    static abstract Expr Encode(Expr value);
}

/// <summary>An integer of any size.</summary>
internal sealed class Int : IDataType
{
    public static Expr Decode(Expr data) => Expr.Call(UnIData, data);

    public static Expr Encode(Expr value) => Expr.Call(IData, value);
}

/// <summary>A byte string.</summary>
internal sealed class Bytes : IDataType
{
    public static Expr Decode(Expr data) => Expr.Call(UnBData, data);

    public static Expr Encode(Expr value) => Expr.Call(BData, value);
}

/// <summary>Plutus data as it stands; records and unions of the ledger and of the contracts derive from it.</summary>
internal class Data : IDataType
{
    public static Expr Decode(Expr data) => data;

    public static Expr Encode(Expr value) => value;
}

/// <summary><c>C0[value]</c> or <c>C1[]</c>.</summary>
internal sealed class Option<T> : Data
    where T : IDataType;

/// <summary>A list of data-encoded elements.</summary>
internal sealed class ListOf<T> : IDataType
    where T : IDataType
{
    public static Expr Decode(Expr data) => Expr.Call(UnListData, data);

    public static Expr Encode(Expr value) => Expr.Call(ListData, value);
}

/// <summary>An association list; order and duplicates are kept.</summary>
internal sealed class Map<TKey, TValue> : IDataType
    where TKey : IDataType
    where TValue : IDataType
{
    public static Expr Decode(Expr data) => Expr.Call(UnMapData, data);

    public static Expr Encode(Expr value) => Expr.Call(MapData, value);
}

/// <summary>One entry of a map.</summary>
internal sealed class Entry<TKey, TValue>
    where TKey : IDataType
    where TValue : IDataType;

/// <summary>A truth value; not data.</summary>
internal sealed class Bool;

/// <summary>The result of a validator that accepts.</summary>
internal sealed class Unit;

/// <summary>A function.</summary>
internal sealed class Fn<TArgument, TResult>;

/// <summary>
/// The fields of a constructor: what the extension properties of records read from. An expression like every term: bind it with
/// <c>Block.Open</c> before reading several fields.
/// </summary>
internal sealed class Fields<T>(Expr list)
    where T : Data
{
    internal Expr Expr { get; } = list;

    /// <summary>The field at an index, decoded; rejects when there is none or it is of another kind.</summary>
    public Term<TField> At<TField>(int index)
        where TField : IDataType => new(TField.Decode(Expr.Call(HeadList, From(index).Expr)));

    /// <summary>The fields from an index on.</summary>
    public Fields<T> From(int index)
    {
        var rest = Expr;
        for (var i = 0; i < index; i++)
        {
            rest = Expr.Call(TailList, rest);
        }

        return new(rest);
    }

    public Term<Bool> AreEmpty => new(Expr.Call(NullList, Expr));
}

/// <summary>Constants and the constructs every validator needs: <c>using static</c> this.</summary>
internal static class Syntax
{
    public static Term<Int> Integer(BigInteger value) => new(Expr.Integer(value));

    public static Term<Bytes> ByteString(ReadOnlyMemory<byte> value) => new(Expr.Bytes(value));

    public static Term<Bytes> Hex(string hex) => ByteString(Convert.FromHexString(hex));

    public static Term<T> Literal<T>(PlutusData value)
        where T : Data => new(Expr.Data(value));

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
    public static Term<T> Do<T>(Func<Block, Term<T>> body)
    {
        var block = new Block();
        return block.Close(body(block));
    }

    /// <summary>A function. Its body is evaluated at every call.</summary>
    public static Term<Fn<TArgument, TResult>> Function<TArgument, TResult>(Func<Term<TArgument>, Term<TResult>> body)
    {
        var parameter = new Variable("a");
        return new(new Expr.Lam(parameter, body(new(new Expr.Var(parameter))).Expr));
    }

    /// <summary>A function of two arguments, one after the other.</summary>
    public static Term<Fn<TA, Fn<TB, TResult>>> Function<TA, TB, TResult>(Func<Term<TA>, Term<TB>, Term<TResult>> body) =>
        Function<TA, Fn<TB, TResult>>(a => Function<TB, TResult>(b => body(a, b)));

    /// <summary>Calls a function; the argument is evaluated first.</summary>
    public static Term<TResult> Call<TArgument, TResult>(this Term<Fn<TArgument, TResult>> function, Term<TArgument> argument) =>
        new(new Expr.App(function.Expr, argument.Expr));

    /// <summary>Calls a function of two arguments.</summary>
    public static Term<TResult> Call<TA, TB, TResult>(this Term<Fn<TA, Fn<TB, TResult>>> function, Term<TA> a, Term<TB> b) => function.Call(a).Call(b);
}
