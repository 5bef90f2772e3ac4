using System.Collections.Immutable;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;

namespace Masumi.Cardano.Transactions;

public sealed partial class Transaction
{
    /// <summary>Far above any network's maxTxSize (16,384 in 2026): what is larger is not looked at.</summary>
    public const int MaxBytes = 262_144;

    private const byte True = 0xf5;
    private const byte False = 0xf4;
    private const byte ArrayOf4 = 0x84;
    private const byte Null = 0xf6;

    private static readonly byte[] NoAuxiliaryData = [Null];

    // What is decoded; once forgotten, a weak reference to it, or null.
    private object? _parts;

    private Transaction(Parts parts, bool isValid, ReadOnlyMemory<byte> bytes)
    {
        _parts = parts;
        IsValid = isValid;
        Bytes = bytes;
        Id = new TransactionId(Blake2b.Hash256(parts.BodyBytes.Span));
    }

    private sealed record Parts(
        TransactionBody Body,
        ReadOnlyMemory<byte> BodyBytes,
        WitnessSet Witnesses,
        ReadOnlyMemory<byte> RedeemerBytes,
        ReadOnlyMemory<byte> DatumBytes,
        ReadOnlyMemory<byte> WitnessBytes,
        AuxiliaryData? AuxiliaryData
    );

    private Parts Decoded
    {
        get
        {
            var held = Volatile.Read(ref _parts);
            if ((held as Parts ?? ((held as WeakReference<Parts>)?.TryGetTarget(out var alive) == true ? alive : null)) is { } parts)
            {
                return parts;
            }

            // It was read before, so that it can be read.
            parts = Read(Bytes).Parts;
            Volatile.Write(ref _parts, new WeakReference<Parts>(parts));
            return parts;
        }
    }

    /// <summary>
    /// Keeps only the bytes, for those who keep many: what is decoded takes ten times as much. It is decoded again whenever somebody looks, and
    /// then held as long as memory is not needed otherwise.
    /// </summary>
    public void Forget()
    {
        if (Volatile.Read(ref _parts) is Parts)
        {
            Volatile.Write(ref _parts, null);
        }
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
        Create(body, witnesses, auxiliaryData, isValid, TransactionForm.Usual);

    /// <summary>Likewise, in a form of choice. What was received as bytes (a datum, a script) keeps them.</summary>
    internal static Transaction Create(TransactionBody body, WitnessSet witnesses, AuxiliaryData? auxiliaryData, bool isValid, TransactionForm form) =>
        Decode(
            Assemble(
                CborWriting.Encode(w => BodyCodec.Write(w, body, form)),
                CborWriting.Encode(w => WitnessCodec.Write(w, witnesses, form)),
                isValid,
                auxiliaryData?.Bytes ?? NoAuxiliaryData
            )
        );

    /// <summary>
    /// The same body bytes with more signatures; the id does not change. A key that signed before is replaced. They are a tagged set where the body's sets are
    /// tagged.
    /// </summary>
    public Transaction WithVKeys(IEnumerable<VKeyWitness> witnesses)
    {
        var added = witnesses.ToList();
        var vkeys = Witnesses.VKeys.Where(old => !added.Exists(w => w.PublicKey.Span.SequenceEqual(old.PublicKey.Span))).Concat(added).ToImmutableArray();
        var form = BodyCodec.HasTaggedSets(BodyBytes) ? TransactionForm.Usual : TransactionForm.Shortest;
        return Decode(Assemble(BodyBytes, WitnessCodec.WithVKeys(Decoded.WitnessBytes, vkeys, form), IsValid, AuxiliaryData?.Bytes ?? NoAuxiliaryData));
    }

    /// <summary>
    /// The same bytes of body, witnesses and auxiliary data with this validity flag, which is the block producer's to set: no signature covers it, and the id
    /// does not change.
    /// </summary>
    public Transaction WithValidity(bool isValid) =>
        isValid == IsValid ? this : Decode(Assemble(BodyBytes, Decoded.WitnessBytes, isValid, AuxiliaryData?.Bytes ?? NoAuxiliaryData));

    /// <summary>The body's bytes.</summary>
    public ReadOnlyMemory<byte> BodyBytes => Decoded.BodyBytes;

    /// <summary>
    /// Size for the fee and for maxTxSize: body, witnesses and auxiliary data in a new array, without the validity flag (spec cardano.md 5.1). How
    /// the array around them was encoded does not count.
    /// </summary>
    public int Size =>
        Bytes.Length
        - 1
        - Bytes.Span[0] switch
        {
            ArrayOf4 => 0,
            // An indefinite length, or one of more bytes than needed.
            0x9f or 0x98 => 1,
            0x99 => 2,
            0x9a => 4,
            _ => 8,
        };

    /// <summary>The redeemers' bytes as they stand (witness key 5), empty when absent; for the script data hash.</summary>
    public ReadOnlyMemory<byte> RedeemerBytes => Decoded.RedeemerBytes;

    /// <summary>The datums' bytes as they stand (witness key 4), empty when absent; for the script data hash.</summary>
    public ReadOnlyMemory<byte> DatumBytes => Decoded.DatumBytes;

    /// <summary>The <see cref="Size"/> that creating it in this form would give.</summary>
    internal static int SizeOf(TransactionBody body, WitnessSet witnesses, AuxiliaryData? auxiliaryData, TransactionForm form = TransactionForm.Usual) =>
        1
        + CborWriting.Encode(w => BodyCodec.Write(w, body, form)).Length
        + CborWriting.Encode(w => WitnessCodec.Write(w, witnesses, form)).Length
        + (auxiliaryData?.Bytes.Length ?? 1);

    private static Transaction Decode(ReadOnlyMemory<byte> bytes)
    {
        var (parts, isValid) = Read(bytes);
        return new Transaction(parts, isValid, bytes);
    }

    private static (Parts Parts, bool IsValid) Read(ReadOnlyMemory<byte> bytes)
    {
        var input = new CborInput(bytes, "transaction");
        var fields = input.BeginTuple(4);
        var start = input.Position;
        var body = BodyCodec.Read(input);
        var bodyBytes = input.Since(start);
        var witnessStart = input.Position;
        var (witnesses, redeemers, datums) = WitnessCodec.Read(input);
        var witnessBytes = input.Since(witnessStart);
        input.Place = "validity flag";
        var isValid = input.ReadBoolean();
        input.Place = "auxiliary data";
        var auxiliaryData = input.TryReadNull() ? null : AuxiliaryData.Read(input);
        fields.End();
        input.ExpectEnd();
        return (new Parts(body, bodyBytes, witnesses, redeemers, datums, witnessBytes, auxiliaryData), isValid);
    }

    private static byte[] Assemble(ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> witnesses, bool isValid, ReadOnlyMemory<byte> auxiliaryData) =>
        [ArrayOf4, .. body.Span, .. witnesses.Span, isValid ? True : False, .. auxiliaryData.Span];
}
