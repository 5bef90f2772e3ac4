using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;

namespace Masumi.Cardano;

public abstract partial class PlutusData
{
    /// <summary>Longest byte string, or chunk of one, that the ledger reads.</summary>
    private const int ChunkSize = 64;

    /// <summary>
    /// The bytes the node's own encoder writes (<c>serialiseData</c>, spec cardano.md 8): indefinite non-empty lists and fields,
    /// definite maps, byte strings over 64 bytes in 64-byte chunks.
    /// </summary>
    public byte[] ToCbor()
    {
        var writer = new Writer();
        var todo = new Stack<object>();
        todo.Push(this);
        while (todo.TryPop(out var item))
        {
            switch (item)
            {
                case Bytes bytes:
                    writer.ByteString(bytes.Value.Span);
                    break;
                case Integer integer:
                    writer.BigInteger(integer.Value);
                    break;
                case Constr constr:
                    writer.ConstrHead(constr.Tag);
                    Children(writer, todo, constr.Fields);
                    break;
                case List list:
                    Children(writer, todo, list.Items);
                    break;
                case Map map:
                    writer.Head(5, (ulong)map.Entries.Length);
                    for (var i = map.Entries.Length - 1; i >= 0; i--)
                    {
                        todo.Push(map.Entries[i].Value);
                        todo.Push(map.Entries[i].Key);
                    }

                    break;
                default:
                    writer.Byte(0xff);
                    break;
            }
        }

        return writer.ToArray();
    }

    /// <summary>
    /// Reads one item that fills <paramref name="cbor"/> exactly, in any legal encoding. Throws <see cref="CborFormatException"/>
    /// for anything the ledger's decoder refuses. Nesting is limited only by memory, never by the stack.
    /// </summary>
    public static PlutusData FromCbor(ReadOnlyMemory<byte> cbor)
    {
        var data = Read(cbor, out var consumed);
        return consumed == cbor.Length ? data : throw new CborFormatException($"Plutus data ends at byte {consumed}, but there are {cbor.Length}.");
    }

