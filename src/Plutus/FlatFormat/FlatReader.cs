using System.Buffers.Binary;
using System.Numerics;

namespace Masumi.Plutus.FlatFormat;

/// <summary>A bit stream, most significant bit first.</summary>
internal ref partial struct FlatReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly long _end = (long)bytes.Length * 8;

    public long Position { get; private set; }

    public readonly bool AtEnd => Position == _end;

    public bool Bit() => Bits(1) != 0;

    /// <summary>At most eight bits.</summary>
    public int Bits(int count)
    {
        var bits = Peek(count);
        Skip(count);
        return bits;
    }

    /// <summary>At most eight bits, without moving on; what lies beyond the end reads as zero.</summary>
    public readonly int Peek(int count)
    {
        var index = (int)(Position >> 3);
        var window = index + 1 < _bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[index..]) : Last(index);
        return (window >> (16 - (int)(Position & 7) - count)) & ((1 << count) - 1);
    }

    private readonly int Last(int index) => index < _bytes.Length ? _bytes[index] << 8 : 0;

    /// <summary>Moves on by bits that must be there.</summary>
    public void Skip(int count)
    {
        Position += count;
        if (Position > _end)
        {
            throw Ended();
        }
    }

    private readonly FormatException Ended() => new($"Flat: ends at bit {_end}.");

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
            var bits = Bits(8);
            var more = bits >= 0x80;
            var group = (ulong)(bits & 0x7f);
            if (shift >= 63 && (shift > 63 || group > 1))
            {
                throw new FormatException($"Flat: a number over 64 bits (bit {Position}).");
            }

            value |= group << shift;
            if (!more)
            {
                return value;
            }
        }
    }

    public BigInteger Integer()
    {
        var bits = Bits(8);
        if (bits < 0x80)
        {
            return (bits & 1) == 0 ? bits >> 1 : -((bits + 1) >> 1);
        }

        // Groups arrive least significant first; gathering them as bytes keeps long numbers linear.
        var groups = new List<byte> { (byte)(bits & 0x7f) };
        while (bits >= 0x80)
        {
            bits = Bits(8);
            groups.Add((byte)(bits & 0x7f));
        }

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
        var start = (int)(Position >> 3);
        var total = 0;
        var index = start;
        for (int length; (length = ChunkLength(index)) > 0; index += length + 1)
        {
            total += length;
        }

        Position = (index + 1L) * 8;
        var all = new byte[total];
        var done = 0;
        for (var at = start; at < index; at += _bytes[at] + 1)
        {
            _bytes.Slice(at + 1, _bytes[at]).CopyTo(all.AsSpan(done));
            done += _bytes[at];
        }

        return all;
    }

    private readonly int ChunkLength(int index) =>
        index < _bytes.Length && index + _bytes[index] < _bytes.Length ? _bytes[index] : throw new FormatException("Flat: ends inside a byte string.");

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
}
