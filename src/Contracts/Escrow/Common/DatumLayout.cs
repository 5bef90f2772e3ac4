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
/// validator parses, reads and writes, what is encoded and decoded off chain, and the schema follow from that.
/// </summary>
/// <param name="family">The generation.</param>
/// <param name="lastState">The last state its contract knows.</param>
internal sealed class DatumLayout<TDatum>(EscrowFamily family, EscrowState lastState) : DatumCodec(family)
    where TDatum : Data
{
    private readonly RecordLayout<TDatum> _record = new();
    private readonly List<(Func<Parsing, Decoded<TDatum>, Decoded<TDatum>> Parse, Func<Decoded<TDatum>, Term<Data>> Write)> _fields = [];

    // The property of the datum off chain that a field is.
    public delegate T Get<T>(EscrowDatum datum);

    public delegate EscrowDatum Set<T>(EscrowDatum datum, T value);

    /// <summary>The earliest deadline that is read off chain, in POSIX milliseconds.</summary>
    public required long FirstTime { get; init; }

    /// <summary>The least cooldown that is read off chain; null for any.</summary>
    public required long? LeastCooldown { get; init; }

    // The kinds of fields.

    public Field<TDatum, OnChainAddress> Party(string name, Get<Address> get, Set<Address> set) =>
        Add(Schema.Reference("Address", name), name, get, set, AddressData.Encode, (reader, data) => reader.Party(data), Party);

    public Field<TDatum, Option<OnChainAddress>> OptionalParty(string name, Get<Address?> get, Set<Address?> set) =>
        Add(Schema.Reference("OptionalAddress", name), name, get, set, AddressData.EncodeOptional, (reader, data) => reader.OptionalParty(data), OptionalParty);

    public Field<TDatum, Bytes> Bytes(string name, Get<ByteString> get, Set<ByteString> set, string? description = null) =>
        Add(Schema.Bytes(name, description), name, get, set, v => PlutusData.B(v.Memory), (reader, data) => reader.Bytes(data), Plain<Bytes>);

    public Field<TDatum, Int> Lovelace(string name, Get<Lovelace> get, Set<Lovelace> set, string? description = null) =>
        Add(
            Schema.Integer(name, description),
            name,
            get,
            set,
            v => PlutusData.I(v.Amount),
            (reader, data) => new Lovelace((long)reader.Number(data, 0, long.MaxValue)),
            Plain<Int>
        );

    public Field<TDatum, Int> Deadline(string name, Func<Deadlines, DateTimeOffset> get, Func<Deadlines, DateTimeOffset, Deadlines> set) =>
        Add<Int, DateTimeOffset>(
            Schema.Integer(name),
            name,
            datum => get(datum.Deadlines),
            (datum, v) => datum with { Deadlines = set(datum.Deadlines, v) },
            v => PlutusData.I(v.ToUnixTimeMilliseconds()),
            (reader, data) => reader.Time(data, FirstTime),
            Plain<Int>
        );

    public Field<TDatum, Int> Cooldown(string name, Get<BigInteger> get, Set<BigInteger> set) =>
        Add(Schema.Integer(name), name, get, set, v => PlutusData.I(v), (reader, data) => reader.Number(data, LeastCooldown, null), Plain<Int>);

    public Field<TDatum, Choice<EscrowState>> State(string name, Get<EscrowState> get, Set<EscrowState> set) =>
        Add(Schema.Reference("State", name), name, get, set, v => PlutusData.C((ulong)v), (reader, data) => reader.State(data), State);

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
        var parsing = new Parsing(b, new FieldReader<TDatum>(b, b.Open(datum)), checkAddress);
        var parsed = _fields.Aggregate(Decoded<TDatum>.Nothing, (parsed, field) => field.Parse(parsing, parsed));
        b.Require($"datum: {_record.Count} fields", parsing.Fields.AtEnd);
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

    // How each is parsed on chain, from the datum's next field.

    private static Term<TField> Plain<TField>(string name, Parsing parsing)
        where TField : IDataType => parsing.Fields.Next<TField>(name);

    private static Term<OnChainAddress> Party(string name, Parsing parsing)
    {
        var party = parsing.Fields.Next<OnChainAddress>(name);
        parsing.Block.Run(parsing.CheckAddress.Call(party));
        return party;
    }

    private static Term<Option<OnChainAddress>> OptionalParty(string name, Parsing parsing)
    {
        var party = parsing.Fields.Next<Option<OnChainAddress>>(name);
        parsing.Block.Run(DatumParsing.CheckOption(party, parsing.CheckAddress));
        return party;
    }

    private Term<Choice<EscrowState>> State(string name, Parsing parsing)
    {
        var data = parsing.Fields.Next<Data>(name);
        parsing.Block.Require("datum: state without fields", data.Fields.AreEmpty);
        var state = parsing.Block.Let(Decode<Choice<EscrowState>>(data), name);
        parsing.Block.Require("datum: known state", state <= lastState);
        return state;
    }

    private Field<TDatum, TField> Add<TField, TValue>(
        JsonObject schema,
        string name,
        Get<TValue> get,
        Set<TValue> set,
        Func<TValue, PlutusData> write,
        Func<DatumReader, PlutusData, TValue> read,
        Func<string, Parsing, Term<TField>> parse
    )
        where TField : IDataType
    {
        Add(name, datum => write(get(datum)), (reader, data, datum) => set(datum, read(reader, data)));
        var field = _record.Add<TField>(schema);
        _fields.Add(((parsing, parsed) => parsed.Append(parse(name, parsing)), fields => fields.At(field).ToData()));
        return field;
    }

    /// <summary>A datum that is being parsed on chain.</summary>
    private sealed record Parsing(Block Block, FieldReader<TDatum> Fields, Term<Fn<OnChainAddress, Unit>> CheckAddress);
}
