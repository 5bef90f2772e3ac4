using System.Buffers.Binary;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Registry.Common;

/// <summary>What makes the names of new tokens unique: an output can be spent only once.</summary>
internal static class NameSeed
{
    /// <summary>Transaction id followed by the index as four big-endian bytes; names of both generations are hashes of it.</summary>
    public static byte[] Bytes(TxInput seed)
    {
        var bytes = new byte[Hash32.Size + sizeof(int)];
        seed.TxId.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Hash32.Size), seed.Index);
        return bytes;
    }
}
