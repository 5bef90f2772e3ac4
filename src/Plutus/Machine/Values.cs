using System.Collections.Immutable;
using Masumi.Cardano;

namespace Masumi.Plutus.Machine;

// A value of the machine is one of: a Constant that is not a list, array or pair; RuntimeList, RuntimeArray, RuntimePair; or one of the closures
// below. Lists and pairs have forms of their own so that taking a tail or a field copies nothing.

/// <summary>An environment: the innermost variable first.</summary>
internal sealed class Env(object value, Env? next)
{
    public readonly object Value = value;
    public readonly Env? Next = next;
}

internal sealed class LamValue(Node body, Env? env)
{
    public readonly Node Body = body;
    public readonly Env? Env = env;
}

internal sealed class DelayValue(Node body, Env? env)
{
    public readonly Node Body = body;
    public readonly Env? Env = env;
}

internal sealed class ConstrValue(ulong tag, object[] fields)
{
    public readonly ulong Tag = tag;
    public readonly object[] Fields = fields;
}

/// <summary>A builtin that still waits for forces or arguments.</summary>
internal sealed class BuiltinValue(BuiltinFunction function, int forces, object[] arguments)
{
    public readonly BuiltinFunction Function = function;
    public readonly int Forces = forces;
    public readonly object[] Arguments = arguments;

    /// <summary>True when it lacks this many arguments and nothing else.</summary>
    public bool WantsExactly(int count) =>
        Arguments.Length == 0 && count == Costs.CostModel.Arity[(int)Function] && Forces == Costs.CostModel.Forces[(int)Function];
}

internal sealed class RuntimePair(object first, object second)
{
    public readonly object First = first;
    public readonly object Second = second;
}

internal sealed class RuntimeArray(ConstantType element, ImmutableArray<object> items)
{
    public readonly ConstantType Element = element;
    public readonly ImmutableArray<object> Items = items;
}

/// <summary>An immutable list of constants of one type, sharing its tails.</summary>
internal abstract class RuntimeList(ConstantType element, int length)
{
    public readonly ConstantType Element = element;
    public readonly int Length = length;

    public abstract object Head { get; }

    public abstract RuntimeList Tail { get; }

    public virtual RuntimeList Drop(int count)
    {
        var list = this;
        for (; count > 0 && list.Length > 0; count--)
        {
            list = list.Tail;
        }

        return list;
    }

    public IEnumerable<object> Items()
    {
        for (var list = this; list.Length > 0; list = list.Tail)
        {
            yield return list.Head;
        }
    }

    public static RuntimeList Empty(ConstantType element) => new Slice(element, [], 0);

    public static RuntimeList Of(ConstantType element, ImmutableArray<object> items) => new Slice(element, items, 0);

    public static RuntimeList Of(ImmutableArray<PlutusData> items) => new DataSlice(items, 0);

    public static RuntimeList Of(ImmutableArray<KeyValuePair<PlutusData, PlutusData>> entries) => new EntrySlice(entries, 0);

    public static RuntimeList Cons(object head, RuntimeList tail) => new Cell(head, tail);

    private sealed class Slice(ConstantType element, ImmutableArray<object> items, int from) : RuntimeList(element, items.Length - from)
    {
        public override object Head => items[from];

        public override RuntimeList Tail => new Slice(Element, items, from + 1);

        public override RuntimeList Drop(int count) => new Slice(Element, items, from + Math.Min(count, Length));
    }

    private sealed class DataSlice(ImmutableArray<PlutusData> items, int from) : RuntimeList(ConstantTypes.Data, items.Length - from)
    {
        public override object Head => new Constant.Data(items[from]);

        public override RuntimeList Tail => new DataSlice(items, from + 1);

        public override RuntimeList Drop(int count) => new DataSlice(items, from + Math.Min(count, Length));
    }

    private sealed class EntrySlice(ImmutableArray<KeyValuePair<PlutusData, PlutusData>> entries, int from)
        : RuntimeList(ConstantTypes.DataPair, entries.Length - from)
    {
        public override object Head => new RuntimePair(new Constant.Data(entries[from].Key), new Constant.Data(entries[from].Value));

        public override RuntimeList Tail => new EntrySlice(entries, from + 1);
    }

    private sealed class Cell(object head, RuntimeList tail) : RuntimeList(tail.Element, tail.Length + 1)
    {
        public override object Head => head;

        public override RuntimeList Tail => tail;
    }
}

/// <summary>Types of constants, and the way between constants and machine values.</summary>
internal static class ConstantTypes
{
    public static readonly ConstantType Data = new ConstantType.Simple(SimpleType.Data);

    public static readonly ConstantType DataPair = new ConstantType.Pair(Data, Data);

    public static ConstantType Of(Constant constant) =>
        constant switch
        {
            Constant.Integer => new ConstantType.Simple(SimpleType.Integer),
            Constant.ByteString => new ConstantType.Simple(SimpleType.ByteString),
            Constant.String => new ConstantType.Simple(SimpleType.String),
            Constant.Unit => new ConstantType.Simple(SimpleType.Unit),
            Constant.Bool => new ConstantType.Simple(SimpleType.Bool),
            Constant.Data => Data,
            Constant.G1 => new ConstantType.Simple(SimpleType.G1),
            Constant.G2 => new ConstantType.Simple(SimpleType.G2),
            Constant.MlResult => new ConstantType.Simple(SimpleType.MlResult),
            Constant.Tokens => new ConstantType.Simple(SimpleType.Value),
            Constant.List list => new ConstantType.List(list.Element),
            Constant.Array array => new ConstantType.Array(array.Element),
            Constant.Pair pair => new ConstantType.Pair(Of(pair.First), Of(pair.Second)),
            _ => throw new InvalidOperationException($"A constant without a type: {constant.GetType().Name}."),
        };

    /// <summary>The type of a machine value, or null for a closure.</summary>
    public static ConstantType? OfValue(object value) =>
        value switch
        {
            RuntimeList list => new ConstantType.List(list.Element),
            RuntimeArray array => new ConstantType.Array(array.Element),
            RuntimePair pair => OfValue(pair.First) is { } first && OfValue(pair.Second) is { } second ? new ConstantType.Pair(first, second) : null,
            Constant constant => Of(constant),
            _ => null,
        };

    public static object ToValue(Constant constant) =>
        constant switch
        {
            Constant.List list => RuntimeList.Of(list.Element, [.. list.Items.Select(ToValue)]),
            Constant.Array array => new RuntimeArray(array.Element, [.. array.Items.Select(ToValue)]),
            Constant.Pair pair => new RuntimePair(ToValue(pair.First), ToValue(pair.Second)),
            _ => constant,
        };

    public static Constant? ToConstant(object value) =>
        value switch
        {
            RuntimeList list => new Constant.List(list.Element, [.. list.Items().Select(i => ToConstant(i)!)]),
            RuntimeArray array => new Constant.Array(array.Element, [.. array.Items.Select(i => ToConstant(i)!)]),
            RuntimePair pair => new Constant.Pair(ToConstant(pair.First)!, ToConstant(pair.Second)!),
            Constant constant => constant,
            _ => null,
        };
}
