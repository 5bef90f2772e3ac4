using System.Formats.Cbor;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Transactions;

public sealed partial record TxOutput
{
    private const ulong EmbeddedCborTag = 24;
    private ReadOnlyMemory<byte> _received;
    private byte[]? _written;

    // A changed copy is a new output: the bytes of the original no longer describe it.
    private TxOutput(TxOutput original)
    {
        Address = original.Address;
        Value = original.Value;
        Datum = original.Datum;
        ReferenceScript = original.ReferenceScript;
    }

    /// <summary>The bytes as received, or our own encoding (map form).</summary>
    public ReadOnlyMemory<byte> Bytes => _received.IsEmpty ? _written ??= CborWriting.Encode(Write) : _received;

    /// <summary>Decodes either form; throws <see cref="CborFormatException"/>.</summary>
    public static TxOutput FromCbor(ReadOnlyMemory<byte> bytes)
    {
        var input = new CborInput(bytes.ToArray(), "output");
        var output = Read(input);
        input.ExpectEnd();
        return output;
    }

    /// <summary>This output with as much ADA as the ledger demands, unchanged when it already has it.</summary>
    public TxOutput WithMinUtxo(ProtocolParameters parameters)
    {
        // A larger amount can need more bytes, which demand more ADA again; the width grows at most a few times.
        var output = this;
        while (Fees.MinUtxo(parameters, output) is var least && output.Value.Coin < least)
        {
            output = output with { Value = output.Value + Value.Of(least - output.Value.Coin) };
        }

        return output;
    }

    /// <summary>The same output in a form: in the shortest, as an array of address and value where that says everything.</summary>
    internal TxOutput In(TransactionForm form)
    {
        if (form == TransactionForm.Usual || Datum is not null || ReferenceScript is not null)
        {
            return this;
        }

        return this with
        {
            _received = CborWriting.Encode(w =>
            {
                w.WriteStartArray(2);
                w.WriteByteString(Address.Bytes.Span);
                ValueCodec.Write(w, Value);
                w.WriteEndArray();
            }),
        };
    }

    /// <summary>Content equality; the encoding does not matter.</summary>
    public bool Equals(TxOutput? other) =>
        other is not null && Address == other.Address && Value == other.Value && Equals(Datum, other.Datum) && Equals(ReferenceScript, other.ReferenceScript);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Value);

    internal static TxOutput Read(CborInput input)
    {
        var start = input.Position;
        var output = input.PeekMajor() == CborMajor.Map ? ReadMapForm(input) : ReadLegacyForm(input);
        output._received = input.Since(start);
        return output;
    }

    private static TxOutput ReadLegacyForm(CborInput input)
    {
        var items = input.BeginArray();
        if (items.Remaining is { } count and (< 2 or > 3))
        {
            throw input.Error($"an output of {count} fields, 2 or 3 expected");
        }

        var address = AddressCodec.ReadOutputAddress(input);
        var value = ValueCodec.Read(input);
        var hasDatum = items.Remaining is { } length ? length == 3 : !input.TryReadBreak();
        if (!hasDatum)
        {
            return new TxOutput(address, value);
        }

        var datum = new TxDatum.ByHash(new DatumHash(input.ReadHash32()));
        items.End();
        return new TxOutput(address, value, datum);
    }

    private static TxOutput ReadMapForm(CborInput input)
    {
        Address? address = null;
        Value? value = null;
        TxDatum? datum = null;
        Script? script = null;
        var entries = input.BeginMap();
        while (entries.Next())
        {
            var key = input.ReadUInt64();
            var repeated = key switch
            {
                0 => address is not null,
                1 => value is not null,
                2 => datum is not null,
                3 => script is not null,
                _ => throw input.Error($"unknown output key {key}"),
            };
            if (repeated)
            {
                throw input.Error($"output key {key} stands twice");
            }

            switch (key)
            {
                case 0:
                    address = AddressCodec.ReadOutputAddress(input);
                    break;
                case 1:
                    value = ValueCodec.Read(input);
                    break;
                case 2:
                    datum = ReadDatumOption(input);
                    break;
                default:
                    input.ExpectTag(EmbeddedCborTag);
                    script = ScriptCodec.ReadReference(input.ReadBytes());
                    break;
            }
        }

        return address is not null && value is not null ? new TxOutput(address, value, datum, script) : throw input.Error("an output without address or value");
    }

    private static TxDatum ReadDatumOption(CborInput input)
    {
        var pair = input.BeginTuple(2);
        TxDatum datum;
        if (input.ReadUnsigned(1) == 0)
        {
            datum = new TxDatum.ByHash(new DatumHash(input.ReadHash32()));
        }
        else
        {
            input.ExpectTag(EmbeddedCborTag);
            datum = new TxDatum.Inline(Transactions.Datum.FromCbor(input.ReadBytes()));
        }

        pair.End();
        return datum;
    }

    private void Write(CborWriter writer)
    {
        writer.WriteStartMap(2 + (Datum is null ? 0 : 1) + (ReferenceScript is null ? 0 : 1));
        writer.WriteInt32(0);
        writer.WriteByteString(Address.Bytes.Span);
        writer.WriteInt32(1);
        ValueCodec.Write(writer, Value);
        if (Datum is not null)
        {
            writer.WriteInt32(2);
            writer.WriteStartArray(2);
            if (Datum is TxDatum.Inline inline)
            {
                writer.WriteInt32(1);
                writer.WriteTag((CborTag)EmbeddedCborTag);
                writer.WriteByteString(inline.Datum.Bytes.Span);
            }
            else
            {
                writer.WriteInt32(0);
                writer.WriteHash(((TxDatum.ByHash)Datum).Hash.Hash);
            }

            writer.WriteEndArray();
        }

        if (ReferenceScript is not null)
        {
            writer.WriteInt32(3);
            writer.WriteTag((CborTag)EmbeddedCborTag);
            writer.WriteByteString(CborWriting.Encode(w => ScriptCodec.WriteReference(w, ReferenceScript)));
        }

        writer.WriteEndMap();
    }
}
