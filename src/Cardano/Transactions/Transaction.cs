using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Transactions;

/// <summary>A reference to a transaction output. Ordered by transaction id, then index, as the ledger orders inputs.</summary>
public readonly record struct TxInput(TransactionId TxId, int Index) : IComparable<TxInput>
{
    /// <summary>Parses <c>txid#index</c>; throws <see cref="FormatException"/>.</summary>
    public static TxInput Parse(string text)
    {
        var at = text.IndexOf('#', StringComparison.Ordinal);
        return at == 64 && Digits.TryRead<ushort>(text.AsSpan(at + 1), out var index)
            ? new TxInput(TransactionId.Parse(text[..at]), index)
            : throw new FormatException($"Not an output reference 'txid#index': '{text}'.");
    }

    /// <inheritdoc/>
    public int CompareTo(TxInput other) => TxId.CompareTo(other.TxId) is var order && order != 0 ? order : Index.CompareTo(other.Index);

    /// <summary><c>txid#index</c>.</summary>
    public override string ToString() => $"{TxId}#{Index}";

    /// <summary>Ledger order.</summary>
    public static bool operator <(TxInput left, TxInput right) => left.CompareTo(right) < 0;

    /// <summary>Ledger order.</summary>
    public static bool operator >(TxInput left, TxInput right) => left.CompareTo(right) > 0;

    /// <summary>Ledger order.</summary>
    public static bool operator <=(TxInput left, TxInput right) => left.CompareTo(right) <= 0;

    /// <summary>Ledger order.</summary>
    public static bool operator >=(TxInput left, TxInput right) => left.CompareTo(right) >= 0;
}

/// <summary>What an output says about its datum.</summary>
public abstract record TxDatum
{
    private TxDatum() { }

    /// <summary>Only the hash of the datum.</summary>
    public sealed record ByHash(DatumHash Hash) : TxDatum;

    /// <summary>The datum itself, in the output.</summary>
    public sealed record Inline(Datum Datum) : TxDatum;
}

/// <summary>
/// Plutus data together with the exact bytes it was received in (or written as). Hashes are over <see cref="Bytes"/>; equality is too.
/// </summary>
public sealed class Datum : IEquatable<Datum>
{
    private PlutusData? _data;

    private Datum(ReadOnlyMemory<byte> bytes, PlutusData? data)
    {
        Bytes = bytes;
        _data = data;
    }

    /// <summary>Our own data, written in the node's style.</summary>
    public static Datum Of(PlutusData data) => new(data.ToCbor(), data);

    /// <summary>Our own data in the fewest bytes, for a transaction that would otherwise not fit.</summary>
    public static Datum Shortest(PlutusData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(data.ToShortestCbor(), data);
    }

    /// <summary>Foreign bytes, kept as they are. Throws <see cref="CborFormatException"/> when they are not Plutus data.</summary>
    public static Datum FromCbor(ReadOnlyMemory<byte> bytes) => new(bytes, PlutusData.FromCbor(bytes));

    /// <summary>The CBOR bytes as received or written.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The decoded data.</summary>
    public PlutusData Data => _data ??= PlutusData.FromCbor(Bytes);

    /// <summary>blake2b-256 of <see cref="Bytes"/>.</summary>
    public DatumHash Hash => new(Blake2b.Hash256(Bytes.Span));

    /// <inheritdoc/>
    public bool Equals(Datum? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Datum);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}

/// <summary>An output. Equality is by content, not by encoding.</summary>
public sealed partial record TxOutput(Address Address, Value Value, TxDatum? Datum = null, Script? ReferenceScript = null);

/// <summary>An output together with where it is.</summary>
public sealed record Utxo(TxInput Input, TxOutput Output);

/// <summary>What a redeemer is for, with the numbers of the CDDL.</summary>
public enum RedeemerTag
{
    /// <summary>Spending an input.</summary>
    Spend = 0,

    /// <summary>Minting or burning under a policy.</summary>
    Mint = 1,

    /// <summary>A certificate.</summary>
    Cert = 2,

    /// <summary>A withdrawal.</summary>
    Reward = 3,

    /// <summary>A governance vote.</summary>
    Vote = 4,

    /// <summary>A governance proposal.</summary>
    Propose = 5,
}

/// <summary>Which script execution a redeemer is for: kind, and position in ledger order (spec cardano.md 7.2).</summary>
public readonly record struct RedeemerPointer(RedeemerTag Tag, int Index) : IComparable<RedeemerPointer>
{
    /// <inheritdoc/>
    public int CompareTo(RedeemerPointer other) => Tag.CompareTo(other.Tag) is var order && order != 0 ? order : Index.CompareTo(other.Index);

    /// <summary>For example <c>spend:0</c>.</summary>
    public override string ToString() => $"{Tag.ToString().ToLowerInvariant()}:{Index}";

    /// <summary>Ledger order.</summary>
    public static bool operator <(RedeemerPointer left, RedeemerPointer right) => left.CompareTo(right) < 0;

    /// <summary>Ledger order.</summary>
    public static bool operator >(RedeemerPointer left, RedeemerPointer right) => left.CompareTo(right) > 0;

    /// <summary>Ledger order.</summary>
    public static bool operator <=(RedeemerPointer left, RedeemerPointer right) => left.CompareTo(right) <= 0;

    /// <summary>Ledger order.</summary>
    public static bool operator >=(RedeemerPointer left, RedeemerPointer right) => left.CompareTo(right) >= 0;
}

