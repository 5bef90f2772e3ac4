using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// The LZ-String format (version 1.5, byte form), as blockchain identifiers use it. A dictionary coder over UTF-16 code units: codes are
/// written least significant bit first with a width that grows with the dictionary; code 0 and 1 announce a new 8-bit or 16-bit character, code 2
/// is the end. The bits fill 16-bit units from the top, each unit big-endian. Both sides of a payment must produce identical bytes.
/// </summary>
public static class LzString
{
    private const int NewByteCharacter = 0;
    private const int NewWideCharacter = 1;
    private const int End = 2;
    private const int FirstFreeCode = 3;

    /// <summary>Compresses; the empty text too.</summary>
    public static byte[] Compress(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var writer = new Writer(text.Length);
        var codes = new Codes(text.Length);
        var characters = new Characters();
        var nextCode = FirstFreeCode;

        // The longest known match so far: a dictionary code, or no match yet.
        var match = -1;
        var matchCharacter = '\0';
        var matchIsCharacter = false;

        foreach (var c in text)
        {
            ref var characterCode = ref characters.CodeOf(c);
            if (characterCode == 0)
            {
                characterCode = nextCode++;
                characters.IsPending(c) = true;
            }

            if (match < 0)
            {
                (match, matchCharacter, matchIsCharacter) = (characterCode, c, true);
                continue;
            }

            ref var longer = ref codes.Of(match, c);
            if (longer != 0)
            {
                (match, matchIsCharacter) = (longer, false);
                continue;
            }

            longer = nextCode++;
            Emit();
            (match, matchCharacter, matchIsCharacter) = (characterCode, c, true);
        }

        if (match >= 0)
        {
            Emit();
        }

        writer.Write(End, writer.Width);
        return writer.Finish();

        void Emit()
        {
            if (matchIsCharacter && characters.IsPending(matchCharacter))
            {
                characters.IsPending(matchCharacter) = false;
                var wide = matchCharacter > byte.MaxValue;
                writer.Write(wide ? NewWideCharacter : NewByteCharacter, writer.Width);
                writer.Write(matchCharacter, wide ? 16 : 8);
                writer.CodeUsed();
            }
            else
            {
                writer.Write(match, writer.Width);
            }

            writer.CodeUsed();
        }
    }

