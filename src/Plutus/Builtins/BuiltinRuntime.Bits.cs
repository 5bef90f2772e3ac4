using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Masumi.Plutus.Syntax;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.Plutus.Builtins;

internal static partial class BuiltinRuntime
{
    /// <summary>Longest byte string that integerToByteString and replicateByte make.</summary>
    private const int MaxMade = 8192;

    [SuppressMessage("Maintainability", "CA1502", Justification = "One case for each builtin: a table.")]
    [SuppressMessage("Design", "MA0051", Justification = "One case for each builtin: a table.")]
    private static object? CallBits(BuiltinFunction function, object[] a)
    {
        switch (function)
        {
            case IntegerToByteString:
                return FromInteger(Truth(function, a[0]), I(function, a[1]), I(function, a[2]));
            case ByteStringToInteger:
                return Int(new BigInteger(B(function, a[1]).Span, isUnsigned: true, isBigEndian: Truth(function, a[0])));
            case AndByteString:
                return Combine(Truth(function, a[0]), B(function, a[1]), B(function, a[2]), (x, y) => (byte)(x & y));
            case OrByteString:
                return Combine(Truth(function, a[0]), B(function, a[1]), B(function, a[2]), (x, y) => (byte)(x | y));
            case XorByteString:
                return Combine(Truth(function, a[0]), B(function, a[1]), B(function, a[2]), (x, y) => (byte)(x ^ y));
            case ComplementByteString:
                return Bytes(B(function, a[0]).ToArray().Select(b => (byte)~b).ToArray());
            case ReadBit:
            {
                var bytes = B(function, a[0]);
                var index = BitIndex(function, I(function, a[1]), bytes.Length);
                return Bool(Get(bytes.Span, index));
            }

            case WriteBits:
            {
                var bytes = B(function, a[0]).ToArray();
                var bit = Truth(function, a[2]);
                foreach (var item in L(function, a[1]).Items())
                {
                    Set(bytes, BitIndex(function, I(function, item), bytes.Length), bit);
                }

                return Bytes(bytes);
            }

            case ReplicateByte:
            {
                var length = I(function, a[0]);
                var value = I(function, a[1]);
                if (length.Sign < 0 || length > MaxMade || value.Sign < 0 || value > 255)
                {
                    throw Refuse(function, $"{length} times {value}");
                }

                var bytes = new byte[(int)length];
                Array.Fill(bytes, (byte)value);
                return Bytes(bytes);
            }

            case ShiftByteString:
                return Shift(B(function, a[0]), I(function, a[1]));
            case RotateByteString:
                return Rotate(B(function, a[0]), I(function, a[1]));
            case CountSetBits:
            {
                var count = 0;
                foreach (var b in B(function, a[0]).Span)
                {
                    count += BitOperations.PopCount(b);
                }

                return Int(count);
            }

            case FindFirstSetBit:
            {
                var bytes = B(function, a[0]).Span;
                for (var i = 0L; i < bytes.Length * 8L; i++)
                {
                    if (Get(bytes, i))
                    {
                        return Int(i);
                    }
                }

                return Int(-1);
            }

            default:
                return null;
        }
    }

    private static Constant.ByteString FromInteger(bool bigEndian, BigInteger width, BigInteger value)
    {
        if (width.Sign < 0 || width > MaxMade)
        {
            throw Refuse(IntegerToByteString, $"the width {width}");
        }

        if (value.Sign < 0)
        {
            throw Refuse(IntegerToByteString, "a negative integer");
        }

        var needed = value.IsZero ? 0 : value.GetByteCount(isUnsigned: true);
        var size = width.IsZero ? needed : (int)width;
        if (needed > size || size > MaxMade)
        {
            throw Refuse(IntegerToByteString, $"{needed} bytes do not fit into {(width.IsZero ? MaxMade : size)}");
        }

        var bytes = new byte[size];
        if (needed > 0)
        {
            var digits = value.ToByteArray(isUnsigned: true, isBigEndian: bigEndian);
            digits.CopyTo(bytes, bigEndian ? size - needed : 0);
        }

        return Bytes(bytes);
    }

    // True: the shorter one counts as extended with what changes nothing; false: the longer one is cut.
    private static Constant.ByteString Combine(bool pad, ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y, Func<byte, byte, byte> combine)
    {
        var (longer, shorter) = x.Length >= y.Length ? (x, y) : (y, x);
        var result = (pad ? longer : longer[..shorter.Length]).ToArray();
        for (var i = 0; i < shorter.Length; i++)
        {
            result[i] = combine(longer.Span[i], shorter.Span[i]);
        }

        return Bytes(result);
    }

    // Amounts beyond a machine word fail, as they do in the node.
    private static void CheckWord(BuiltinFunction function, BigInteger amount)
    {
        if (amount < long.MinValue || amount > long.MaxValue)
        {
            throw Refuse(function, $"the amount {amount}");
        }
    }

    private static Constant.ByteString Shift(ReadOnlyMemory<byte> bytes, BigInteger amount)
    {
        CheckWord(ShiftByteString, amount);
        var bits = bytes.Length * 8L;
        var result = new byte[bytes.Length];
        if (BigInteger.Abs(amount) < bits)
        {
            var by = (long)amount;
            for (var i = 0L; i < bits; i++)
            {
                // Index 0 is the last bit, so a positive amount moves bits to higher indexes.
                if (i - by >= 0 && i - by < bits && Get(bytes.Span, i - by))
                {
                    Set(result, i, true);
                }
            }
        }

        return Bytes(result);
    }

    private static Constant.ByteString Rotate(ReadOnlyMemory<byte> bytes, BigInteger amount)
    {
        CheckWord(RotateByteString, amount);
        var bits = bytes.Length * 8L;
        if (bits == 0)
        {
            return Bytes(bytes);
        }

        var by = (long)(((amount % bits) + bits) % bits);
        var result = new byte[bytes.Length];
        for (var i = 0L; i < bits; i++)
        {
            if (Get(bytes.Span, (i - by + bits) % bits))
            {
                Set(result, i, true);
            }
        }

        return Bytes(result);
    }

    private static long BitIndex(BuiltinFunction function, BigInteger index, int length) =>
        index >= 0 && index < length * 8L ? (long)index : throw Refuse(function, $"bit {index} of {length} bytes");

    private static bool Get(ReadOnlySpan<byte> bytes, long bit) => ((bytes[bytes.Length - 1 - (int)(bit / 8)] >> (int)(bit % 8)) & 1) != 0;

    private static void Set(byte[] bytes, long bit, bool value)
    {
        var mask = (byte)(1 << (int)(bit % 8));
        ref var b = ref bytes[bytes.Length - 1 - (int)(bit / 8)];
        b = value ? (byte)(b | mask) : (byte)(b & ~mask);
    }
}
