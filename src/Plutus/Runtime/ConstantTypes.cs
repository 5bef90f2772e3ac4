using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Runtime;

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
