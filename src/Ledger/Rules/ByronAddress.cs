using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;
using Org.BouncyCastle.Crypto.Digests;

namespace Masumi.Ledger.Rules;

/// <summary>What the rules need of a Byron address: <c>[#6.24(bytes .cbor [root, attributes, type]), crc32]</c>.</summary>
internal sealed record ByronAddress(Hash28 Root, int AttributesSize)
{
    // [0, [0, 64 bytes]] up to the bytes, in an array of three.
    private static readonly byte[] RootPrefix = [0x83, 0x00, 0x82, 0x00, 0x58, 0x40];

    /// <summary>Null when the bytes are not such an address.</summary>
    public static ByronAddress? TryRead(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var outer = new CborReader(bytes, CborConformanceMode.Lax);
            outer.ReadStartArray();
            outer.ReadTag();
            var inner = new CborReader(outer.ReadByteString(), CborConformanceMode.Lax);
            inner.ReadStartArray();
            var root = inner.ReadByteString();
            var size = 0;
            for (var left = inner.ReadStartMap() ?? 0; left > 0; left--)
            {
                size += AttributeSize(inner.ReadUInt64(), inner.ReadByteString());
            }

            return root.Length == Hash28.Size ? new ByronAddress(new Hash28(root), size) : null;
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException)
        {
            return null;
        }
    }

    // What the ledger's bootstrapAddressAttrsSize counts: the derivation path without its head, the network not at all, all others whole.
    private static int AttributeSize(ulong key, byte[] value) =>
        key switch
        {
            1 => new CborReader(value, CborConformanceMode.Lax).ReadByteString().Length,
            2 => 0,
            _ => value.Length,
        };

    /// <summary>
    /// The root a bootstrap witness stands for: blake2b-224 of sha3-256 of <c>[0, [0, key and chain code], attributes]</c>, with the
    /// attributes' bytes as they are.
    /// </summary>
    public static Hash28 RootOf(BootstrapWitness witness)
    {
        byte[] preimage = [.. RootPrefix, .. witness.PublicKey.Span, .. witness.ChainCode.Span, .. witness.Attributes.Span];
        var sha3 = new Sha3Digest(256);
        sha3.BlockUpdate(preimage, 0, preimage.Length);
        var digest = new byte[32];
        sha3.DoFinal(digest, 0);
        return Blake2b.Hash224(digest);
    }
}