/// <summary>The argument of one script execution and the units it may use.</summary>
public sealed record Redeemer(RedeemerPointer Pointer, Datum Data, ExUnits Units);

/// <summary>A signature by a Byron address key.</summary>
public sealed record BootstrapWitness(
    ReadOnlyMemory<byte> PublicKey,
    ReadOnlyMemory<byte> Signature,
    ReadOnlyMemory<byte> ChainCode,
    ReadOnlyMemory<byte> Attributes
);

/// <summary>A certificate, kept as CBOR. Its kind is the first array element (spec cardano.md 3.3).</summary>
public sealed record Certificate(int Kind, ReadOnlyMemory<byte> Cbor);

/// <summary>A transaction body (Conway). Collections are in the order of the bytes; optional fields are null or empty when absent.</summary>
public sealed partial record TransactionBody
{
    /// <summary>Key 0, in encoded order (redeemer pointers use sorted order).</summary>
    public required ImmutableArray<TxInput> Inputs { get; init; }

    /// <summary>Key 1.</summary>
    public required ImmutableArray<TxOutput> Outputs { get; init; }

    /// <summary>Key 2.</summary>
    public required Lovelace Fee { get; init; }

    /// <summary>Key 3: exclusive upper bound.</summary>
    public Slot? InvalidHereafter { get; init; }

    /// <summary>Key 8: inclusive lower bound.</summary>
    public Slot? InvalidBefore { get; init; }

    /// <summary>Key 4.</summary>
    public ImmutableArray<Certificate> Certificates { get; init; } = [];

    /// <summary>Key 5: reward account and amount, in encoded order.</summary>
    public ImmutableArray<KeyValuePair<Address, Lovelace>> Withdrawals { get; init; } = [];

    /// <summary>Key 7.</summary>
    public AuxiliaryDataHash? AuxiliaryDataHash { get; init; }

    /// <summary>Key 9: minted (positive) and burned (negative) assets; ADA part is zero.</summary>
    public Value Mint { get; init; } = Value.Zero;

    /// <summary>Key 11.</summary>
    public ScriptDataHash? ScriptDataHash { get; init; }

    /// <summary>Key 13, in encoded order.</summary>
    public ImmutableArray<TxInput> Collateral { get; init; } = [];

    /// <summary>Key 14.</summary>
    public ImmutableArray<KeyHash> RequiredSigners { get; init; } = [];

    /// <summary>Key 15.</summary>
    public NetworkId? NetworkId { get; init; }

    /// <summary>Key 16.</summary>
    public TxOutput? CollateralReturn { get; init; }

    /// <summary>Key 17.</summary>
    public Lovelace? TotalCollateral { get; init; }

    /// <summary>Key 18, in encoded order.</summary>
    public ImmutableArray<TxInput> ReferenceInputs { get; init; } = [];

    /// <summary>Key 19, as received; null when absent.</summary>
    public ReadOnlyMemory<byte>? VotingProcedures { get; init; }

    /// <summary>Key 20, as received; null when absent.</summary>
    public ReadOnlyMemory<byte>? ProposalProcedures { get; init; }

    /// <summary>Key 21.</summary>
    public Lovelace? CurrentTreasury { get; init; }

    /// <summary>Key 22.</summary>
    public Lovelace? Donation { get; init; }
}

/// <summary>The witness set.</summary>
public sealed partial record WitnessSet
{
    /// <summary>Key 0.</summary>
    public ImmutableArray<VKeyWitness> VKeys { get; init; } = [];

    /// <summary>Key 2.</summary>
    public ImmutableArray<BootstrapWitness> Bootstrap { get; init; } = [];

    /// <summary>Keys 1, 3, 6 and 7: native and Plutus scripts.</summary>
    public ImmutableArray<Script> Scripts { get; init; } = [];

    /// <summary>Key 4.</summary>
    public ImmutableArray<Datum> Datums { get; init; } = [];

    /// <summary>Key 5, one per pointer.</summary>
    public ImmutableArray<Redeemer> Redeemers { get; init; } = [];

    /// <summary>No witnesses.</summary>
    public static WitnessSet Empty { get; } = new();
}

/// <summary>
/// A whole transaction with the bytes it was received in or built as. <see cref="Id"/> is over the body's bytes as they stand there.
/// </summary>
public sealed partial class Transaction
{
    /// <summary>The body.</summary>
    public TransactionBody Body => Decoded.Body;

    /// <summary>The witnesses.</summary>
    public WitnessSet Witnesses => Decoded.Witnesses;

    /// <summary>False when the transaction admits that its scripts fail.</summary>
    public bool IsValid { get; }

    /// <summary>Metadata and auxiliary scripts.</summary>
    public AuxiliaryData? AuxiliaryData => Decoded.AuxiliaryData;

    /// <summary>The whole transaction in CBOR, as received or built.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>blake2b-256 of the body's bytes.</summary>
    public TransactionId Id { get; }
}
