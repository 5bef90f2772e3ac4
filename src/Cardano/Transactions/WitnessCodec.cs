using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Transactions;

/// <summary>Witness sets (CDDL <c>transaction_witness_set</c>, spec cardano.md 3.4).</summary>
internal static class WitnessCodec
{
    public const int VKeysKey = 0;
    public const int DatumsKey = 4;
    public const int RedeemersKey = 5;
    private const int LastKey = 7;
    private const int PublicKeyLength = 32;
    private const int SignatureLength = 64;

    private static readonly string[] Places = [.. Enumerable.Range(0, LastKey + 1).Select(key => $"witness set key {key}")];

    private static readonly (int Key, ScriptLanguage Language)[] ScriptKeys =
    [
        (1, ScriptLanguage.Native),
        (3, ScriptLanguage.PlutusV1),
        (6, ScriptLanguage.PlutusV2),
        (7, ScriptLanguage.PlutusV3),
    ];

    /// <summary>Reads the set and the bytes of its redeemers and datums, empty when absent.</summary>
    public static (WitnessSet Witnesses, ReadOnlyMemory<byte> Redeemers, ReadOnlyMemory<byte> Datums) Read(CborInput input)
    {
        var witnesses = WitnessSet.Empty;
        ReadOnlyMemory<byte> redeemers = default;
        ReadOnlyMemory<byte> datums = default;
        var seen = 0u;
        var entries = input.BeginMap();
        while (entries.Next())
        {
            input.Place = "witness set";
            var key = (int)input.ReadUnsigned(LastKey);
            if ((seen & (1u << key)) != 0)
            {
                throw input.Error($"witness key {key} stands twice");
            }

            seen |= 1u << key;
            input.Place = Places[key];
            var start = input.Position;
            witnesses = ReadField(input, witnesses, key);
            switch (key)
            {
                case DatumsKey:
                    datums = input.Since(start);
                    break;
                case RedeemersKey:
                    redeemers = input.Since(start);
                    break;
            }
        }

        return (witnesses, redeemers, datums);
    }

    /// <summary>The bytes of a set with other signatures; all else as it stands.</summary>
    public static byte[] WithVKeys(ReadOnlyMemory<byte> bytes, ImmutableArray<VKeyWitness> vkeys, TransactionForm form)
    {
        var fields = new SortedDictionary<int, ReadOnlyMemory<byte>>();
        var input = new CborInput(bytes, "witness set");
        var entries = input.BeginMap();
        while (entries.Next())
        {
            fields.Add((int)input.ReadUnsigned(LastKey), input.ReadRaw());
        }

        if (!vkeys.IsEmpty)
        {
            fields[VKeysKey] = CborWriting.Encode(w => WriteVKeys(w, vkeys, form));
        }

        return CborWriting.Encode(w =>
        {
            w.WriteStartMap(fields.Count);
            foreach (var (key, value) in fields)
            {
                w.WriteInt32(key);
                w.WriteEncodedValue(value.Span);
            }

            w.WriteEndMap();
        });
    }

    public static void Write(CborWriter writer, WitnessSet witnesses, TransactionForm form = TransactionForm.Usual)
    {
        var tagged = form == TransactionForm.Usual;
        var fields = new SortedDictionary<int, Action<CborWriter>>();
        if (!witnesses.VKeys.IsEmpty)
        {
            fields.Add(VKeysKey, w => WriteVKeys(w, witnesses.VKeys, form));
        }

        foreach (var (key, language) in ScriptKeys)
        {
            if (witnesses.Scripts.Where(s => s.Language == language).ToImmutableArray() is { IsEmpty: false } scripts)
            {
                fields.Add(key, w => w.WriteSet(scripts, ScriptCodec.Write, tagged));
            }
        }

        if (!witnesses.Bootstrap.IsEmpty)
        {
            fields.Add(2, w => w.WriteSet(witnesses.Bootstrap, WriteBootstrap, tagged));
        }

        if (!witnesses.Datums.IsEmpty)
        {
            fields.Add(DatumsKey, w => WriteDatums(w, witnesses.Datums, form));
        }

        if (!witnesses.Redeemers.IsEmpty)
        {
            fields.Add(RedeemersKey, w => WriteRedeemers(w, witnesses.Redeemers, form));
        }

        writer.WriteStartMap(fields.Count);
        foreach (var (key, write) in fields)
        {
            writer.WriteInt32(key);
            write(writer);
        }

        writer.WriteEndMap();
    }

    /// <summary>The redeemers and datums exactly as <see cref="Write"/> puts them into the set; empty when there are none.</summary>
    public static (ReadOnlyMemory<byte> Redeemers, ReadOnlyMemory<byte> Datums) ScriptData(
        WitnessSet witnesses,
        TransactionForm form = TransactionForm.Usual
    ) =>
        (
            witnesses.Redeemers.IsEmpty ? default(ReadOnlyMemory<byte>) : CborWriting.Encode(w => WriteRedeemers(w, witnesses.Redeemers, form)),
            witnesses.Datums.IsEmpty ? default(ReadOnlyMemory<byte>) : CborWriting.Encode(w => WriteDatums(w, witnesses.Datums, form))
        );

    public static void WriteVKeys(CborWriter writer, ImmutableArray<VKeyWitness> witnesses, TransactionForm form) =>
        writer.WriteSet(
            witnesses,
            (w, witness) =>
            {
                w.WriteStartArray(2);
                w.WriteByteString(witness.PublicKey.Span);
                w.WriteByteString(witness.Signature.Span);
                w.WriteEndArray();
            },
            form == TransactionForm.Usual
        );

