using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Masumi.Cardano;

namespace Masumi.Plutus;

/// <summary>The flat binary form of programs (spec cardano.md 9.1). Nesting is limited by memory, never by the stack.</summary>
public static class Flat
{
    /// <summary>Most fields of a constructor term that are read (PV11).</summary>
    internal const int MaxConstrFields = 1024;

    /// <summary>Largest constant type, in nodes, that is read (PV11).</summary>
    internal const int MaxTypeSize = 32;

    /// <summary>Encodes a program, padded to a byte boundary.</summary>
    public static byte[] Encode(UplcProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var writer = new FlatWriter();
        writer.Natural((ulong)program.Major);
        writer.Natural((ulong)program.Minor);
        writer.Natural((ulong)program.Patch);
        var todo = new Stack<Term?>();
        todo.Push(program.Term);
        while (todo.TryPop(out var term))
        {
            // A null ends a list of terms; a non-null inside a list carries its continuation bit in front.
            switch (term)
            {
                case null:
                    writer.Bit(false);
                    break;
                case ListItem item:
                    writer.Bit(true);
                    todo.Push(item.Inner);
                    break;
                case Term.Var v:
                    writer.Bits(0, 4);
                    writer.Natural((ulong)v.Index);
                    break;
                case Term.Delay delay:
                    writer.Bits(1, 4);
                    todo.Push(delay.Body);
                    break;
                case Term.Lam lambda:
                    writer.Bits(2, 4);
                    todo.Push(lambda.Body);
                    break;
                case Term.Apply apply:
                    writer.Bits(3, 4);
                    todo.Push(apply.Argument);
                    todo.Push(apply.Function);
                    break;
                case Term.Const constant:
                    writer.Bits(4, 4);
                    writer.WriteConstant(constant.Value);
                    break;
                case Term.Force force:
                    writer.Bits(5, 4);
                    todo.Push(force.Body);
                    break;
                case Term.Error:
                    writer.Bits(6, 4);
                    break;
                case Term.Builtin builtin:
                    writer.Bits(7, 4);
                    writer.Bits((int)builtin.Function, 7);
                    break;
                case Term.Constr constr:
                    writer.Bits(8, 4);
                    writer.Natural(constr.Tag);
                    PushList(todo, constr.Fields);
                    break;
                case Term.Case @case:
                    writer.Bits(9, 4);
                    PushList(todo, @case.Branches);
                    todo.Push(@case.Scrutinee);
                    break;
                default:
                    throw new InvalidOperationException($"A term without a flat form: {term.GetType().Name}.");
            }
        }

        writer.Fill();
        return writer.ToArray();
    }

    /// <summary>Decodes; throws <see cref="FormatException"/> with the bit position for anything malformed, trailing bytes included.</summary>
    public static UplcProgram Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new FlatReader(bytes);
        var major = reader.SmallNatural();
        var minor = reader.SmallNatural();
        var patch = reader.SmallNatural();
        var allowsConstr = major > 1 || (major == 1 && minor >= 1);
        var open = new Stack<Frame>();
        while (true)
        {
            var done = ReadHead(ref reader, open, allowsConstr);
            while (done is not null)
            {
                if (!open.TryPeek(out var parent))
                {
                    reader.Filler();
                    return reader.AtEnd
                        ? new UplcProgram(major, minor, patch, done)
                        : throw new FormatException($"Flat: the program ends at bit {reader.Position}, but there is more.");
                }

                parent.Children.Add(done);
                done = parent.TryClose(ref reader) ? open.Pop().Close() : null;
            }
        }
    }

    private static Term? ReadHead(ref FlatReader reader, Stack<Frame> open, bool allowsConstr)
    {
        var at = reader.Position;
        var tag = reader.Bits(4);
        switch (tag)
        {
            case 0:
                return new Term.Var(reader.SmallNatural());
            case 4:
                return new Term.Const(reader.ReadConstant(MaxTypeSize));
            case 6:
                return new Term.Error();
            case 7:
                return new Term.Builtin(BuiltinOf(reader.Bits(7), at));
            case 1 or 2 or 3 or 5:
                open.Push(new Frame(tag, 0, tag == 3 ? 2 : 1));
                return null;
            case 8 when allowsConstr:
            {
                var frame = new Frame(tag, reader.Natural64(), -1);
                if (frame.TryClose(ref reader))
                {
                    return frame.Close();
                }

                open.Push(frame);
                return null;
            }

            case 9 when allowsConstr:
                open.Push(new Frame(tag, 0, -1));
                return null;
            default:
                throw new FormatException($"Flat: the term tag {tag} is not allowed here (bit {at}).");
        }
    }

    internal static BuiltinFunction BuiltinOf(int tag, long at) =>
        tag <= (int)BuiltinFunction.ScaleValue ? (BuiltinFunction)tag : throw new FormatException($"Flat: no builtin has the tag {tag} (bit {at}).");

    private static void PushList(Stack<Term?> todo, ImmutableArray<Term> terms)
    {
        todo.Push(null);
        for (var i = terms.Length - 1; i >= 0; i--)
        {
            todo.Push(new ListItem(terms[i]));
        }
    }

    /// <summary>A term being put together.</summary>
    private sealed class Frame(int tag, ulong constrTag, int arity)
    {
        public List<Term> Children { get; } = [];

        public bool TryClose(ref FlatReader reader)
        {
            if (arity >= 0)
            {
                return Children.Count == arity;
            }

            // A case reads its scrutinee first, then the list of branches.
            if (tag == 9 && Children.Count == 0)
            {
                return false;
            }

            if (!reader.Bit())
            {
                return true;
            }

            return Children.Count <= MaxConstrFields ? false : throw new FormatException($"Flat: more than {MaxConstrFields} fields or branches.");
        }

        public Term Close() =>
            tag switch
            {
                1 => new Term.Delay(Children[0]),
                2 => new Term.Lam(Children[0]),
                3 => new Term.Apply(Children[0], Children[1]),
                5 => new Term.Force(Children[0]),
                8 => new Term.Constr(constrTag, [.. Children]),
                _ => new Term.Case(Children[0], [.. Children.Skip(1)]),
            };
    }
}

