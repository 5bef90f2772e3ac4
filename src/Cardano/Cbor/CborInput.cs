using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Masumi.Cardano.Cbor;

/// <summary>The major types of RFC 8949.</summary>
internal enum CborMajor
{
    UnsignedInteger = 0,
    NegativeInteger = 1,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tag = 6,
    SimpleOrBreak = 7,
}

/// <summary>
/// Reads CBOR as the ledger's decoder does: definite and indefinite containers, lengths and integers of any width, any order of keys.
/// It knows where it is, so callers can keep the exact bytes of what they read; the .NET reader does not tell. Every failure is a
/// <see cref="CborFormatException"/> that names the byte and <see cref="Place"/>.
/// </summary>
internal sealed class CborInput(ReadOnlyMemory<byte> bytes, string place)
{
    private const byte Break = 0xff;
    private const byte Null = 0xf6;
    private const int Indefinite = 31;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is being read, for messages.</summary>
    public string Place { get; set; } = place;

    /// <summary>The offset of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>The bytes from an earlier position up to here.</summary>
    public ReadOnlyMemory<byte> Since(int start) => bytes[start..Position];

    /// <summary>The exception to throw for what stands at the current position.</summary>
    public CborFormatException Error(string message) => new($"Byte {Position}, {Place}: {message}");

    /// <summary>The major type of the next item.</summary>
    public CborMajor PeekMajor() => (CborMajor)(Peek() >> 5);

    /// <summary>Fails unless everything was read.</summary>
    public void ExpectEnd()
    {
        if (Position != bytes.Length)
        {
            throw Error($"{bytes.Length - Position} bytes too many");
        }
    }

    public ulong ReadUInt64()
    {
        var start = Position;
        var (major, info) = ReadInitial();
        return major == CborMajor.UnsignedInteger ? ReadArgument(info) : throw Unexpected(start, "an unsigned integer");
    }

    /// <summary>An unsigned integer up to <paramref name="limit"/>.</summary>
    public long ReadUnsigned(long limit = long.MaxValue)
    {
        var start = Position;
        var value = ReadUInt64();
        if (value > (ulong)limit)
        {
            Position = start;
            throw Error($"{value} is more than {limit}");
        }

        return (long)value;
    }

    /// <summary>An integer of major type 0 or 1, -2^64 to 2^64-1.</summary>
    public BigInteger ReadInteger()
    {
        var start = Position;
        var (major, info) = ReadInitial();
        return major switch
        {
            CborMajor.UnsignedInteger => ReadArgument(info),
            CborMajor.NegativeInteger => -1 - (BigInteger)ReadArgument(info),
            _ => throw Unexpected(start, "an integer"),
        };
    }

    public long ReadInt64()
    {
        var start = Position;
        var value = ReadInteger();
        if (value < long.MinValue || value > long.MaxValue)
        {
            Position = start;
            throw Error($"{value} does not fit 64 bits");
        }

        return (long)value;
    }

