using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Runtime;

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

    private sealed class DataSlice(ImmutableArray<PlutusData> items, int from) : RuntimeList(ConstantType.Data, items.Length - from)
    {
        public override object Head => new Constant.Data(items[from]);

        public override RuntimeList Tail => new DataSlice(items, from + 1);

        public override RuntimeList Drop(int count) => new DataSlice(items, from + Math.Min(count, Length));
    }

    private sealed class EntrySlice(ImmutableArray<KeyValuePair<PlutusData, PlutusData>> entries, int from)
        : RuntimeList(ConstantType.DataPair, entries.Length - from)
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
