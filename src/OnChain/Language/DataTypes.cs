using System.Globalization;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.OnChain.Language;

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

/// <summary>
/// One of several constructors without fields, in the order of the enumeration. Its value is the constructor's index; decoding does not look for fields.
/// </summary>
internal sealed class Choice<TEnum> : IDataType
    where TEnum : struct, Enum
{
    public static Expr Decode(Expr data) => Expr.Call(FstPair, Expr.Call(UnConstrData, data));

    public static Expr Encode(Expr value) => Expr.Call(ConstrData, value, Expr.EmptyList);

    internal static long IndexOf(TEnum value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}

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
