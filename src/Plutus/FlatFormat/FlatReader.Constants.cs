using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.FlatFormat;

/// <summary>Constants: a type, then a value of it.</summary>
internal ref partial struct FlatReader
{
    public Constant ReadConstant(int maxTypeSize)
    {
        // Nearly all constants are of a type without parameters, which is one tag.
        var at = Position;
        if (Bit() && Bits(4) is var tag and not 7 && !Bit() && IsSimple(tag))
        {
            return Simple((SimpleType)tag);
        }

        Position = at;
        var tags = new List<int>();
        while (Bit())
        {
            tags.Add(Bits(4));
            if (tags.Count > maxTypeSize)
            {
                throw new FormatException($"Flat: a constant type of more than {maxTypeSize} tags (bit {Position}).");
            }
        }

        var next = 0;
        var type = Type(tags, ref next, 0);
        return next == tags.Count ? Value(type) : throw new FormatException("Flat: a constant type with something left over.");
    }

    private static bool IsSimple(int tag) => tag is <= 4 or 8 or 9 or 10 or 11 or 13;

    private static ConstantType Type(List<int> tags, ref int next, int depth)
    {
        if (next >= tags.Count || depth > 32)
        {
            throw new FormatException("Flat: an unfinished constant type.");
        }

        var tag = tags[next++];
        switch (tag)
        {
            case var _ when IsSimple(tag):
                return new ConstantType.Simple((SimpleType)tag);
            case 7 when next < tags.Count && tags[next] is 5 or 12:
                var isList = tags[next++] == 5;
                var element = Type(tags, ref next, depth + 1);
                return isList ? new ConstantType.List(element) : new ConstantType.Array(element);
            case 7 when next + 1 < tags.Count && tags[next] == 7 && tags[next + 1] == 6:
                next += 2;
                var first = Type(tags, ref next, depth + 1);
                return new ConstantType.Pair(first, Type(tags, ref next, depth + 1));
            default:
                throw new FormatException($"Flat: the constant type tag {tag} is not allowed here.");
        }
    }

    private Constant Value(ConstantType type)
    {
        switch (type)
        {
            case ConstantType.List list:
                return new Constant.List(list.Element, Items(list.Element));
            case ConstantType.Array array:
                return new Constant.Array(array.Element, Items(array.Element));
            case ConstantType.Pair pair:
                var first = Value(pair.First);
                return new Constant.Pair(first, Value(pair.Second));
            default:
                return Simple(((ConstantType.Simple)type).Kind);
        }
    }

    private Constant Simple(SimpleType kind)
    {
        switch (kind)
        {
            case SimpleType.Integer:
                return new Constant.Integer(Integer());
            case SimpleType.ByteString:
                return new Constant.ByteString(ByteString());
            case SimpleType.String:
                return new Constant.String(Utf8(ByteString()));
            case SimpleType.Unit:
                return Constant.UnitValue;
            case SimpleType.Bool:
                return new Constant.Bool(Bit());
            case SimpleType.Data:
                try
                {
                    return new Constant.Data(PlutusData.FromCbor(ByteString()));
                }
                catch (CborFormatException e)
                {
                    throw new FormatException("Flat: a data constant that is no Plutus data. " + e.Message, e);
                }

            case SimpleType.Value:
                return new Constant.Tokens(Tokens());
            default:
                throw new FormatException($"Flat: constants of type {kind} cannot be read.");
        }
    }

    // A list of policies with lists of tokens with quantities, in strict order.
    private TokenValue Tokens()
    {
        var builder = new TokenValue.Builder();
        while (Bit())
        {
            var policy = ByteString();
            var empty = true;
            while (Bit())
            {
                empty = false;
                var token = ByteString();
                if (builder.Add(policy, token, Integer()) is { } refusal)
                {
                    throw new FormatException($"Flat: a value with {refusal} (bit {Position}).");
                }
            }

            if (empty)
            {
                throw new FormatException($"Flat: a value with a policy without tokens (bit {Position}).");
            }

            builder.Close();
        }

        return builder.Build();
    }

    private ImmutableArray<Constant> Items(ConstantType element)
    {
        var items = ImmutableArray.CreateBuilder<Constant>();
        while (Bit())
        {
            items.Add(Value(element));
        }

        return items.ToImmutable();
    }

    private static string Utf8(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("Flat: a text constant that is no UTF-8.", e);
        }
    }

    internal static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
}
