using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using Masumi.Cardano.Scripts;

namespace Masumi.Plutus.Syntax;

/// <summary>Writes constants with their types. Recursion follows the type; data has a stack of its own.</summary>
internal sealed class ConstantPrinter(StringBuilder text, int maxLength)
{
    public void Typed(Constant constant)
    {
        text.Append(TypeNames.Of(ConstantType.Of(constant))).Append(' ');
        if (constant is Constant.Data data)
        {
            text.Append('(');
            Data(data.Value);
            text.Append(')');
        }
        else
        {
            Value(constant);
        }
    }

    private void Value(Constant constant)
    {
        switch (constant)
        {
            case Constant.Integer i:
                Integer(i.Value);
                break;
            case Constant.ByteString b:
                Hex(b.Value.Span);
                break;
            case Constant.String s:
                StringLiteral.Write(s.Value, text);
                break;
            case Constant.Unit:
                text.Append("()");
                break;
            case Constant.Bool b:
                text.Append(b.Value ? "True" : "False");
                break;
            case Constant.Data d:
                Data(d.Value);
                break;
            case Constant.G1 g:
                text.Append(g.Value);
                break;
            case Constant.G2 g:
                text.Append(g.Value);
                break;
            case Constant.MlResult:
                // There is no notation for these; the Plutus tools write the same.
                text.Append("<opaque>");
                break;
            case Constant.Tokens t:
                Tokens(t.Value);
                break;
            case Constant.List l:
                Items(l.Items);
                break;
            case Constant.Array a:
                Items(a.Items);
                break;
            case Constant.Pair p:
                text.Append('(');
                Value(p.First);
                text.Append(", ");
                Value(p.Second);
                text.Append(')');
                break;
            default:
                throw new InvalidOperationException($"Not a constant: {constant.GetType().Name}.");
        }

        Check();
    }

    private void Items(ImmutableArray<Constant> items)
    {
        text.Append('[');
        for (var i = 0; i < items.Length; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Value(items[i]);
        }

        text.Append(']');
    }

    private void Tokens(TokenValue value)
    {
        text.Append('[');
        var policySeparator = "";
        foreach (var (policy, tokens) in value.Policies)
        {
            text.Append(policySeparator).Append('(');
            Hex(policy.Span);
            text.Append(", [");
            var separator = "";
            foreach (var (token, quantity) in tokens)
            {
                text.Append(separator).Append('(');
                Hex(token.Span);
                text.Append(CultureInfo.InvariantCulture, $", {quantity})");
                separator = ", ";
            }

            text.Append("])");
            policySeparator = ", ";
        }

        text.Append(']');
    }

    private void Data(PlutusData root)
    {
        // What is still to be written: data, or the text between.
        var todo = new Stack<object>();
        todo.Push(root);
        while (todo.TryPop(out var item))
        {
            switch (item)
            {
                case string between:
                    text.Append(between);
                    break;
                case PlutusData.Integer i:
                    text.Append("I ");
                    Integer(i.Value);
                    break;
                case PlutusData.Bytes b:
                    text.Append("B ");
                    Hex(b.Value.Span);
                    break;
                case PlutusData.Constr c:
                    text.Append(CultureInfo.InvariantCulture, $"Constr {c.Tag} [");
                    PushAll(todo, c.Fields);
                    break;
                case PlutusData.List l:
                    text.Append("List [");
                    PushAll(todo, l.Items);
                    break;
                case PlutusData.Map m:
                    text.Append("Map [");
                    todo.Push("]");
                    for (var i = m.Entries.Length - 1; i >= 0; i--)
                    {
                        todo.Push(")");
                        todo.Push(m.Entries[i].Value);
                        todo.Push(", ");
                        todo.Push(m.Entries[i].Key);
                        todo.Push(i == 0 ? "(" : ", (");
                    }

                    break;
            }

            Check();
        }
    }

    private static void PushAll(Stack<object> todo, ImmutableArray<PlutusData> items)
    {
        todo.Push("]");
        for (var i = items.Length - 1; i >= 0; i--)
        {
            todo.Push(items[i]);
            if (i > 0)
            {
                todo.Push(", ");
            }
        }
    }

    private void Integer(BigInteger value)
    {
        // As many decimal digits as the bits need, or one more.
        if (value.GetBitLength() * 0.30103 > UplcText.MaxDigits)
        {
            throw new FormatException($"An integer of {value.GetBitLength()} bits is too long to be written in decimal.");
        }

        text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    private void Hex(ReadOnlySpan<byte> bytes) => text.Append('#').Append(Convert.ToHexStringLower(bytes));

    private void Check()
    {
        if (text.Length > maxLength)
        {
            throw new FormatException($"The text of the term would be longer than {maxLength} characters.");
        }
    }
}
