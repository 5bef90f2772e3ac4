using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.FlatFormat;

/// <summary>The flat binary form of programs (spec cardano.md 9.1). Nesting is limited by memory, never by the stack.</summary>
public static class Flat
{
    /// <summary>Most fields of a constructor term that are read (PV11).</summary>
    internal const int MaxConstrFields = 1024;

    /// <summary>
    /// Encodes a program, padded to a byte boundary. Throws <see cref="FormatException"/> for constants of BLS12-381, which flat cannot carry.
    /// </summary>
    public static byte[] Encode(UplcProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return FlatEncoder.Encode(program);
    }

    /// <summary>Decodes; throws <see cref="FormatException"/> with the bit position for anything malformed, trailing bytes included.</summary>
    public static UplcProgram Decode(ReadOnlySpan<byte> bytes) => FlatDecoder.Decode(bytes);

    internal static BuiltinFunction BuiltinOf(int tag, long at) =>
        tag <= (int)BuiltinFunction.ScaleValue ? (BuiltinFunction)tag : throw new FormatException($"Flat: no builtin has the tag {tag} (bit {at}).");
}