    /// <summary>Decompresses; false for bytes that are no such stream or whose text would exceed <paramref name="maxLength"/> characters.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> bytes, int maxLength, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var output = ArrayPool<char>.Shared.Rent(Math.Max(maxLength, 1));
        try
        {
            var length = Decompress(bytes, output.AsSpan(0, maxLength));
            if (length < 0)
            {
                return false;
            }

            text = new string(output, 0, length);
            return true;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(output);
        }
    }

    // Every dictionary entry is a stretch of what has been written already: an entry is the previous match plus the first character of the
    // next, and those two lie side by side in the output. So entries are positions, and hostile input costs no more than the output's limit.
    private static int Decompress(ReadOnlySpan<byte> bytes, Span<char> output)
    {
        var reader = new Reader(bytes);
        var entries = new List<(int Start, int Length)>();
        var written = 0;
        var previous = (Start: 0, Length: 0);
        var width = 2;
        var left = 2;
        while (true)
        {
            var code = reader.Read(width);
            if (code is < 0 or End)
            {
                return code == End ? written : -1;
            }

            (int Start, int Length) entry;
            if (code is NewByteCharacter or NewWideCharacter)
            {
                var c = reader.Read(code == NewByteCharacter ? 8 : 16);
                if (c < 0 || written >= output.Length)
                {
                    return -1;
                }

                entry = (written, 1);
                output[written] = (char)c;
                entries.Add(entry);
                CodeUsed();
            }
            else if (code - FirstFreeCode < entries.Count)
            {
                entry = entries[code - FirstFreeCode];
            }
            else if (code - FirstFreeCode == entries.Count && previous.Length > 0)
            {
                // The entry about to be made: the previous match and its own first character.
                entry = (previous.Start, previous.Length + 1);
            }
            else
            {
                return -1;
            }

            if (entry.Length > output.Length - written)
            {
                return -1;
            }

            CopyForward(output, entry.Start, written, entry.Length);
            if (previous.Length > 0)
            {
                entries.Add((previous.Start, previous.Length + 1));
            }

            CodeUsed();
            previous = (written, entry.Length);
            written += entry.Length;
        }

        void CodeUsed()
        {
            if (--left == 0)
            {
                left = 1 << width;
                width++;
            }
        }
    }

    // One by one: the entry about to be made overlaps its own copy.
    private static void CopyForward(Span<char> output, int from, int to, int count)
    {
        for (var i = 0; i < count; i++)
        {
            output[to + i] = output[from + i];
        }
    }

    // What is known of each character; identifiers are ASCII.
    private sealed class Characters
    {
        private readonly int[] _codes = new int[128];
        private readonly bool[] _pending = new bool[128];
        private Dictionary<char, int>? _otherCodes;
        private Dictionary<char, bool>? _otherPending;

        /// <summary>Its code in the dictionary; 0 before it has one.</summary>
        public ref int CodeOf(char c) => ref c < 128 ? ref _codes[c] : ref CollectionsMarshal.GetValueRefOrAddDefault(_otherCodes ??= [], c, out _);

        /// <summary>Whether it has a code and was not written yet.</summary>
        public ref bool IsPending(char c) => ref c < 128 ? ref _pending[c] : ref CollectionsMarshal.GetValueRefOrAddDefault(_otherPending ??= [], c, out _);
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _bit;

        /// <summary>The next bits, least significant first; -1 at the end.</summary>
        public int Read(int count)
        {
            if (count > 30 || _bit + count > _bytes.Length * 8)
            {
                return -1;
            }

            var window = 0ul;
            var last = (_bit + count - 1) >> 3;
            for (var i = _bit >> 3; i <= last; i++)
            {
                window = (window << 8) | _bytes[i];
            }

            _bit += count;
            return (int)Reversed((uint)(window >> (((last + 1) * 8) - _bit)), count);
        }
    }

    private sealed class Writer(int sizeHint)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(Math.Max(16, sizeHint));
        private ulong _current;
        private int _bits;
        private int _left = 2;

        /// <summary>The width of codes now.</summary>
        public int Width { get; private set; } = 2;

        /// <summary>Counts a code; the width grows when the codes of this width are used up.</summary>
        public void CodeUsed()
        {
            if (--_left == 0)
            {
                _left = 1 << Width;
                Width++;
            }
        }

        public void Write(int value, int count)
        {
            _current = (_current << count) | Reversed((uint)value, count);
            _bits += count;
            while (_bits >= 16)
            {
                _bits -= 16;
                Unit(_current >> _bits);
            }
        }

        /// <summary>Fills the last unit with zeros; there is always at least one bit of filling.</summary>
        public byte[] Finish()
        {
            Unit(_current << (16 - _bits));
            return _bytes.WrittenSpan.ToArray();
        }

        private void Unit(ulong bits)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(2), (ushort)bits);
            _bytes.Advance(2);
        }
    }

    // The code of a match and the character after it; by open addressing, in a table that is never more than half full.
    private sealed class Codes(int most)
    {
        private readonly ulong[] _keys = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, 2 * most))];
        private readonly int[] _codes = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, 2 * most))];

        /// <summary>The place of its code; 0 there before it has one, and whoever asks then gives it one.</summary>
        public ref int Of(int match, char next)
        {
            var key = ((ulong)match << 16) | next;
            var mask = _keys.Length - 1;
            var at = (int)((key * 0x9E3779B97F4A7C15) >> 33) & mask;
            while (_codes[at] != 0 && _keys[at] != key)
            {
                at = (at + 1) & mask;
            }

            _keys[at] = key;
            return ref _codes[at];
        }
    }

    // The lowest bits, the least significant first.
    private static uint Reversed(uint bits, int count)
    {
        bits = ((bits >> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
        bits = ((bits >> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
        bits = ((bits >> 4) & 0x0F0F0F0F) | ((bits & 0x0F0F0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(bits) >> (32 - count);
    }
}
