using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text;
using Masumi.Cardano;

namespace Masumi.Contracts.Metadata;

/// <summary>Builds auxiliary data that holds metadata only, in the Conway form: tag 259 around a map with key 0, labels ascending.</summary>
public static class TransactionMetadata
{
    /// <summary>Label of transaction messages (CIP-20).</summary>
    public const ulong MessageLabel = 674;

    /// <summary>Label of NFT metadata (CIP-25).</summary>
    public const ulong NftLabel = 721;

    /// <summary>The ledger's limit on a text or byte string, in bytes.</summary>
    public const int MaxStringBytes = 64;

    private const CborTag ConwayAuxiliaryData = (CborTag)259;

    /// <summary>Auxiliary data of these labels.</summary>
    public static AuxiliaryData Of(params ReadOnlySpan<KeyValuePair<ulong, Metadatum>> labels)
    {
        var metadata = ImmutableSortedDictionary<ulong, Metadatum>.Empty.AddRange(labels.ToArray());
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteTag(ConwayAuxiliaryData);
        writer.WriteStartMap(1);
        writer.WriteInt32(0);
        writer.WriteStartMap(metadata.Count);
        foreach (var (label, value) in metadata)
        {
            writer.WriteUInt64(label);
            Write(writer, value);
        }

        writer.WriteEndMap();
        writer.WriteEndMap();
        return new AuxiliaryData(metadata, [], writer.Encode());
    }

    /// <summary>The message of a Masumi transaction: <c>{"msg": ["Masumi", ...]}</c>.</summary>
    public static KeyValuePair<ulong, Metadatum> Message(params IEnumerable<string> words) =>
        new(MessageLabel, Map(("msg", new Metadatum.List([new Metadatum.Text("Masumi"), .. words.Select(w => new Metadatum.Text(w))]))));

    /// <summary>A map with text keys, in this order.</summary>
    public static Metadatum.Map Map(params IEnumerable<(string Key, Metadatum Value)> entries) =>
        new([.. entries.Select(e => new KeyValuePair<Metadatum, Metadatum>(new Metadatum.Text(e.Key), e.Value))]);

    /// <summary>The CBOR of one metadatum: definite lengths, map entries in the order given.</summary>
    public static byte[] Encode(Metadatum metadatum)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        Write(writer, metadatum);
        return writer.Encode();
    }

    private static void Write(CborWriter writer, Metadatum metadatum)
    {
        switch (metadatum)
        {
            case Metadatum.Int number:
                writer.WriteBigOrSmall(number.Value);
                break;
            case Metadatum.Bytes bytes when bytes.Value.Length <= MaxStringBytes:
                writer.WriteByteString(bytes.Value.Span);
                break;
            case Metadatum.Text text when Encoding.UTF8.GetByteCount(text.Value) <= MaxStringBytes:
                writer.WriteTextString(text.Value);
                break;
            case Metadatum.List list:
                writer.WriteStartArray(list.Items.Length);
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case Metadatum.Map map:
                writer.WriteStartMap(map.Entries.Length);
                foreach (var (key, value) in map.Entries)
                {
                    Write(writer, key);
                    Write(writer, value);
                }

                writer.WriteEndMap();
                break;
            default:
                throw new ArgumentException($"A metadata string has at most {MaxStringBytes} bytes: {metadatum}.", nameof(metadatum));
        }
    }

    private static void WriteBigOrSmall(this CborWriter writer, System.Numerics.BigInteger value)
    {
        if (value >= 0)
        {
            writer.WriteUInt64((ulong)value);
        }
        else
        {
            writer.WriteCborNegativeIntegerRepresentation((ulong)(-1 - value));
        }
    }
}
