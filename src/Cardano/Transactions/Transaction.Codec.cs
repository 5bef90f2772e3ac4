using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano;

public sealed partial class Transaction
{
    /// <summary>Far above any network's maxTxSize (16,384 in 2026): what is larger is not looked at.</summary>
    public const int MaxBytes = 262_144;

    private const byte True = 0xf5;
    private const byte False = 0xf4;
    private const byte ArrayOf4 = 0x84;
    private const byte Null = 0xf6;

    private readonly SortedDictionary<int, ReadOnlyMemory<byte>> _witnessFields;
    private readonly ReadOnlyMemory<byte> _auxiliaryBytes;

    private Transaction(
        TransactionBody body,
        ReadOnlyMemory<byte> bodyBytes,
        (WitnessSet Set, SortedDictionary<int, ReadOnlyMemory<byte>> Fields) witnesses,
        bool isValid,
        AuxiliaryData? auxiliaryData,
        ReadOnlyMemory<byte> bytes
    )
    {
        Body = body;
        BodyBytes = bodyBytes;
        Witnesses = witnesses.Set;
        _witnessFields = witnesses.Fields;
        IsValid = isValid;
        AuxiliaryData = auxiliaryData;
        _auxiliaryBytes = auxiliaryData?.Bytes ?? new[] { Null };
        Bytes = bytes;
        Id = Blake2b.Hash256(bodyBytes.Span);
    }

    /// <summary>
    /// Decodes a Conway transaction as the node does: unknown or duplicate keys, empty sets, duplicate set elements, zero quantities and
    /// the like are refused with a <see cref="CborFormatException"/> that says where.
    /// </summary>
    public static Transaction FromCbor(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new CborFormatException($"A transaction of {bytes.Length} bytes; more than {MaxBytes} are not read.");
        }

        return Decode(bytes.ToArray());
    }

    /// <summary>
    /// Our own transaction, encoded deterministically (sets tagged 258, map-form outputs and redeemers). Throws
    /// <see cref="CborFormatException"/> for what no node would decode, such as a repeated input.
    /// </summary>
    public static Transaction Create(TransactionBody body, WitnessSet witnesses, AuxiliaryData? auxiliaryData = null, bool isValid = true) =>
        Decode(
            Assemble(
                CborWriting.Encode(w => BodyCodec.Write(w, body)),
                CborWriting.Encode(w => WitnessCodec.Write(w, witnesses)),
                isValid,
                auxiliaryData?.Bytes ?? new[] { Null }
            )
        );

    /// <summary>The same body bytes with more signatures; the id does not change. A key that signed before is replaced.</summary>
    public Transaction WithVKeys(IEnumerable<VKeyWitness> witnesses)
    {
        var added = witnesses.ToList();
        var vkeys = Witnesses.VKeys.Where(old => !added.Exists(w => w.PublicKey.Span.SequenceEqual(old.PublicKey.Span))).Concat(added).ToImmutableArray();
        var fields = new SortedDictionary<int, ReadOnlyMemory<byte>>(_witnessFields);
        if (!vkeys.IsEmpty)
        {
            fields[WitnessCodec.VKeysKey] = CborWriting.Encode(w => WitnessCodec.WriteVKeys(w, vkeys));
        }

        return Decode(Assemble(BodyBytes, CborWriting.Encode(w => WriteFields(w, fields)), IsValid, _auxiliaryBytes));
    }

    /// <summary>The body's bytes.</summary>
    public ReadOnlyMemory<byte> BodyBytes { get; }

    /// <summary>Size for the fee and for maxTxSize: all bytes without the validity flag (spec cardano.md 5.1).</summary>
    public int Size => Bytes.Length - 1;

    /// <summary>The redeemers' bytes as they stand (witness key 5), empty when absent; for the script data hash.</summary>
    public ReadOnlyMemory<byte> RedeemerBytes => _witnessFields.GetValueOrDefault(WitnessCodec.RedeemersKey);

    /// <summary>The datums' bytes as they stand (witness key 4), empty when absent; for the script data hash.</summary>
    public ReadOnlyMemory<byte> DatumBytes => _witnessFields.GetValueOrDefault(WitnessCodec.DatumsKey);

    /// <summary>The <see cref="Size"/> that <see cref="Create"/> would give.</summary>
    internal static int SizeOf(TransactionBody body, WitnessSet witnesses, AuxiliaryData? auxiliaryData) =>
        1
        + CborWriting.Encode(w => BodyCodec.Write(w, body)).Length
        + CborWriting.Encode(w => WitnessCodec.Write(w, witnesses)).Length
        + (auxiliaryData?.Bytes.Length ?? 1);

    private static Transaction Decode(ReadOnlyMemory<byte> bytes)
    {
        var input = new CborInput(bytes, "transaction");
        var fields = input.BeginTuple(4);
        var start = input.Position;
        var body = BodyCodec.Read(input);
        var bodyBytes = input.Since(start);
        var witnesses = WitnessCodec.Read(input);
        input.Place = "validity flag";
        var isValid = input.ReadBoolean();
        input.Place = "auxiliary data";
        var auxiliaryData = input.TryReadNull() ? null : AuxiliaryData.Read(input);
        fields.End();
        input.ExpectEnd();
        return new Transaction(body, bodyBytes, witnesses, isValid, auxiliaryData, bytes);
    }

    private static byte[] Assemble(ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> witnesses, bool isValid, ReadOnlyMemory<byte> auxiliaryData) =>
        [ArrayOf4, .. body.Span, .. witnesses.Span, isValid ? True : False, .. auxiliaryData.Span];

    private static void WriteFields(CborWriter writer, SortedDictionary<int, ReadOnlyMemory<byte>> fields)
    {
        writer.WriteStartMap(fields.Count);
        foreach (var (key, value) in fields)
        {
            writer.WriteInt32(key);
            writer.WriteEncodedValue(value.Span);
        }

        writer.WriteEndMap();
    }
}
