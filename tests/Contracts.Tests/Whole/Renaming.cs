using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>Puts other hashes in place of some, wherever they stand: scripts' in addresses, datums and redeemers, transactions' in references and what names them.</summary>
internal sealed class Renaming(IEnumerable<(ScriptHash From, ScriptHash To)> scripts, IEnumerable<(TransactionId From, TransactionId To)> transactions)
{
    private readonly ImmutableArray<(ScriptHash From, ScriptHash To)> _scripts = [.. scripts];
    private readonly ImmutableArray<(TransactionId From, TransactionId To)> _transactions = [.. transactions];
    private readonly ImmutableArray<(byte[] From, byte[] To)> _bytes =
    [
        .. scripts.Select(s => (s.From.ToArray(), s.To.ToArray())),
        .. transactions.Select(t => (t.From.ToArray(), t.To.ToArray())),
    ];

    public Renaming(ScriptHash from, ScriptHash to)
        : this([(from, to)], []) { }

    public TxInput Of(TxInput input) => new(_transactions.Where(t => t.From == input.TxId).Select(t => t.To).FirstOrDefault(input.TxId), input.Index);

    public TxOutput Of(TxOutput output) =>
        output with
        {
            Address = Of(output.Address),
            Datum = output.Datum is TxDatum.Inline inline ? new TxDatum.Inline(Datum.Of(Of(inline.Datum.Data))) : output.Datum,
        };

    public PlutusData Of(PlutusData data) =>
        data switch
        {
            PlutusData.Constr constr => new PlutusData.Constr(constr.Tag, [.. constr.Fields.Select(Of)]),
            PlutusData.List list => new PlutusData.List([.. list.Items.Select(Of)]),
            PlutusData.Map map => new PlutusData.Map([.. map.Entries.Select(e => KeyValuePair.Create(Of(e.Key), Of(e.Value)))]),
            PlutusData.Bytes bytes => _bytes.FirstOrDefault(b => bytes.Value.Span.SequenceEqual(b.From)).To is { } to ? PlutusData.B(to) : data,
            _ => data,
        };

    private Address Of(Address address) =>
        address.Payment?.AsScript is { } script && _scripts.Where(s => s.From == script).Select(s => s.To).FirstOrDefault(script) is var to && to != script
            ? Address.Create(address.Network, Credential.Script(to), address.Stake)
            : address;
}
