using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Metadata;

/// <summary>Auxiliary data: metadata and scripts, with the bytes the hash is over.</summary>
/// <param name="Metadata">Label to metadatum.</param>
/// <param name="Scripts">Auxiliary scripts; rare.</param>
/// <param name="Bytes">The CBOR as received or written.</param>
public sealed record AuxiliaryData(ImmutableSortedDictionary<ulong, Metadatum> Metadata, ImmutableArray<Script> Scripts, ReadOnlyMemory<byte> Bytes)
{
    private const ulong AlonzoTag = 259;
    private const ulong LastAlonzoKey = 4;

    /// <summary>blake2b-256 of <see cref="Bytes"/>: what body key 7 must hold.</summary>
    public AuxiliaryDataHash Hash => new(Blake2b.Hash256(Bytes.Span));

    /// <summary>
    /// Metadata only, in the plain map form, labels ascending. Throws <see cref="ArgumentException"/> for a text or byte string over 64
    /// bytes, an integer outside 64 bits, or a repeated label.
    /// </summary>
    public static AuxiliaryData FromMetadata(IEnumerable<KeyValuePair<ulong, Metadatum>> metadata)
    {
        var sorted = ImmutableSortedDictionary.CreateBuilder<ulong, Metadatum>();
        foreach (var (label, value) in metadata)
        {
            sorted.Add(label, value);
        }

        return new AuxiliaryData(sorted.ToImmutable(), [], CborWriting.Encode(w => WriteMetadata(w, sorted)));
    }

    /// <summary>Metadata under one label.</summary>
    public static AuxiliaryData FromMetadata(ulong label, Metadatum metadatum) => FromMetadata([new(label, metadatum)]);

    /// <summary>Decodes any of the three forms; throws <see cref="CborFormatException"/>.</summary>
    public static AuxiliaryData FromCbor(ReadOnlyMemory<byte> bytes)
    {
        var input = new CborInput(bytes.ToArray(), "auxiliary data");
        var data = Read(input);
        input.ExpectEnd();
        return data;
    }

    internal static AuxiliaryData Read(CborInput input)
    {
        var start = input.Position;
        var (metadata, scripts) = input.PeekMajor() switch
        {
            CborMajor.Map => (ReadMetadata(input), []),
            CborMajor.Array => ReadArrayForm(input),
            _ => ReadMapForm(input),
        };
        return new AuxiliaryData(metadata, scripts, input.Since(start));
    }

    /// <summary>Shelley-MA: <c>[metadata, native scripts]</c>.</summary>
    private static (ImmutableSortedDictionary<ulong, Metadatum> Metadata, ImmutableArray<Script> Scripts) ReadArrayForm(CborInput input)
    {
        var pair = input.BeginTuple(2);
        var metadata = ReadMetadata(input);
        var scripts = input.ReadList(ScriptCodec.ReadNative);
        pair.End();
        return (metadata, scripts);
    }

    /// <summary>Alonzo: a tagged map of metadata and scripts by language.</summary>
    private static (ImmutableSortedDictionary<ulong, Metadatum> Metadata, ImmutableArray<Script> Scripts) ReadMapForm(CborInput input)
    {
        input.ExpectTag(AlonzoTag);
        var metadata = ImmutableSortedDictionary<ulong, Metadatum>.Empty;
        var scripts = ImmutableArray.CreateBuilder<Script>();
        var seen = new HashSet<ulong>();
        var entries = input.BeginMap();
        while (entries.Next())
        {
            var key = input.ReadUInt64();
            if (key > LastAlonzoKey || !seen.Add(key))
            {
                throw input.Error($"auxiliary data key {key} is unknown or stands twice");
            }

            switch (key)
            {
                case 0:
                    metadata = ReadMetadata(input);
                    break;
                case 1:
                    scripts.AddRange(input.ReadList(ScriptCodec.ReadNative));
                    break;
                default:
                    var language = (ScriptLanguage)(key - 1);
                    scripts.AddRange(input.ReadList(i => ScriptCodec.ReadPlutus(i, language)));
                    break;
            }
        }

        return (metadata, scripts.ToImmutable());
    }

    private static ImmutableSortedDictionary<ulong, Metadatum> ReadMetadata(CborInput input)
    {
        var metadata = ImmutableSortedDictionary.CreateBuilder<ulong, Metadatum>();
        var entries = input.BeginMap();
        while (entries.Next())
        {
            var label = input.ReadUInt64();
            if (!metadata.TryAdd(label, Metadatum.Read(input)))
            {
                throw input.Error($"metadata label {label} stands twice");
            }
        }

        return metadata.ToImmutable();
    }

    private static void WriteMetadata(CborWriter writer, ImmutableSortedDictionary<ulong, Metadatum>.Builder metadata)
    {
        writer.WriteStartMap(metadata.Count);
        foreach (var (label, value) in metadata)
        {
            writer.WriteUInt64(label);
            value.Write(writer);
        }

        writer.WriteEndMap();
    }
}
