using System.Diagnostics.CodeAnalysis;
using System.Formats.Cbor;
using System.Numerics;
using System.Text;

namespace Masumi.Cardano;

/// <summary>Byron addresses: CBOR <c>[24(bytes), crc32]</c> in base58. They can be spent from and nothing else.</summary>
internal static class ByronAddress
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int MaxText = 512;

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

    private static bool TryRead(ReadOnlySpan<byte> bytes, out bool hasNetwork)
    {
        hasNetwork = false;
        try
        {
            var reader = new CborReader(bytes.ToArray(), CborConformanceMode.Lax);
            if (reader.ReadStartArray() != 2 || (ulong)reader.ReadTag() != 24)
            {
                return false;
            }

            var inner = reader.ReadByteString();
            var checksum = reader.ReadUInt32();
            reader.ReadEndArray();
            if (reader.BytesRemaining != 0 || Crc32(inner) != checksum)
            {
                return false;
            }

            var content = new CborReader(inner, CborConformanceMode.Lax);
            if (content.ReadStartArray() != 3 || content.ReadByteString().Length != Hash28.Size)
            {
                return false;
            }

            for (var left = content.ReadStartMap() ?? 0; left > 0; left--)
            {
                hasNetwork |= content.ReadUInt64() == 2;
                content.SkipValue();
            }

            content.ReadEndMap();
            content.ReadUInt64();
            content.ReadEndArray();
            return content.BytesRemaining == 0;
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            return false;
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
