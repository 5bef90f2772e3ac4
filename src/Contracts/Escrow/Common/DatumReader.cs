using System.Numerics;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Reads the fields of a datum off chain and keeps the first refusal; what it gives after one is not to be used.</summary>
internal sealed class DatumReader(EscrowFamily family, Address escrow, bool partiesNeedKeys)
{
    /// <summary>The field that is being read.</summary>
    public string Field { get; set; } = "datum";

    public DatumRefusal? Refusal { get; private set; }

    public Address Party(PlutusData data)
    {
        if (AddressData.Decode(data, escrow.Network) is not { } address)
        {
            Refuse(DatumRule.FieldType, Describe(data), "a base or enterprise address");
            return escrow;
        }

        if (family == EscrowFamily.V2 && address == escrow)
        {
            Refuse(DatumRule.PartyIsNotEscrow, address.ToString(), "an address other than the escrow's");
        }
        else if (partiesNeedKeys && address.Payment is not { IsKey: true })
        {
            Refuse(DatumRule.KeyAddress, address.ToString(), "a payment key credential");
        }

        return address;
    }

    public Address? OptionalParty(PlutusData data)
    {
        switch (data)
        {
            case PlutusData.Constr { Tag: 1, Fields.Length: 0 }:
                return null;
            case PlutusData.Constr { Tag: 0, Fields: [var some] }:
                return Party(some);
            default:
                Refuse(DatumRule.FieldType, Describe(data), "an optional address");
                return null;
        }
    }

    public ByteString Bytes(PlutusData data)
    {
        if (data is PlutusData.Bytes bytes)
        {
            return new ByteString(bytes.Value.Span);
        }

        Refuse(DatumRule.FieldType, Describe(data), "bytes");
        return ByteString.Empty;
    }

    public BigInteger Number(PlutusData data, long? least, long? most)
    {
        if (data is not PlutusData.Integer number)
        {
            Refuse(DatumRule.FieldType, Describe(data), "an integer");
            return BigInteger.Zero;
        }

        if (number.Value < least || number.Value > most)
        {
            Refuse(DatumRule.NumberRange, Describe(number), most is null ? $"at least {least}" : $"{least} to {most}");
            return BigInteger.Zero;
        }

        return number.Value;
    }

    // The deadlines never change after the lock, so one that is no calendar time can match no agreed terms: nothing is lost by refusing it.
    public DateTimeOffset Time(PlutusData data, long least) => DateTimeOffset.FromUnixTimeMilliseconds((long)Number(data, least, EscrowDatum.LastMillisecond));

    public EscrowState State(PlutusData data)
    {
        if (data is PlutusData.Constr { Tag: <= 5, Fields.Length: 0 } state)
        {
            return (EscrowState)state.Tag;
        }

        Refuse(DatumRule.State, Describe(data), "constructor 0 to 5 without fields");
        return default;
    }

    public static string Describe(PlutusData data) =>
        data switch
        {
            PlutusData.Constr c => $"constructor {c.Tag} with {c.Fields.Length} fields",
            PlutusData.Map m => $"map of {m.Entries.Length}",
            PlutusData.List l => $"list of {l.Items.Length}",
            PlutusData.Integer i => i.Value.GetBitLength() <= 128 ? $"integer {i.Value}" : $"integer of {i.Value.GetBitLength()} bits",
            PlutusData.Bytes b => $"{b.Value.Length} bytes",
            _ => "nothing",
        };

    private void Refuse(DatumRule rule, string supplied, string required) => Refusal ??= new DatumRefusal(rule, Field, supplied, required);
}
