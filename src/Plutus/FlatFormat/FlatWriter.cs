using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.FlatFormat;

/// <summary>Writes a bit stream, most significant bit first.</summary>
internal sealed class FlatWriter
{
    private readonly List<byte> _bytes = [];
    private int _held;
    private int _count;

    public void Bit(bool bit)
    {
        _held = (_held << 1) | (bit ? 1 : 0);
        if (++_count == 8)
        {
            _bytes.Add((byte)_held);
            _held = 0;
            _count = 0;
        }
    }

    public void Bits(int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            Bit(((value >> i) & 1) != 0);
        }
    }

    public void Natural(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            Bits(0x80 | (int)(value & 0x7f), 8);
        }

        Bits((int)value, 8);
    }

    public void Integer(BigInteger value)
    {
        // Zigzag, then groups of seven bits; taken from the bytes, so that long numbers stay linear.
        var zigzag = value.Sign < 0 ? (-value * 2) - 1 : value * 2;
        var bytes = zigzag.ToByteArray(isUnsigned: true);
        var groups = Math.Max(1, (int)((zigzag.GetBitLength() + 6) / 7));
        for (var i = 0; i < groups; i++)
        {
            var bit = i * 7L;
            var at = (int)(bit / 8);
            var window = bytes[at] | (at + 1 < bytes.Length ? bytes[at + 1] << 8 : 0);
            Bits((i + 1 < groups ? 0x80 : 0) | ((window >> (int)(bit % 8)) & 0x7f), 8);
        }
    }

    public void Fill()
    {
        while (_count != 7)
        {
            Bit(false);
        }

        Bit(true);
    }

    public byte[] ToArray() => [.. _bytes];

    public void WriteConstant(Constant constant)
    {
        foreach (var tag in Tags(ConstantType.Of(constant)))
        {
            Bit(true);
            Bits(tag, 4);
        }

        Bit(false);
        Value(constant);
    }

    private static IEnumerable<int> Tags(ConstantType type) =>
        type switch
        {
            ConstantType.List list => [7, 5, .. Tags(list.Element)],
            ConstantType.Array array => [7, 12, .. Tags(array.Element)],
            ConstantType.Pair pair => [7, 7, 6, .. Tags(pair.First), .. Tags(pair.Second)],
            _ => [(int)((ConstantType.Simple)type).Kind],
        };

    private void Value(Constant constant)
    {
        switch (constant)
        {
            case Constant.Integer i:
                Integer(i.Value);
                break;
            case Constant.ByteString b:
                Bytes(b.Value.Span);
                break;
            case Constant.String s:
                Bytes(Encoding.UTF8.GetBytes(s.Value));
                break;
            case Constant.Unit:
                break;
            case Constant.Bool b:
                Bit(b.Value);
                break;
            case Constant.Data d:
                Bytes(d.Value.ToCbor());
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
                Value(p.First);
                Value(p.Second);
                break;
            default:
                throw new FormatException($"Flat carries no constants of type {constant.GetType().Name}.");
        }
    }

    private void Tokens(TokenValue value)
    {
        foreach (var (policy, tokens) in value.Policies)
        {
            Bit(true);
            Bytes(policy.Span);
            foreach (var (token, quantity) in tokens)
            {
                Bit(true);
                Bytes(token.Span);
                Integer(quantity);
            }

            Bit(false);
        }

        Bit(false);
    }

    private void Items(ImmutableArray<Constant> items)
    {
        foreach (var item in items)
        {
            Bit(true);
            Value(item);
        }

        Bit(false);
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        Fill();
        while (!bytes.IsEmpty)
        {
            var chunk = bytes[..Math.Min(255, bytes.Length)];
            _bytes.Add((byte)chunk.Length);
            _bytes.AddRange(chunk);
            bytes = bytes[chunk.Length..];
        }

        _bytes.Add(0);
    }
}
