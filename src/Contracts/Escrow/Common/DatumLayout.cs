using System.Numerics;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Syntax;
using Deadlines = Masumi.Protocol.Deadlines;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// The fields of one generation's datum (<see cref="DatumV1"/>, <see cref="DatumV2"/>). Each is declared once, by a method that says what kind it is; what the
/// validator parses, reads and writes, what is encoded and decoded off chain, and the schema all follow from that.
/// </summary>
/// <param name="family">The generation.</param>
/// <param name="lastState">The last state its contract knows.</param>
internal sealed class DatumLayout<TDatum>(EscrowFamily family, EscrowState lastState) : DatumCodec(family)
    where TDatum : Data
{
    private readonly RecordLayout<TDatum> _record = new();
    private readonly List<(Parse Parse, Func<Decoded<TDatum>, Term<Data>> Write)> _fields = [];

    /// <summary>Parses one more field with the function that checks addresses.</summary>
    private delegate Decoded<TDatum> Parse(Decoded<TDatum> parsed, Block b, FieldReader<TDatum> read, Term<Fn<OnChainAddress, Unit>> checkAddress);

    /// <summary>The earliest deadline that is read off chain, in POSIX milliseconds.</summary>
    public required long FirstTime { get; init; }

    /// <summary>The least cooldown that is read off chain; null for any.</summary>
    public required long? LeastCooldown { get; init; }

    // The kinds of fields. Get and set are the property of the datum off chain.

    public Field<TDatum, OnChainAddress> Party(string name, Func<EscrowDatum, Address> get, Func<EscrowDatum, Address, EscrowDatum> set)
    {
        Add(name, datum => AddressData.Encode(get(datum)), (reader, data, datum) => set(datum, reader.Party(data)));
        return Add<OnChainAddress>(Schema.Reference("Address", name), (b, party, checkAddress) => b.Run(checkAddress.Call(party)), name);
    }

    public Field<TDatum, Option<OnChainAddress>> OptionalParty(string name, Func<EscrowDatum, Address?> get, Func<EscrowDatum, Address?, EscrowDatum> set)
    {
        Add(name, datum => AddressData.EncodeOptional(get(datum)), (reader, data, datum) => set(datum, reader.OptionalParty(data)));
        return Add<Option<OnChainAddress>>(
            Schema.Reference("OptionalAddress", name),
            (b, party, checkAddress) => b.Run(DatumParsing.CheckOption(party, checkAddress)),
            name
        );
    }

    public Field<TDatum, Bytes> Bytes(
        string name,
        Func<EscrowDatum, ByteString> get,
        Func<EscrowDatum, ByteString, EscrowDatum> set,
        string? description = null
    )
    {
        Add(name, datum => PlutusData.B(get(datum).Memory), (reader, data, datum) => set(datum, reader.Bytes(data)));
        return Add<Bytes>(Schema.Bytes(name, description), null, name);
    }

    public Field<TDatum, Int> Lovelace(
        string name,
        Func<EscrowDatum, Lovelace> get,
        Func<EscrowDatum, Lovelace, EscrowDatum> set,
        string? description = null
    ) => Number(name, d => get(d).Amount, (reader, data, d) => set(d, new Lovelace((long)reader.Number(data, 0, long.MaxValue))), description);

    public Field<TDatum, Int> Deadline(string name, Func<Deadlines, DateTimeOffset> get, Func<Deadlines, DateTimeOffset, Deadlines> set) =>
        Number(
            name,
            d => get(d.Deadlines).ToUnixTimeMilliseconds(),
            (reader, data, d) => d with { Deadlines = set(d.Deadlines, reader.Time(data, FirstTime)) }
        );

    public Field<TDatum, Int> Cooldown(string name, Func<EscrowDatum, BigInteger> get, Func<EscrowDatum, BigInteger, EscrowDatum> set) =>
        Number(name, get, (reader, data, d) => set(d, reader.Number(data, LeastCooldown, null)));

    public Field<TDatum, Choice<EscrowState>> State(string name, Func<EscrowDatum, EscrowState> get, Func<EscrowDatum, EscrowState, EscrowDatum> set)
    {
        Add(name, datum => PlutusData.C((ulong)get(datum)), (reader, data, datum) => set(datum, reader.State(data)));
        return Add<Choice<EscrowState>>(
            Schema.Reference("State", name),
            (b, read, _) =>
            {
                var data = read.Next<Data>(name);
                b.Require("datum: state without fields", data.Fields.AreEmpty);
                var state = b.Let(Decode<Choice<EscrowState>>(data), name);
                b.Require("datum: known state", state <= lastState);
                return state;
            }
        );
    }

    // What follows from them.

    /// <summary>The datum in the blueprint.</summary>
    public JsonObject Definition => Schema.Constructor(0, "Datum", _record.Schemas);

    /// <summary>
    /// Decodes a datum in depth and rejects anything else: exact constructors, exact field counts, kinds of every leaf. Lengths of hashes are not looked at, as
    /// the deployed contract does not.
    /// </summary>
    public Decoded<TDatum> Read(Block b, Term<TDatum> datum, Term<Fn<OnChainAddress, Unit>> checkAddress)
    {
        b.Require("datum: constructor 0", datum.Tag.Is(0));
        var read = new FieldReader<TDatum>(b, b.Open(datum));
        var parsed = _fields.Aggregate(Decoded<TDatum>.Nothing, (parsed, field) => field.Parse(parsed, b, read, checkAddress));
        b.Require($"datum: {_record.Count} fields", read.AtEnd);
        return parsed;
    }

    /// <summary><see cref="Read"/> as a function, for a validator that reads several; <see cref="Unpack"/> takes its result apart.</summary>
    public Term<Fn<TDatum, Decoded<TDatum>>> Parser(Block b)
    {
        var checkAddress = DatumParsing.AddressCheck(b);
        return b.Let(Function<TDatum, Decoded<TDatum>>(datum => Do(c => Read(c, datum, checkAddress).Pack())), "parseDatum");
    }

    /// <summary>The fields of a parsed datum.</summary>
    public Decoded<TDatum> Unpack(Block b, Term<Decoded<TDatum>> parsed) => Decoded<TDatum>.Unpack(b, parsed, Names);

    /// <summary>The datum with these fields.</summary>
    public Term<TDatum> Construct(Decoded<TDatum> fields) => Operators.Construct<TDatum>(0, [.. _fields.Select(f => f.Write(fields))]);

    private Field<TDatum, Int> Number(
        string name,
        Func<EscrowDatum, BigInteger> get,
        Func<DatumReader, PlutusData, EscrowDatum, EscrowDatum> set,
        string? description = null
    )
    {
        Add(name, datum => PlutusData.I(get(datum)), set);
        return Add<Int>(Schema.Integer(name, description), null, name);
    }

    private Field<TDatum, TField> Add<TField>(JsonObject schema, Action<Block, Term<TField>, Term<Fn<OnChainAddress, Unit>>>? check, string name)
        where TField : IDataType =>
        Add(
            schema,
            (b, read, checkAddress) =>
            {
                var value = read.Next<TField>(name);
                check?.Invoke(b, value, checkAddress);
                return value;
            }
        );

    private Field<TDatum, TField> Add<TField>(JsonObject schema, Func<Block, FieldReader<TDatum>, Term<Fn<OnChainAddress, Unit>>, Term<TField>> parse)
        where TField : IDataType
    {
        var field = _record.Add<TField>(schema);
        _fields.Add(((parsed, b, read, checkAddress) => parsed.Append(parse(b, read, checkAddress)), fields => fields.At(field).ToData()));
        return field;
    }
}
