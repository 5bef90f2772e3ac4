using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Scripts;

public abstract partial class PlutusData
{
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
}
