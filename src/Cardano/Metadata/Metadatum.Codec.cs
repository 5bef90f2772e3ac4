using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Numerics;
using System.Text;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Metadata;

public abstract partial record Metadatum
{
    /// <summary>The longest text (in UTF-8) and byte string.</summary>
    public const int MaxLength = 64;

    /// <summary>The CBOR, definite and shortest. Throws <see cref="ArgumentException"/> when a text, byte string or integer is too large.</summary>
    public byte[] ToCbor() => CborWriting.Encode(Write);

    /// <summary>Decodes one item that fills the bytes exactly; throws <see cref="CborFormatException"/>.</summary>
    public static Metadatum FromCbor(ReadOnlyMemory<byte> bytes)
    {
        var input = new CborInput(bytes.ToArray(), "metadatum");
        var metadatum = Read(input);
        input.ExpectEnd();
        return metadatum;
    }

    /// <summary>Reads with a stack of its own: each level of nesting costs an attacker a single byte.</summary>
    internal static Metadatum Read(CborInput input)
    {
        var open = new Stack<OpenContainer>();
        while (true)
        {
            var value = ReadLeafOrOpen(input, open);
            if (value is null && open.Peek().NextItem())
            {
                continue;
            }

            value ??= open.Pop().Close();
            while (open.TryPeek(out var parent))
            {
                parent.Add(value);
                if (parent.NextItem())
                {
                    break;
                }

                value = open.Pop().Close();
            }

            if (open.Count == 0)
            {
                return value;
            }
        }
    }

    internal void Write(CborWriter writer)
    {
        var todo = new Stack<object>();
        todo.Push(this);
        while (todo.TryPop(out var next))
        {
            switch (next)
            {
                case Int number:
                    WriteInteger(writer, number.Value);
                    break;
                case Bytes bytes:
                    writer.WriteByteString(Limited(bytes.Value.Length, bytes.Value).Span);
                    break;
                case Text text:
                    writer.WriteTextString(Limited(Encoding.UTF8.GetByteCount(text.Value), text.Value));
                    break;
                case List list:
                    writer.WriteStartArray(list.Items.Length);
                    todo.Push(CborMajor.Array);
                    PushReversed(todo, list.Items);
                    break;
                case Map map:
                    writer.WriteStartMap(map.Entries.Length);
                    todo.Push(CborMajor.Map);
                    PushReversed(todo, [.. map.Entries.SelectMany(e => new[] { e.Key, e.Value })]);
                    break;
                case CborMajor.Array:
                    writer.WriteEndArray();
                    break;
                default:
                    writer.WriteEndMap();
                    break;
            }
        }
    }

    private static void PushReversed(Stack<object> todo, ImmutableArray<Metadatum> items)
    {
        for (var i = items.Length - 1; i >= 0; i--)
        {
            todo.Push(items[i]);
        }
    }

    private static void WriteInteger(CborWriter writer, BigInteger value)
    {
        if (value.Sign >= 0 && value <= ulong.MaxValue)
        {
            writer.WriteUInt64((ulong)value);
        }
        else if (value.Sign < 0 && -1 - value <= ulong.MaxValue)
        {
            writer.WriteCborNegativeIntegerRepresentation((ulong)(-1 - value));
        }
        else
        {
            throw new ArgumentException($"{value} is no 64-bit metadata integer.");
        }
    }

    private static T Limited<T>(int length, T value) =>
        length <= MaxLength ? value : throw new ArgumentException($"Metadata of {length} bytes in one piece, at most {MaxLength} are allowed.");

    private static Metadatum? ReadLeafOrOpen(CborInput input, Stack<OpenContainer> open)
    {
        switch (input.PeekMajor())
        {
            case CborMajor.UnsignedInteger or CborMajor.NegativeInteger:
                return new Int(input.ReadInteger());
            case CborMajor.Bytes:
                return new Bytes(input.ReadChunkedBytes(MaxLength));
            case CborMajor.Text:
                return new Text(input.ReadText(MaxLength));
            case CborMajor.Array:
                open.Push(new OpenContainer(input.BeginArray(), isMap: false));
                return null;
            case CborMajor.Map:
                open.Push(new OpenContainer(input.BeginMap(), isMap: true));
                return null;
            default:
                throw input.Error("metadata holds integers, bytes, text, lists and maps only");
        }
    }

    private sealed class OpenContainer(CborItems entries, bool isMap)
    {
        private readonly List<Metadatum> _items = [];
        private CborItems _entries = entries;

        /// <summary>True when another item follows: inside a map entry the value always does.</summary>
        public bool NextItem() => (isMap && _items.Count % 2 == 1) || _entries.Next();

        public void Add(Metadatum item) => _items.Add(item);

        public Metadatum Close() =>
            isMap ? new Map([.. _items.Chunk(2).Select(pair => new KeyValuePair<Metadatum, Metadatum>(pair[0], pair[1]))]) : new List([.. _items]);
    }
}
