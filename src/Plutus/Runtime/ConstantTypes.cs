using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Runtime;

/// <summary>The way between constants and machine values.</summary>
internal static class ConstantTypes
{
    /// <summary>The type of a machine value, or null for a closure.</summary>
    public static ConstantType? OfValue(object value) =>
        value switch
        {
            RuntimeList list => new ConstantType.List(list.Element),
            RuntimeArray array => new ConstantType.Array(array.Element),
            RuntimePair pair => OfValue(pair.First) is { } first && OfValue(pair.Second) is { } second ? new ConstantType.Pair(first, second) : null,
            Constant constant => ConstantType.Of(constant),
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
