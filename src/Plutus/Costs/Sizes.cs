using System.Numerics;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Costs;

/// <summary>The memory measure that prices are functions of (spec cardano.md 9.4).</summary>
internal static class Sizes
{
    public static long Of(object value, bool newStrings) =>
        value switch
        {
            Constant.Integer i => Of(i.Value),
            Constant.ByteString b => OfBytes(b.Value.Length),
            Constant.Data d => Of(d.Value),
            Constant.String s => newStrings ? FlatReader.StrictUtf8.GetByteCount(s.Value) / 4 : CodePoints(s.Value),
            RuntimeList list => list.Length,
            RuntimeArray array => array.Items.Length,
            Constant.Tokens v => v.Value.TokenCount,
            _ => 1,
        };

    public static long Of(BigInteger value)
    {
        if (value.IsZero)
        {
            return 1;
        }

        return ((BigInteger.Abs(value).GetBitLength() - 1) / 64) + 1;
    }

    /// <summary>How deep a look-up in a value goes, as insertCoin and lookupCoin are priced.</summary>
    public static long Depth(TokenValue value) => BitLength(value.PolicyCount) + BitLength(value.LargestPolicy);

    /// <summary>Number of nodes, as unValueData is priced.</summary>
    public static long Nodes(PlutusData data)
    {
        var count = 0L;
        var todo = new Stack<PlutusData>();
        todo.Push(data);
        while (todo.TryPop(out var item))
        {
            count++;
            PushChildren(todo, item);
        }

        return count;
    }

    private static int BitLength(int count) => 32 - BitOperations.LeadingZeroCount((uint)count);

    public static long OfBytes(int length) => length == 0 ? 1 : ((length - 1) / 8) + 1;

    public static long Of(PlutusData data)
    {
        var total = 0L;
        var todo = new Stack<PlutusData>();
        todo.Push(data);
        while (todo.TryPop(out var item))
        {
            total += 4;
            switch (item)
            {
                case PlutusData.Integer i:
                    total += Of(i.Value);
                    break;
                case PlutusData.Bytes b:
                    total += OfBytes(b.Value.Length);
                    break;
                default:
                    PushChildren(todo, item);
                    break;
            }
        }

        return total;
    }

    private static void PushChildren(Stack<PlutusData> todo, PlutusData item)
    {
        switch (item)
        {
            case PlutusData.Constr c:
                foreach (var field in c.Fields)
                {
                    todo.Push(field);
                }

                break;
            case PlutusData.List l:
                foreach (var element in l.Items)
                {
                    todo.Push(element);
                }

                break;
            case PlutusData.Map m:
                foreach (var (key, value) in m.Entries)
                {
                    todo.Push(key);
                    todo.Push(value);
                }

                break;
        }
    }

    private static long CodePoints(string text)
    {
        var count = 0L;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