    /// <summary>Reads one item from the start of <paramref name="cbor"/> and says how many bytes it took; otherwise as <see cref="FromCbor"/>.</summary>
    public static PlutusData Read(ReadOnlyMemory<byte> cbor, out int consumed)
    {
        var reader = new Reader(cbor.Span);
        var open = new Stack<Frame>();
        while (true)
        {
            var done = reader.Next(open);

            // An item is complete: hand it up until a container wants more.
            while (done is not null)
            {
                if (!open.TryPeek(out var parent))
                {
                    consumed = reader.Position;
                    return done;
                }

                parent.Items.Add(done);
                done = reader.TryClose(parent) ? open.Pop().Close() : null;
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(PlutusData? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null)
        {
            return false;
        }

        var todo = new Stack<(PlutusData, PlutusData)>();
        todo.Push((this, other));
        while (todo.TryPop(out var pair))
        {
            if (ReferenceEquals(pair.Item1, pair.Item2))
            {
                continue;
            }

            switch (pair)
            {
                case (Integer a, Integer b) when a.Value == b.Value:
                case (Bytes c, Bytes d) when c.Value.Span.SequenceEqual(d.Value.Span):
                    break;
                case (Constr a, Constr b) when a.Tag == b.Tag && a.Fields.Length == b.Fields.Length:
                    PushAll(todo, a.Fields, b.Fields);
                    break;
                case (List a, List b) when a.Items.Length == b.Items.Length:
                    PushAll(todo, a.Items, b.Items);
                    break;
                case (Map a, Map b) when a.Entries.Length == b.Entries.Length:
                    for (var i = 0; i < a.Entries.Length; i++)
                    {
                        todo.Push((a.Entries[i].Value, b.Entries[i].Value));
                        todo.Push((a.Entries[i].Key, b.Entries[i].Key));
                    }

                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PlutusData);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // The shape of the top and a few leaves tell data apart well enough; going all the way down would cost more than a collision.
        var hash = default(HashCode);
        var todo = new Queue<PlutusData>();
        todo.Enqueue(this);
        for (var left = 16; left > 0 && todo.TryDequeue(out var item); left--)
        {
            switch (item)
            {
                case Integer integer:
                    hash.Add(integer.Value);
                    break;
                case Bytes bytes:
                    hash.AddBytes(bytes.Value.Span);
                    break;
                case Constr constr:
                    hash.Add(constr.Tag);
                    hash.Add(constr.Fields.Length);
                    Enqueue(todo, constr.Fields);
                    break;
                case List list:
                    hash.Add(list.Items.Length);
                    Enqueue(todo, list.Items);
                    break;
                case Map map:
                    hash.Add(map.Entries.Length);
                    break;
            }
        }

        return hash.ToHashCode();
    }

    private static void Enqueue(Queue<PlutusData> todo, ImmutableArray<PlutusData> items)
    {
        for (var i = 0; i < items.Length && i < 16; i++)
        {
            todo.Enqueue(items[i]);
        }
    }

    private static void PushAll(Stack<(PlutusData, PlutusData)> todo, ImmutableArray<PlutusData> a, ImmutableArray<PlutusData> b)
    {
        for (var i = a.Length - 1; i >= 0; i--)
        {
            todo.Push((a[i], b[i]));
        }
    }

    private static readonly object Break = new();

    private static void Children(Writer writer, Stack<object> todo, ImmutableArray<PlutusData> items)
    {
        if (items.IsEmpty)
        {
            writer.Byte(0x80);
            return;
        }

        writer.Byte(0x9f);
        todo.Push(Break);
        for (var i = items.Length - 1; i >= 0; i--)
        {
            todo.Push(items[i]);
        }
    }

    /// <summary>A container whose items are being read.</summary>
    private sealed class Frame(FrameKind kind, ulong tag, long left, bool closesOuter)
    {
        public List<PlutusData> Items { get; } = [];

        /// <summary>Items still to come; negative when a break byte ends it.</summary>
        public long Left { get; } = left;

        /// <summary>An indefinite tag-102 wrapper needs its own break after the fields.</summary>
        public bool ClosesOuter { get; } = closesOuter;

        public bool IsMap => kind == FrameKind.Map;

        public PlutusData Close()
        {
            if (kind == FrameKind.Constr)
            {
                return new Constr(tag, [.. Items]);
            }

            if (kind == FrameKind.List)
            {
                return new List([.. Items]);
            }

            var entries = ImmutableArray.CreateBuilder<KeyValuePair<PlutusData, PlutusData>>(Items.Count / 2);
            for (var i = 0; i + 1 < Items.Count; i += 2)
            {
                entries.Add(new(Items[i], Items[i + 1]));
            }

            return new Map(entries.MoveToImmutable());
        }
    }

    private enum FrameKind
    {
        List,
        Map,
        Constr,
    }

    /// <summary>Reads heads and leaves; containers are left to the caller's stack.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Position { get; private set; }

        /// <summary>One leaf or empty container as data, or null after opening a container.</summary>
        public PlutusData? Next(Stack<Frame> open)
        {
            var start = Position;
            var (major, argument, indefinite) = Head();
            switch (major)
            {
                case 0 when !indefinite:
                    return new Integer(argument);
                case 1 when !indefinite:
                    return new Integer(-1 - (BigInteger)argument);
                case 2:
                    return new Bytes(ByteString(argument, indefinite, start));
                case 4:
                    return Open(open, FrameKind.List, 0, argument, indefinite, false, start);
                case 5:
                    if (argument > long.MaxValue / 2)
                    {
                        throw Bad(start, "a map of impossible size");
                    }

                    return Open(open, FrameKind.Map, 0, argument * 2, indefinite, false, start);
                case 6 when !indefinite:
                    return Tagged(open, argument, start);
                default:
                    throw Bad(start, "no Plutus data");
            }
        }

        /// <summary>True, and the end consumed, when the container has all its items.</summary>
        public bool TryClose(Frame frame)
        {
            if (frame.Left >= 0)
            {
                if (frame.Items.Count < frame.Left)
                {
                    return false;
                }
            }
            else
            {
                if (Position >= _bytes.Length)
                {
                    throw Bad(Position, "an unfinished list or map");
                }

                if (_bytes[Position] != 0xff)
                {
                    return false;
                }

                if (frame.IsMap && frame.Items.Count % 2 != 0)
                {
                    throw Bad(Position, "a map key without a value");
                }

                Position++;
            }

            CloseOuter(frame.ClosesOuter);
            return true;
        }

        private PlutusData? Tagged(Stack<Frame> open, ulong tag, int start)
        {
            switch (tag)
            {
                case 2 or 3:
                {
                    var at = Position;
                    var (major, length, indefinite) = Head();
                    if (major != 2)
                    {
                        throw Bad(at, "a big integer without bytes");
                    }

                    var number = new BigInteger(ByteString(length, indefinite, at), isUnsigned: true, isBigEndian: true);
                    return new Integer(tag == 2 ? number : -1 - number);
                }

                case >= 121
                and <= 127:
                    return Fields(open, tag - 121, false);
                case >= 1280 and <= 1400:
                    return Fields(open, tag - 1280 + 7, false);
                case 102:
                {
                    var at = Position;
                    var (major, count, indefinite) = Head();
                    if (major != 4 || (!indefinite && count != 2))
                    {
                        throw Bad(at, "a constructor that is no pair of index and fields");
                    }

                    at = Position;
                    var (kind, index, unbounded) = Head();
                    if (kind != 0 || unbounded)
                    {
                        throw Bad(at, "a constructor index that is no unsigned number");
                    }

                    return Fields(open, index, indefinite);
                }

                default:
                    throw Bad(start, $"the tag {tag}");
            }
        }

        private PlutusData? Fields(Stack<Frame> open, ulong tag, bool closesOuter)
        {
            var start = Position;
            var (major, count, indefinite) = Head();
            if (major != 4)
            {
                throw Bad(start, "constructor fields that are no list");
            }

            return Open(open, FrameKind.Constr, tag, count, indefinite, closesOuter, start);
        }

        private PlutusData? Open(Stack<Frame> open, FrameKind kind, ulong tag, ulong count, bool indefinite, bool closesOuter, int start)
        {
            // Every item takes a byte at least, so a larger count can only be a lie.
            if (!indefinite && count > (ulong)(_bytes.Length - Position))
            {
                throw Bad(start, "a list or map longer than its bytes");
            }

            var frame = new Frame(kind, tag, indefinite ? -1 : (long)count, closesOuter);
            if (TryClose(frame))
            {
                return frame.Close();
            }

            open.Push(frame);
            return null;
        }

        private void CloseOuter(bool needed)
        {
            if (!needed)
            {
                return;
            }

            if (Position >= _bytes.Length || _bytes[Position] != 0xff)
            {
                throw Bad(Position, "a constructor with more than index and fields");
            }

            Position++;
        }

        private byte[] ByteString(ulong length, bool indefinite, int start)
        {
            if (!indefinite)
            {
                return Chunk(length, start).ToArray();
            }

            var all = new List<byte>();
            while (true)
            {
                var at = Position;
                if (at < _bytes.Length && _bytes[at] == 0xff)
                {
                    Position++;
                    return [.. all];
                }

                var (major, chunk, unbounded) = Head();
                if (major != 2 || unbounded)
                {
                    throw Bad(at, "a chunk that is no byte string");
                }

                all.AddRange(Chunk(chunk, at));
            }
        }

        private ReadOnlySpan<byte> Chunk(ulong length, int start)
        {
            if (length > ChunkSize)
            {
                throw Bad(start, $"a byte string of {length} bytes in one piece; at most {ChunkSize} are read");
            }

            if (length > (ulong)(_bytes.Length - Position))
            {
                throw Bad(start, "a byte string longer than its bytes");
            }

            var chunk = _bytes.Slice(Position, (int)length);
            Position += (int)length;
            return chunk;
        }

        private (int Major, ulong Argument, bool Indefinite) Head()
        {
            var start = Position;
            if (start >= _bytes.Length)
            {
                throw Bad(start, "the end");
            }

            var initial = _bytes[Position++];
            var major = initial >> 5;
            var info = initial & 31;
            if (info < 24)
            {
                return (major, (ulong)info, false);
            }

            if (info == 31 && major is 2 or 4 or 5)
            {
                return (major, 0, true);
            }

            var size = info switch
            {
                24 => 1,
                25 => 2,
                26 => 4,
                27 => 8,
                _ => throw Bad(start, $"the initial byte {initial:x2}"),
            };
            if (size > _bytes.Length - Position)
            {
                throw Bad(start, "the end");
            }

            var rest = _bytes[Position..];
            Position += size;
            var argument = size switch
            {
                1 => rest[0],
                2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
                4 => BinaryPrimitives.ReadUInt32BigEndian(rest),
                _ => BinaryPrimitives.ReadUInt64BigEndian(rest),
            };
            return (major, argument, false);
        }

        private static CborFormatException Bad(int position, string found) => new($"Plutus data was expected at byte {position}, found {found}.");
    }

    private sealed class Writer
    {
        private readonly System.Buffers.ArrayBufferWriter<byte> _buffer = new(256);

        public void Byte(byte value)
        {
            _buffer.GetSpan(1)[0] = value;
            _buffer.Advance(1);
        }

        public void Head(int major, ulong argument)
        {
            var span = _buffer.GetSpan(9);
            var top = (byte)(major << 5);
            switch (argument)
            {
                case < 24:
                    span[0] = (byte)(top | (byte)argument);
                    _buffer.Advance(1);
                    break;
                case <= byte.MaxValue:
                    span[0] = (byte)(top | 24);
                    span[1] = (byte)argument;
                    _buffer.Advance(2);
                    break;
                case <= ushort.MaxValue:
                    span[0] = (byte)(top | 25);
                    BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)argument);
                    _buffer.Advance(3);
                    break;
                case <= uint.MaxValue:
                    span[0] = (byte)(top | 26);
                    BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)argument);
                    _buffer.Advance(5);
                    break;
                default:
                    span[0] = (byte)(top | 27);
                    BinaryPrimitives.WriteUInt64BigEndian(span[1..], argument);
                    _buffer.Advance(9);
                    break;
            }
        }

        public void ConstrHead(ulong tag)
        {
            switch (tag)
            {
                case < 7:
                    Head(6, 121 + tag);
                    break;
                case < 128:
                    Head(6, 1280 + (tag - 7));
                    break;
                default:
                    Head(6, 102);
                    Head(4, 2);
                    Head(0, tag);
                    break;
            }
        }

        public void ByteString(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length <= ChunkSize)
            {
                Head(2, (ulong)bytes.Length);
                Raw(bytes);
                return;
            }

            Byte(0x5f);
            while (!bytes.IsEmpty)
            {
                var chunk = bytes[..Math.Min(ChunkSize, bytes.Length)];
                Head(2, (ulong)chunk.Length);
                Raw(chunk);
                bytes = bytes[chunk.Length..];
            }

            Byte(0xff);
        }

        public void BigInteger(BigInteger value)
        {
            var negative = value.Sign < 0;
            var magnitude = negative ? -1 - value : value;
            if (magnitude <= ulong.MaxValue)
            {
                Head(negative ? 1 : 0, (ulong)magnitude);
                return;
            }

            Head(6, negative ? 3u : 2u);
            ByteString(magnitude.ToByteArray(isUnsigned: true, isBigEndian: true));
        }

        public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

        private void Raw(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_buffer.GetSpan(bytes.Length));
            _buffer.Advance(bytes.Length);
        }
    }
}
