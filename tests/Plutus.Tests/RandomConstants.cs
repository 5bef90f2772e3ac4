using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Bls12381;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>Random programs of every term kind and constants of every type; what they mean does not matter, they need not even be closed.</summary>
internal sealed class RandomConstants(Random random, bool withGroupElements)
{
    private static readonly SimpleType[] FlatTypes =
    [
        SimpleType.Integer,
        SimpleType.ByteString,
        SimpleType.String,
        SimpleType.Unit,
        SimpleType.Bool,
        SimpleType.Data,
        SimpleType.Value,
    ];

    public UplcProgram Program(int size) => new(1, 1, random.Next(3), Term(size, 0));

    public Term Term(int size, int depth)
    {
        if (size <= 1)
        {
            return random.Next(4) switch
            {
                0 when depth > 0 => new Term.Var(random.Next(1, depth + 1)),
                1 => new Term.Error(),
                2 => new Term.Builtin((BuiltinFunction)random.Next((int)BuiltinFunction.ScaleValue + 1)),
                _ => new Term.Const(Constant(Type(3))),
            };
        }

        return random.Next(6) switch
        {
            0 => new Term.Lam(Term(size - 1, depth + 1)),
            1 => new Term.Delay(Term(size - 1, depth)),
            2 => new Term.Force(Term(size - 1, depth)),
            3 => new Term.Constr((ulong)random.NextInt64(), Terms(size, depth)),
            4 => new Term.Case(Term(size / 2, depth), Terms(size / 2, depth)),
            _ => new Term.Apply(Term(size / 2, depth), Term(size / 2, depth)),
        };
    }

    private ImmutableArray<Term> Terms(int size, int depth)
    {
        var count = random.Next(4);
        return [.. Enumerable.Range(0, count).Select(_ => Term(size / Math.Max(1, count), depth))];
    }

    private ConstantType Type(int depth) =>
        depth == 0 || random.Next(2) == 0
            ? new ConstantType.Simple(
                withGroupElements && random.Next(8) == 0 ? (random.Next(2) == 0 ? SimpleType.G1 : SimpleType.G2) : FlatTypes[random.Next(FlatTypes.Length)]
            )
            : random.Next(3) switch
            {
                0 => new ConstantType.List(Type(depth - 1)),
                1 => new ConstantType.Array(Type(depth - 1)),
                _ => new ConstantType.Pair(Type(depth - 1), Type(depth - 1)),
            };

    private Constant Constant(ConstantType type) =>
        type switch
        {
            ConstantType.List l => new Constant.List(l.Element, Constants(l.Element)),
            ConstantType.Array a => new Constant.Array(a.Element, Constants(a.Element)),
            ConstantType.Pair p => new Constant.Pair(Constant(p.First), Constant(p.Second)),
            _ => Simple(((ConstantType.Simple)type).Kind),
        };

    private ImmutableArray<Constant> Constants(ConstantType element) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Constant(element))];

    private Constant Simple(SimpleType type) =>
        type switch
        {
            SimpleType.Integer => new Constant.Integer(Integer()),
            SimpleType.ByteString => new Constant.ByteString(Bytes(random.Next(3) == 0 ? 600 : 40)),
            SimpleType.String => new Constant.String(Text()),
            SimpleType.Unit => Plutus.Syntax.Constant.UnitValue,
            SimpleType.Bool => new Constant.Bool(random.Next(2) == 0),
            SimpleType.Data => new Constant.Data(Data(3)),
            SimpleType.Value => new Constant.Tokens(Tokens()),
            SimpleType.G1 => new Constant.G1(G1Element.Zero),
            _ => new Constant.G2(G2Element.Zero),
        };

    public BigInteger Integer()
    {
        var magnitude = new BigInteger(Bytes(random.Next(4) == 0 ? 100 : 9), isUnsigned: true);
        return random.Next(2) == 0 ? magnitude : -magnitude;
    }

    public TokenValue Tokens()
    {
        var value = TokenValue.Empty;
        for (var i = random.Next(6); i > 0; i--)
        {
            value = value.With(Bytes(3), Bytes(32), TokenValue.Quantity(Integer()) ?? Int128.MinValue);
        }

        return value;
    }

    public PlutusData Data(int depth) =>
        random.Next(depth == 0 ? 2 : 5) switch
        {
            0 => PlutusData.I(Integer()),
            1 => PlutusData.B(Bytes(150)),
            2 => new PlutusData.List([.. Enumerable.Range(0, random.Next(4)).Select(_ => Data(depth - 1))]),
            3 => new PlutusData.Map([.. Enumerable.Range(0, random.Next(4)).Select(_ => KeyValuePair.Create(Data(depth - 1), Data(depth - 1)))]),
            _ => new PlutusData.Constr((ulong)random.Next(300), [.. Enumerable.Range(0, random.Next(4)).Select(_ => Data(depth - 1))]),
        };

    private byte[] Bytes(int atMost)
    {
        var bytes = new byte[random.Next(atMost + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (var i = random.Next(12); i > 0; i--)
        {
            // Control characters, quotes, digits and letters beside each other, and the rest of Unicode.
            var rune = random.Next(3) switch
            {
                0 => new Rune(random.Next(0x20)),
                1 => new Rune(random.Next(0x20, 0x100)),
                _ => Rune.IsValid(random.Next(0x110000)) ? new Rune(0x1F600 + random.Next(40)) : new Rune('"'),
            };
            text.Append(rune.ToString());
            text.Append("\\\"'07H"[random.Next(6)]);
        }

        return text.ToString();
    }
}
