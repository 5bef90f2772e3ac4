using System.Formats.Cbor;

namespace Masumi.Cardano.Cbor;

/// <summary>What all our encoders share. Definite lengths and shortest integers throughout.</summary>
internal static class CborWriting
{
    /// <summary>Encodes one item. Lax, because received parts are written as they are.</summary>
    public static byte[] Encode(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return writer.Encode();
    }

    public static void WriteHash(this CborWriter writer, Hash32 hash) => writer.WriteByteString(hash.ToArray());

    public static void WriteHash(this CborWriter writer, Hash28 hash) => writer.WriteByteString(hash.ToArray());

    public static void WriteCoin(this CborWriter writer, Lovelace coin) =>
        writer.WriteUInt64(coin.Exact >= 0 ? (ulong)coin.Exact : throw new ArgumentException($"A negative amount cannot be written: {coin}."));
}