/// <summary>Marks an element of a list of terms on the encoder's stack.</summary>
internal sealed record ListItem(Term Inner) : Term;

/// <summary>A bit stream, most significant bit first.</summary>
internal ref struct FlatReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public long Position { get; private set; }

    public readonly bool AtEnd => Position == (long)_bytes.Length * 8;

    public bool Bit()
    {
        var index = (int)(Position >> 3);
        if (index >= _bytes.Length)
        {
            throw Ends();
        }

        var bit = (_bytes[index] >> (7 - (int)(Position & 7))) & 1;
        Position++;
        return bit != 0;
    }

    /// <summary>At most eight bits.</summary>
    public int Bits(int count)
    {
        var index = (int)(Position >> 3);
        var window = 0;
        if (index + 1 < _bytes.Length)
        {
            window = (_bytes[index] << 8) | _bytes[index + 1];
        }
        else if (Position + count <= (long)_bytes.Length * 8)
        {
            window = _bytes[index] << 8;
        }
        else
        {
            throw Ends();
        }

        window = (window >> (16 - (int)(Position & 7) - count)) & ((1 << count) - 1);
        Position += count;
        return window;
    }

    public int SmallNatural()
    {
        // Nearly all numbers in programs are below 128.
        var at = Position;
        var first = Bits(8);
        if (first < 128)
        {
            return first;
        }

        Position = at;
        return Natural64() is var n && n <= int.MaxValue ? (int)n : throw new FormatException($"Flat: a number too large (bit {Position}).");
    }

    public ulong Natural64()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Bits(8);
            var group = (ulong)(next & 0x7f);
            if (shift >= 63 && (shift > 63 || group > 1))
            {
                throw new FormatException($"Flat: a number over 64 bits (bit {Position}).");
            }

            value |= group << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }

    private readonly FormatException Ends() => new($"Flat: ends at bit {Position}.");

    public BigInteger Integer()
    {
        var first = Bits(8);
        if (first < 128)
        {
            return (first >> 1) ^ -(first & 1);
        }

        Position -= 8;

        // Groups arrive least significant first; gathering them as bytes keeps long numbers linear.
        var groups = new List<byte>();
        bool more;
        do
        {
            more = Bit();
            groups.Add((byte)Bits(7));
        } while (more);

        var packed = new byte[((groups.Count * 7) / 8) + 1];
        for (var i = 0; i < groups.Count; i++)
        {
            var bit = i * 7;
            packed[bit / 8] |= (byte)(groups[i] << (bit % 8));
            if (bit % 8 > 1)
            {
                packed[(bit / 8) + 1] |= (byte)(groups[i] >> (8 - (bit % 8)));
            }
        }

        var zigzag = new BigInteger(packed, isUnsigned: true);
        return zigzag.IsEven ? zigzag >> 1 : -((zigzag + 1) >> 1);
    }

    public byte[] ByteString()
    {
        Filler();
        var index = (int)(Position >> 3);
        var all = new List<byte>();
        while (true)
        {
            if (index >= _bytes.Length)
            {
                throw new FormatException("Flat: ends inside a byte string.");
            }

            var length = _bytes[index++];
            if (length == 0)
            {
                break;
            }

            if (index + length > _bytes.Length)
            {
                throw new FormatException("Flat: ends inside a byte string.");
            }

            all.AddRange(_bytes.Slice(index, length));
            index += length;
        }

        Position = (long)index * 8;
        return [.. all];
    }

    public void Filler()
    {
        while (!Bit())
        {
            // Zero bits until the one that ends the filler.
        }

        if ((Position & 7) != 0)
        {
            throw new FormatException($"Flat: a filler that ends inside a byte (bit {Position}).");
        }
    }

    public Constant ReadConstant(int maxTypeSize)
    {
        var tags = new List<int>();
        while (Bit())
        {
            tags.Add(Bits(4));
            if (tags.Count > maxTypeSize * 2)
            {
                throw new FormatException("Flat: a constant type too large.");
            }
        }

        var next = 0;
        var type = Type(tags, ref next, 0);
        return next == tags.Count ? Value(type) : throw new FormatException("Flat: a constant type with something left over.");
    }

    private static ConstantType Type(List<int> tags, ref int next, int depth)
    {
        if (next >= tags.Count || depth > 32)
        {
            throw new FormatException("Flat: an unfinished constant type.");
        }

        var tag = tags[next++];
        switch (tag)
        {
            case <= 4 or 8 or 9 or 10 or 11 or 13:
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

            default:
                throw new FormatException($"Flat: constants of type {kind} cannot be read.");
        }
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

    public void Natural(BigInteger value)
    {
        do
        {
            var group = (int)(value & 0x7f);
            value >>= 7;
            Bit(!value.IsZero);
            Bits(group, 7);
        } while (!value.IsZero);
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
        foreach (var tag in Tags(Machine.ConstantTypes.Of(constant)))
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
                Natural(i.Value.Sign < 0 ? (-i.Value * 2) - 1 : i.Value * 2);
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
                throw new InvalidOperationException($"A constant without a flat form: {constant.GetType().Name}.");
        }
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
