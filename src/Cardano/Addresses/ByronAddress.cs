using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Addresses;

/// <summary>Byron addresses: CBOR <c>[24(bytes), crc32]</c> in base58. They can be spent from and nothing else.</summary>
internal static class ByronAddress
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int MaxText = 512;
    private const byte FirstByte = 0x82;
    private const ulong EmbeddedCborTag = 24;
    private const long DerivationPath = 1;
    private const long NetworkMagic = 2;
    private const ulong KeyAddress = 0;
    private const ulong RedeemAddress = 2;

    public static bool IsWellFormed(ReadOnlySpan<byte> bytes) => TryRead(bytes, out _);

    public static bool HasNetworkAttribute(ReadOnlySpan<byte> bytes) => TryRead(bytes, out var hasNetwork) && hasNetwork;

    public static bool TryDecodeText(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length is 0 or > MaxText)
        {
            return false;
        }

        var number = BigInteger.Zero;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            number = (number * 58) + digit;
        }

        var body = number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] all = [.. new byte[text.TakeWhile(c => c == '1').Count()], .. body];
        bytes = IsWellFormed(all) ? all : null;
        return bytes is not null;
    }

    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new StringBuilder();
        while (!number.IsZero)
        {
            number = BigInteger.DivRem(number, 58, out var digit);
            text.Insert(0, Alphabet[(int)digit]);
        }

        foreach (var b in bytes)
        {
            if (b != 0)
            {
                break;
            }

            text.Insert(0, '1');
        }

        return text.ToString();
    }

    // As the ledger's Byron decoder does, which is stricter than its others: definite lengths only, attributes in ascending order, and
    // shortest heads wherever a hash depends on the bytes.
    private static bool TryRead(ReadOnlySpan<byte> bytes, out bool hasNetwork)
    {
        hasNetwork = false;
        if (bytes.IsEmpty || bytes[0] != FirstByte)
        {
            return false;
        }

        try
        {
            var input = new CborInput(bytes.ToArray(), "Byron address");
            BeginList(input, 2);
            input.ExpectTag(EmbeddedCborTag);
            var content = input.ReadBytes();
            var checksum = input.ReadUnsigned(uint.MaxValue);
            input.ExpectEnd();
            if (Crc32(content.Span) != checksum)
            {
                return false;
            }

            var root = new CborInput(content, "Byron address");
            BeginList(root, 3);
            root.ReadHash28();
            hasNetwork = ReadAttributes(root);
            ReadShortest(root, i => i.ReadUInt64() is KeyAddress or RedeemAddress ? i : throw i.Error("an unknown type"));
            root.ExpectEnd();
            return true;
        }
        catch (CborFormatException)
        {
            return false;
        }
    }

    private static bool ReadAttributes(CborInput input)
    {
        var hasNetwork = false;
        var previous = -1L;
        var entries = input.BeginMap();
        for (var left = entries.Remaining ?? throw input.Error("attributes of indefinite length"); left > 0; left--)
        {
            var key = input.ReadUnsigned(byte.MaxValue);
            var value = new CborInput(input.ReadBytes(), "Byron address attribute");
            if (key <= previous)
            {
                throw input.Error("attributes out of order");
            }

            previous = key;
            if (key is DerivationPath or NetworkMagic)
            {
                ReadShortest(value, i => key == DerivationPath ? i.ReadBytes().Length : i.ReadUnsigned(uint.MaxValue));
                value.ExpectEnd();
                hasNetwork |= key == NetworkMagic;
            }
        }

        return hasNetwork;
    }

    private static void BeginList(CborInput input, int length)
    {
        if (input.BeginArray().Remaining != length)
        {
            throw input.Error($"a list of {length} expected");
        }
    }

    /// <summary>Reads an integer or byte string whose head is as short as it can be.</summary>
    private static void ReadShortest<T>(CborInput input, Func<CborInput, T> read)
    {
        var start = input.Position;
        read(input);
        var head = input.Since(start).Span;
        var isShortest = (head[0] & 0x1f) switch
        {
            < 24 => true,
            24 => head[1] >= 24,
            25 => head[1] != 0,
            26 => (head[1] | head[2]) != 0,
            _ => (head[1] | head[2] | head[3] | head[4]) != 0,
        };
        if (!isShortest)
        {
            throw input.Error("a longer head than needed");
        }
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ (0xedb88320u & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }
}
