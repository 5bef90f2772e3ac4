using System.Numerics;
using Masumi.Plutus;

namespace Masumi.Contracts.OnChain;

/// <summary>
/// The flat form (spec cardano.md 9.1) of the terms our compiler emits. Independent of the decoder that nodes use, so that each checks
/// the other.
/// </summary>
internal sealed class FlatWriter
{
    private readonly List<byte> _bytes = [];
    private int _free;

    public static byte[] Encode(UplcProgram program)
    {
        var writer = new FlatWriter();
        writer.Natural(program.Major);
        writer.Natural(program.Minor);
        writer.Natural(program.Patch);
        writer.Write(program.Term);
        writer.Pad();
        return [.. writer._bytes];
    }

    private void Write(Term term)
    {
        switch (term)
        {
            case Term.Var v:
                Bits(0, 4);
                Natural(v.Index);
                break;
            case Term.Delay d:
                Bits(1, 4);
                Write(d.Body);
                break;
            case Term.Lam l:
                Bits(2, 4);
                Write(l.Body);
                break;
            case Term.Apply a:
                Bits(3, 4);
                Write(a.Function);
                Write(a.Argument);
                break;
            case Term.Const c:
                Bits(4, 4);
                Write(c.Value);
                break;
            case Term.Force f:
                Bits(5, 4);
                Write(f.Body);
                break;
            case Term.Error:
                Bits(6, 4);
                break;
            case Term.Builtin b:
                Bits(7, 4);
                Bits((int)b.Function, 7);
                break;
            case Term.Constr c:
                Bits(8, 4);
                Natural(c.Tag);
                Write(c.Fields);
                break;
            case Term.Case c:
                Bits(9, 4);
                Write(c.Scrutinee);
                Write(c.Branches);
                break;
            default:
                throw new ArgumentException($"Not a term: {term}.", nameof(term));
        }
    }

    private void Write(IEnumerable<Term> terms)
    {
        foreach (var term in terms)
        {
            Bits(1, 1);
            Write(term);
        }

        Bits(0, 1);
    }

    private void Write(Constant constant)
    {
        switch (constant)
        {
            case Constant.Integer i:
                Type(0);
                Natural(i.Value.Sign < 0 ? -2 * i.Value - 1 : 2 * i.Value);
                break;
            case Constant.ByteString b:
                Type(1);
                Bytes(b.Value.Span);
                break;
            case Constant.String s:
                Type(2);
                Bytes(System.Text.Encoding.UTF8.GetBytes(s.Value));
                break;
            case Constant.Unit:
                Type(3);
                break;
            case Constant.Bool b:
                Type(4);
                Bits(b.Value ? 1 : 0, 1);
                break;
            case Constant.Data d:
                Type(8);
                Bytes(d.Value.ToCbor());
                break;
            case Constant.List { Items.IsEmpty: true, Element: ConstantType.Simple(SimpleType.Data) }:
                Type(7, 5, 8);
                Bits(0, 1);
                break;
            case Constant.List { Items.IsEmpty: true, Element: ConstantType.Pair(ConstantType.Simple(SimpleType.Data), ConstantType.Simple(SimpleType.Data)) }:
                Type(7, 5, 7, 7, 6, 8, 8);
                Bits(0, 1);
                break;
            default:
                throw new ArgumentException($"The compiler emits no such constant: {constant}.", nameof(constant));
        }
    }

    private void Type(params ReadOnlySpan<int> tags)
    {
        foreach (var tag in tags)
        {
            Bits(1, 1);
            Bits(tag, 4);
        }

        Bits(0, 1);
    }

    private void Natural(BigInteger value)
    {
        do
        {
            var group = (int)(value & 0x7f);
            value >>= 7;
            Bits(value.IsZero ? group : group | 0x80, 8);
        }
        while (!value.IsZero);
    }

    private void Bytes(ReadOnlySpan<byte> value)
    {
        Pad();
        for (; !value.IsEmpty; value = value[Math.Min(255, value.Length)..])
        {
            var chunk = value[..Math.Min(255, value.Length)];
            _bytes.Add((byte)chunk.Length);
            _bytes.AddRange(chunk);
        }

        _bytes.Add(0);
    }

    /// <summary>Zeros, then a one that ends a byte; a whole byte when aligned.</summary>
    private void Pad() => Bits(1, _free == 0 ? 8 : _free);

    private void Bits(int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            if (_free == 0)
            {
                _bytes.Add(0);
                _free = 8;
            }

            _free--;
            _bytes[^1] |= (byte)((value >> i & 1) << _free);
        }
    }
}
