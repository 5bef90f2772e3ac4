namespace Masumi.Plutus;

/// <summary>The flat binary form of programs (spec cardano.md 9.1).</summary>
public static class Flat
{
    /// <summary>Encodes a program, padded to a byte boundary.</summary>
    public static byte[] Encode(UplcProgram program) => throw new NotImplementedException();

    /// <summary>Decodes; throws <see cref="FormatException"/> with the bit position for anything malformed.</summary>
    public static UplcProgram Decode(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
}