    private static WitnessSet ReadField(CborInput input, WitnessSet witnesses, int key)
    {
        switch (key)
        {
            case VKeysKey:
                return witnesses with { VKeys = input.ReadNonEmptyList(ReadVKey) };
            case 2:
                return witnesses with { Bootstrap = input.ReadNonEmptyList(ReadBootstrap) };
            case DatumsKey:
                return witnesses with { Datums = input.ReadNonEmptyList(ReadDatum) };
            case RedeemersKey:
                return witnesses with { Redeemers = ReadRedeemers(input) };
            case 1:
                return witnesses with { Scripts = witnesses.Scripts.AddRange(input.ReadNonEmptyList(ScriptCodec.ReadNative)) };
            default:
                var language = ScriptKeys.First(k => k.Key == key).Language;
                return witnesses with { Scripts = witnesses.Scripts.AddRange(input.ReadNonEmptySet(i => ScriptCodec.ReadPlutus(i, language))) };
        }
    }

    private static VKeyWitness ReadVKey(CborInput input)
    {
        var pair = input.BeginTuple(2);
        var witness = new VKeyWitness(input.ReadBytes(PublicKeyLength), input.ReadBytes(SignatureLength));
        pair.End();
        return witness;
    }

    private static BootstrapWitness ReadBootstrap(CborInput input)
    {
        var fields = input.BeginTuple(4);
        var witness = new BootstrapWitness(input.ReadBytes(PublicKeyLength), input.ReadBytes(SignatureLength), input.ReadBytes(), input.ReadBytes());
        fields.End();
        return witness;
    }

    private static void WriteBootstrap(CborWriter writer, BootstrapWitness witness)
    {
        writer.WriteStartArray(4);
        writer.WriteByteString(witness.PublicKey.Span);
        writer.WriteByteString(witness.Signature.Span);
        writer.WriteByteString(witness.ChainCode.Span);
        writer.WriteByteString(witness.Attributes.Span);
        writer.WriteEndArray();
    }

    private static void WriteDatums(CborWriter writer, ImmutableArray<Datum> datums, TransactionForm form) =>
        writer.WriteSet(datums, (w, datum) => w.WriteEncodedValue(datum.Bytes.Span), form == TransactionForm.Usual);

    private static Datum ReadDatum(CborInput input) => Datum.FromCbor(input.ReadRaw());

    /// <summary>
    /// Either form. In the map form a repeated pointer is refused; in the list form the last one stands, at the place of its pointer,
    /// because the ledger builds its map from the list.
    /// </summary>
    private static ImmutableArray<Redeemer> ReadRedeemers(CborInput input)
    {
        var redeemers = new SortedDictionary<RedeemerPointer, Redeemer>();
        if (input.PeekMajor() == CborMajor.Map)
        {
            var entries = input.BeginMap();
            while (entries.Next())
            {
                var key = input.BeginTuple(2);
                var pointer = ReadPointer(input);
                key.End();
                var value = input.BeginTuple(2);
                if (!redeemers.TryAdd(pointer, ReadContent(input, pointer)))
                {
                    throw input.Error($"redeemer {pointer} stands twice");
                }

                value.End();
            }
        }
        else
        {
            var items = input.BeginArray();
            while (items.Next())
            {
                var fields = input.BeginTuple(4);
                var pointer = ReadPointer(input);
                redeemers[pointer] = ReadContent(input, pointer);
                fields.End();
            }
        }

        return redeemers.Count > 0 ? [.. redeemers.Values] : throw input.Error("empty redeemers; the field must be left out");
    }

    private static RedeemerPointer ReadPointer(CborInput input) =>
        new((RedeemerTag)input.ReadUnsigned((long)RedeemerTag.Propose), (int)input.ReadUnsigned(int.MaxValue));

    private static Redeemer ReadContent(CborInput input, RedeemerPointer pointer)
    {
        var data = ReadDatum(input);
        var pair = input.BeginTuple(2);
        var units = new ExUnits(input.ReadUnsigned(), input.ReadUnsigned());
        pair.End();
        return new Redeemer(pointer, data, units);
    }

    private static void WriteRedeemers(CborWriter writer, ImmutableArray<Redeemer> redeemers, TransactionForm form)
    {
        if (form == TransactionForm.Shortest)
        {
            WriteRedeemerList(writer, redeemers);
            return;
        }

        writer.WriteStartMap(redeemers.Length);
        foreach (var redeemer in redeemers.OrderBy(r => r.Pointer))
        {
            writer.WriteStartArray(2);
            writer.WriteInt32((int)redeemer.Pointer.Tag);
            writer.WriteInt32(redeemer.Pointer.Index);
            writer.WriteEndArray();
            writer.WriteStartArray(2);
            writer.WriteEncodedValue(redeemer.Data.Bytes.Span);
            writer.WriteStartArray(2);
            writer.WriteInt64(redeemer.Units.Memory);
            writer.WriteInt64(redeemer.Units.Steps);
            writer.WriteEndArray();
            writer.WriteEndArray();
        }

        writer.WriteEndMap();
    }

    // The older form: one array less for each.
    private static void WriteRedeemerList(CborWriter writer, ImmutableArray<Redeemer> redeemers)
    {
        writer.WriteStartArray(redeemers.Length);
        foreach (var redeemer in redeemers.OrderBy(r => r.Pointer))
        {
            writer.WriteStartArray(4);
            writer.WriteInt32((int)redeemer.Pointer.Tag);
            writer.WriteInt32(redeemer.Pointer.Index);
            writer.WriteEncodedValue(redeemer.Data.Bytes.Span);
            writer.WriteStartArray(2);
            writer.WriteInt64(redeemer.Units.Memory);
            writer.WriteInt64(redeemer.Units.Steps);
            writer.WriteEndArray();
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
