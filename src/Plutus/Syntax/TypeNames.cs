namespace Masumi.Plutus.Syntax;

/// <summary>Names of the types without parameters.</summary>
internal static class TypeNames
{
    public static SimpleType? Find(string name) =>
        name switch
        {
            "integer" => SimpleType.Integer,
            "bytestring" => SimpleType.ByteString,
            "string" => SimpleType.String,
            "unit" => SimpleType.Unit,
            "bool" => SimpleType.Bool,
            "data" => SimpleType.Data,
            "bls12_381_G1_element" => SimpleType.G1,
            "bls12_381_G2_element" => SimpleType.G2,
            "bls12_381_mlresult" => SimpleType.MlResult,
            "value" => SimpleType.Value,
            _ => null,
        };

    public static string Of(SimpleType type) =>
        type switch
        {
            SimpleType.Integer => "integer",
            SimpleType.ByteString => "bytestring",
            SimpleType.String => "string",
            SimpleType.Unit => "unit",
            SimpleType.Bool => "bool",
            SimpleType.Data => "data",
            SimpleType.G1 => "bls12_381_G1_element",
            SimpleType.G2 => "bls12_381_G2_element",
            SimpleType.MlResult => "bls12_381_mlresult",
            SimpleType.Value => "value",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type."),
        };

    public static string Of(ConstantType type) =>
        type switch
        {
            ConstantType.List list => $"(list {Of(list.Element)})",
            ConstantType.Array array => $"(array {Of(array.Element)})",
            ConstantType.Pair pair => $"(pair {Of(pair.First)} {Of(pair.Second)})",
            _ => Of(((ConstantType.Simple)type).Kind),
        };
}
