using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>How the datum of one generation is written and read off chain: field by field, in the order they were added.</summary>
internal abstract class DatumCodec(EscrowFamily family)
{
    private readonly List<(string Name, Func<EscrowDatum, PlutusData> Write, Func<DatumReader, PlutusData, EscrowDatum, EscrowDatum> Read)> _fields = [];

    public static DatumCodec Of(EscrowFamily family) => family == EscrowFamily.V2 ? DatumV2.Layout : DatumV1.Layout;

    /// <summary>What the fields are called, in order.</summary>
    protected string[] Names => [.. _fields.Select(f => f.Name)];

    public PlutusData Encode(EscrowDatum datum) => PlutusData.C(0, [.. _fields.Select(f => f.Write(datum))]);

    /// <summary>Reads in order and stops at the first refusal.</summary>
    public bool TryDecode(
        PlutusData data,
        Address escrow,
        bool partiesNeedKeys,
        [NotNullWhen(true)] out EscrowDatum? datum,
        [NotNullWhen(false)] out DatumRefusal? refusal
    )
    {
        datum = null;
        if (data is not PlutusData.Constr { Tag: 0 } constr || constr.Fields.Length != _fields.Count)
        {
            refusal = new DatumRefusal(DatumRule.Shape, "datum", DatumReader.Describe(data), $"constructor 0 with {_fields.Count} fields");
            return false;
        }

        var reader = new DatumReader(family, escrow, partiesNeedKeys);
        var read = new EscrowDatum(family, escrow);
        foreach (var (field, value) in _fields.Zip(constr.Fields))
        {
            reader.Field = field.Name;
            read = field.Read(reader, value, read);
            if (reader.Refusal is not null)
            {
                refusal = reader.Refusal;
                return false;
            }
        }

        (datum, refusal) = (read, null);
        return true;
    }

    protected void Add(string name, Func<EscrowDatum, PlutusData> write, Func<DatumReader, PlutusData, EscrowDatum, EscrowDatum> read) =>
        _fields.Add((name, write, read));
}
