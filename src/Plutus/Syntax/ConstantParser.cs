using System.Collections.Immutable;
using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Syntax;

/// <summary>Reads the type of a constant, then a value of it. Recursion follows the type, whose size is limited as flat limits it.</summary>
internal sealed class ConstantParser(Scanner scanner)
{
    private int _tags;

    public Constant Typed() => Value(Type(), outermost: true);

    private ConstantType Type()
    {
        scanner.Next();
        var at = scanner.Position;
        if (!scanner.Take('('))
        {
            Count(1, at);
            var name = scanner.Word();
            return new ConstantType.Simple(
                TypeNames.Find(name) ?? throw scanner.Wrong(name.Length == 0 ? "expected a type" : $"'{name}' is no type of constants", at)
            );
        }

        ConstantType type;
        switch (scanner.Word())
        {
            case "list":
                Count(2, at);
                type = new ConstantType.List(Type());
                break;
            case "array":
                Count(2, at);
                type = new ConstantType.Array(Type());
                break;
            case "pair":
                Count(3, at);
                var first = Type();
                type = new ConstantType.Pair(first, Type());
                break;
            default:
                throw scanner.Wrong("expected 'list', 'array' or 'pair'", at);
        }

        scanner.Expect(')');
        return type;
    }

    private void Count(int tags, int at)
    {
        if ((_tags += tags) > ConstantType.MaxNodes)
        {
            throw scanner.Wrong($"a constant type of more than {ConstantType.MaxNodes} tags", at);
        }
    }

    private Constant Value(ConstantType type, bool outermost)
    {
        switch (type)
        {
            case ConstantType.List list:
                return new Constant.List(list.Element, Items(list.Element));
            case ConstantType.Array array:
                return new Constant.Array(array.Element, Items(array.Element));
            case ConstantType.Pair pair:
            {
                scanner.Expect('(');
                var first = Value(pair.First, outermost: false);
                scanner.Expect(',');
                var second = Value(pair.Second, outermost: false);
                scanner.Expect(')');
                return new Constant.Pair(first, second);
            }

            default:
                return Simple(((ConstantType.Simple)type).Kind, outermost);
        }
    }

    private ImmutableArray<Constant> Items(ConstantType element)
    {
        scanner.Expect('[');
        if (scanner.Take(']'))
        {
            return [];
        }

        var items = ImmutableArray.CreateBuilder<Constant>();
        do
        {
            items.Add(Value(element, outermost: false));
        } while (scanner.Take(','));

        scanner.Expect(']');
        return items.ToImmutable();
    }

    private Constant Simple(SimpleType kind, bool outermost)
    {
        switch (kind)
        {
            case SimpleType.Integer:
                return new Constant.Integer(scanner.Integer());
            case SimpleType.ByteString:
                return new Constant.ByteString(scanner.Hex("#"));
            case SimpleType.String:
                return new Constant.String(StringLiteral.Read(scanner));
            case SimpleType.Unit:
                scanner.Next();
                if (!scanner.At("()"))
                {
                    throw scanner.Expected("'()'");
                }

                scanner.Skip(2);
                return Constant.UnitValue;
            case SimpleType.Bool:
            {
                scanner.Next();
                var at = scanner.Position;
                return scanner.Word() switch
                {
                    "True" => new Constant.Bool(true),
                    "False" => new Constant.Bool(false),
                    _ => throw scanner.Wrong("expected 'True' or 'False'", at),
                };
            }

            case SimpleType.Data:
            {
                // Only a data constant that stands alone is in parentheses.
                if (outermost)
                {
                    scanner.Expect('(');
                }

                var data = DataParser.Read(scanner);
                if (outermost)
                {
                    scanner.Expect(')');
                }

                return new Constant.Data(data);
            }

            case SimpleType.G1:
            {
                scanner.Next();
                var at = scanner.Position;
                return G1Element.TryUncompress(scanner.Hex("0x"), out var element, out var refusal)
                    ? new Constant.G1(element)
                    : throw scanner.Wrong($"no element of G1: {refusal}", at);
            }

            case SimpleType.G2:
            {
                scanner.Next();
                var at = scanner.Position;
                return G2Element.TryUncompress(scanner.Hex("0x"), out var element, out var refusal)
                    ? new Constant.G2(element)
                    : throw scanner.Wrong($"no element of G2: {refusal}", at);
            }

            case SimpleType.Value:
                return new Constant.Tokens(Tokens());
            default:
                throw scanner.Wrong("there are no constants of this type");
        }
    }

    // [(#policy, [(#token, quantity), ...]), ...] in strict order.
    private TokenValue Tokens()
    {
        var builder = new TokenValue.Builder();
        scanner.Expect('[');
        if (scanner.Take(']'))
        {
            return builder.Build();
        }

        do
        {
            scanner.Expect('(');
            var policy = scanner.Hex("#");
            scanner.Expect(',');
            scanner.Expect('[');
            do
            {
                scanner.Expect('(');
                var at = scanner.Position;
                var token = scanner.Hex("#");
                scanner.Expect(',');
                if (builder.Add(policy, token, scanner.Integer()) is { } refusal)
                {
                    throw scanner.Wrong($"a value with {refusal}", at);
                }

                scanner.Expect(')');
            } while (scanner.Take(','));

            builder.Close();
            scanner.Expect(']');
            scanner.Expect(')');
        } while (scanner.Take(','));

        scanner.Expect(']');
        return builder.Build();
    }
}
