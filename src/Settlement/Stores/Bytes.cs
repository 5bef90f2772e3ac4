using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Stores;

/// <summary>Values as the bytes that columns hold.</summary>
internal static class Bytes
{
    /// <summary>By what an identifier is looked up: the text itself has a thousand digits, and would stand in every row and index that knows it.</summary>
    public static byte[] HashOf(string identifier) => SHA256.HashData(Encoding.UTF8.GetBytes(identifier));

    /// <summary>Lowercase hex.</summary>
    public static byte[] Of(string hex) => Convert.FromHexString(hex);

    /// <summary>Lowercase hex, or nothing.</summary>
    public static byte[]? OfAny(string? hex) => hex is null ? null : Of(hex);

    /// <summary>The transaction, and two bytes of index: a transaction has no more outputs.</summary>
    public static byte[] Of(TxInput input)
    {
        var bytes = new byte[Hash32.Size + sizeof(ushort)];
        input.TxId.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(Hash32.Size), checked((ushort)input.Index));
        return bytes;
    }

    /// <summary>As <see cref="Of(TxInput)"/>, or nothing.</summary>
    public static byte[]? Of(TxInput? input) => input is { } known ? Of(known) : null;

    /// <summary>An address, or nothing.</summary>
    public static byte[]? Of(Address? address) => address?.Bytes.ToArray();

    /// <summary>Hex again.</summary>
    public static string ToHex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>The output that <see cref="Of(TxInput)"/> named.</summary>
    public static TxInput ToInput(byte[] bytes) =>
        new(ToTransaction(bytes.AsSpan(0, Hash32.Size)), BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(Hash32.Size)));

    /// <summary>A transaction's hash.</summary>
    public static TransactionId ToTransaction(ReadOnlySpan<byte> bytes) => new(new Hash32(bytes));

    /// <summary>An address, or nothing.</summary>
    public static Address? ToAddress(byte[]? bytes) => bytes is null ? null : Address.FromBytes(bytes);
}