    /// <summary>A byte string of definite length: all the ledger accepts outside Plutus data and metadata.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        var start = Position;
        var (major, info) = ReadInitial();
        return major == CborMajor.Bytes && info != Indefinite ? Take(ReadArgument(info)) : throw Unexpected(start, "a byte string of definite length");
    }

    /// <summary>A byte string of definite length with exactly this many bytes.</summary>
    public ReadOnlyMemory<byte> ReadBytes(int length)
    {
        var start = Position;
        var value = ReadBytes();
        if (value.Length != length)
        {
            Position = start;
            throw Error($"{length} bytes expected, got {value.Length}");
        }

        return value;
    }

    /// <summary>A byte string, also in chunks, each and in total at most <paramref name="limit"/> bytes.</summary>
    public ReadOnlyMemory<byte> ReadChunkedBytes(int limit) => ReadString(CborMajor.Bytes, "a byte string", limit);

    /// <summary>A text of at most <paramref name="limit"/> UTF-8 bytes, also in chunks.</summary>
    public string ReadText(int limit)
    {
        var start = Position;
        var utf8 = ReadString(CborMajor.Text, "a text", limit);
        try
        {
            return StrictUtf8.GetString(utf8.Span);
        }
        catch (DecoderFallbackException)
        {
            Position = start;
            throw Error("text that is not UTF-8");
        }
    }

    /// <summary>A text of definite length: all the ledger accepts outside metadata.</summary>
    public string ReadDefiniteText(int limit) => (Peek() & 0x1f) == Indefinite ? throw Error("a text of definite length expected") : ReadText(limit);

    public Hash32 ReadHash32() => new(ReadBytes(Hash32.Size).Span);

    public Hash28 ReadHash28() => new(ReadBytes(Hash28.Size).Span);

    public bool ReadBoolean() =>
        Peek() switch
        {
            0xf4 => Skip(false),
            0xf5 => Skip(true),
            _ => throw Error("a boolean expected"),
        };

    /// <summary>Consumes null when it stands here.</summary>
    public bool TryReadNull() => Peek() == Null && Skip(true);

    public ulong ReadTag()
    {
        var start = Position;
        var (major, info) = ReadInitial();
        return major == CborMajor.Tag ? ReadArgument(info) : throw Unexpected(start, "a tag");
    }

    /// <summary>Consumes the tag; fails when another item stands here.</summary>
    public void ExpectTag(ulong tag)
    {
        var start = Position;
        if (ReadTag() is var found && found != tag)
        {
            Position = start;
            throw Error($"tag {tag} expected, got {found}");
        }
    }

    /// <summary>Enters an array.</summary>
    public CborItems BeginArray() => Begin(CborMajor.Array, "an array", 1);

    /// <summary>Enters a map; each <see cref="CborItems.Next"/> is followed by reading a key and a value.</summary>
    public CborItems BeginMap() => Begin(CborMajor.Map, "a map", 2);

    /// <summary>Enters an array of exactly <paramref name="length"/> items; <see cref="CborItems.End"/> leaves it.</summary>
    public CborItems BeginTuple(int length)
    {
        var start = Position;
        var items = BeginArray();
        if (items.Remaining is { } count && count != length)
        {
            Position = start;
            throw Error($"an array of {length} expected, got {count}");
        }

        return items;
    }

    /// <summary>Reads one item of any kind without looking into it and returns its bytes. Uses no stack for nesting.</summary>
    public ReadOnlyMemory<byte> ReadRaw()
    {
        var start = Position;
        var open = new Stack<long>(); // items still to come per container; negative: indefinite, -1 even, -2 odd (maps need pairs)
        do
        {
            if (open.TryPeek(out var pending) && pending < 0 && Peek() == Break)
            {
                if (pending == OddMap)
                {
                    throw Error("a map key without value");
                }

                Position++;
                open.Pop();
            }
            else
            {
                CountDown(open);
                ReadRawHead(open);
            }

            while (open.TryPeek(out var left) && left == 0)
            {
                open.Pop();
            }
        } while (open.Count > 0);
        return bytes[start..Position];
    }

    private const long IndefiniteArray = -1;
    private const long EvenMap = -3;
    private const long OddMap = -2;

    private static void CountDown(Stack<long> open)
    {
        if (open.TryPop(out var left))
        {
            open.Push(
                left switch
                {
                    IndefiniteArray => IndefiniteArray,
                    EvenMap => OddMap,
                    OddMap => EvenMap,
                    _ => left - 1,
                }
            );
        }
    }

    private void ReadRawHead(Stack<long> open)
    {
        var start = Position;
        switch (PeekMajor())
        {
            case CborMajor.UnsignedInteger or CborMajor.NegativeInteger:
                ReadInteger();
                break;
            case CborMajor.Bytes:
                ReadString(CborMajor.Bytes, "a byte string", int.MaxValue);
                break;
            case CborMajor.Text:
                ReadString(CborMajor.Text, "a text", int.MaxValue);
                break;
            case CborMajor.Array:
                open.Push(BeginArray().Remaining ?? IndefiniteArray);
                break;
            case CborMajor.Map:
                open.Push(BeginMap().Remaining * 2 ?? EvenMap);
                break;
            case CborMajor.Tag:
                ReadTag();
                open.Push(1);
                break;
            default:
                var (_, info) = ReadInitial();
                if (info == Indefinite)
                {
                    throw Unexpected(start, "an item");
                }

                ReadArgument(info);
                break;
        }
    }

    internal bool TryReadBreak() => Peek() == Break && Skip(true);

    private CborItems Begin(CborMajor expected, string what, int itemsPerEntry)
    {
        var start = Position;
        var (major, info) = ReadInitial();
        if (major != expected)
        {
            throw Unexpected(start, what);
        }

        if (info == Indefinite)
        {
            return new CborItems(this, null);
        }

        // Every item takes a byte at least, so a length beyond the input is refused before anything is allocated for it.
        var count = ReadArgument(info);
        return count <= (ulong)((bytes.Length - Position) / itemsPerEntry)
            ? new CborItems(this, (int)count)
            : throw Error($"{what} of {count} entries does not fit the remaining {bytes.Length - Position} bytes");
    }

    private ReadOnlyMemory<byte> ReadString(CborMajor expected, string what, int limit)
    {
        var start = Position;
        var (major, info) = ReadInitial();
        if (major != expected)
        {
            throw Unexpected(start, what);
        }

        if (info != Indefinite)
        {
            return Limited(Take(ReadArgument(info)), start, limit);
        }

        using var whole = new MemoryStream();
        while (!TryReadBreak())
        {
            var (chunkMajor, chunkInfo) = ReadInitial();
            if (chunkMajor != expected || chunkInfo == Indefinite)
            {
                throw Error($"a chunk of {what} expected");
            }

            whole.Write(Take(ReadArgument(chunkInfo)).Span);
        }

        return Limited(whole.ToArray(), start, limit);
    }

    private ReadOnlyMemory<byte> Limited(ReadOnlyMemory<byte> value, int start, int limit)
    {
        if (value.Length > limit)
        {
            Position = start;
            throw Error($"{value.Length} bytes, at most {limit} are allowed");
        }

        return value;
    }

    private (CborMajor Major, int Info) ReadInitial()
    {
        var initial = Peek();
        Position++;
        return ((CborMajor)(initial >> 5), initial & 0x1f);
    }

    private ulong ReadArgument(int info) =>
        info switch
        {
            < 24 => (ulong)info,
            24 => Take(1).Span[0],
            25 => BinaryPrimitives.ReadUInt16BigEndian(Take(2).Span),
            26 => BinaryPrimitives.ReadUInt32BigEndian(Take(4).Span),
            27 => BinaryPrimitives.ReadUInt64BigEndian(Take(8).Span),
            _ => throw Error("a reserved or misplaced length"),
        };

    private ReadOnlyMemory<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - Position))
        {
            throw Error($"ends {count - (ulong)(bytes.Length - Position)} bytes too early");
        }

        var taken = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    private byte Peek() => Position < bytes.Length ? bytes.Span[Position] : throw Error("ends too early");

    private bool Skip(bool result)
    {
        Position++;
        return result;
    }

    private CborFormatException Unexpected(int start, string expected)
    {
        Position = start;
        return Error($"{expected} expected, got 0x{Peek():x2}");
    }
}

/// <summary>The walk through an array or map of definite or indefinite length.</summary>
internal struct CborItems(CborInput input, int? remaining)
{
    /// <summary>Entries still to come; null for an indefinite length.</summary>
    public int? Remaining { get; private set; } = remaining;

    /// <summary>True when another entry follows; consumes the break of an indefinite length otherwise.</summary>
    public bool Next()
    {
        if (Remaining is not { } left)
        {
            return !input.TryReadBreak();
        }

        Remaining = left - 1;
        return left > 0;
    }

    /// <summary>Leaves a container whose items were read without <see cref="Next"/>.</summary>
    public readonly void End()
    {
        if (Remaining is null && !input.TryReadBreak())
        {
            throw input.Error("the end of an array expected");
        }
    }
}
