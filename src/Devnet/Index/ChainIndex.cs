using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;

namespace Masumi.Devnet.Index;

/// <summary>A transaction in a block.</summary>
/// <param name="Transaction">As the block holds it.</param>
/// <param name="Block">The block.</param>
/// <param name="Index">Its position there.</param>
/// <param name="Fee">What it paid: its fee, or its collateral.</param>
public sealed record TransactionRecord(Transaction Transaction, LedgerBlock Block, int Index, Lovelace Fee)
{
    /// <summary>The output it made at an index; null when it made none there.</summary>
    public TxOutput? OutputAt(int index)
    {
        var body = Transaction.Body;
        var outputs = body.Outputs;
        return Transaction.IsValid
            ? index >= 0 && index < outputs.Length
                ? outputs[index]
                : null
            : index == outputs.Length
                ? body.CollateralReturn
                : null;
    }

    internal OutputPosition PositionOf(int output) => new(Block.Height, Index, output);
}

/// <summary>An output that exists or existed, and where in the chain it was made.</summary>
internal sealed record OutputRecord(Utxo Utxo, LedgerBlock Block, OutputPosition Position, TransactionId? SpentBy);

/// <summary>Chain order of outputs: the order in which the API lists them.</summary>
internal readonly record struct OutputPosition(long Height, int Transaction, int Output) : IComparable<OutputPosition>
{
    public int CompareTo(OutputPosition other) =>
        Height != other.Height ? Height.CompareTo(other.Height)
        : Transaction != other.Transaction ? Transaction.CompareTo(other.Transaction)
        : Output.CompareTo(other.Output);
}

/// <summary>Finds outputs where they are: in the transactions that made them.</summary>
internal readonly struct OutputLookup(ChainIndex index)
{
    public OutputRecord this[TxInput input] => GetValueOrDefault(input) ?? throw new KeyNotFoundException($"There never was an output {input}.");

    public OutputRecord? GetValueOrDefault(TxInput input) =>
        index.Transactions.GetValueOrDefault(input.TxId) is { } record && record.OutputAt(input.Index) is { } output
            ? new OutputRecord(
                new Utxo(input, output),
                record.Block,
                record.PositionOf(input.Index),
                index.Spenders.TryGetValue(input, out var spender) ? spender : null
            )
            : null;
}

/// <summary>What happened at an address.</summary>
internal sealed record AddressRecord(ImmutableList<TransactionRecord> Transactions, ImmutableSortedDictionary<OutputPosition, Utxo> Utxos)
{
    public static AddressRecord Empty { get; } = new([], ImmutableSortedDictionary<OutputPosition, Utxo>.Empty);
}

/// <summary>One minting or burning.</summary>
internal sealed record MintRecord(TransactionRecord Transaction, Int128 Quantity);

/// <summary>What happened to an asset.</summary>
internal sealed record AssetRecord(
    AssetId Asset,
    ImmutableList<TransactionRecord> Transactions,
    ImmutableList<MintRecord> Mints,
    ImmutableDictionary<Address, Int128> Holders
)
{
    // One output holds up to 64 bits; sums over outputs are wider.
    public Int128 Quantity => Holders.Values.Aggregate(Int128.Zero, (sum, q) => sum + q);

    public static AssetRecord Of(AssetId asset) => new(asset, [], [], ImmutableDictionary<Address, Int128>.Empty);
}

/// <summary>
/// Everything the API can be asked, computed from blocks alone. Immutable: readers use one while the next is made, and after a rollback
/// an older one is used again.
/// </summary>
internal sealed record ChainIndex
{
    public ImmutableDictionary<Hash32, LedgerBlock> Blocks { get; init; } = ImmutableDictionary<Hash32, LedgerBlock>.Empty;

    public ImmutableDictionary<TransactionId, TransactionRecord> Transactions { get; init; } = ImmutableDictionary<TransactionId, TransactionRecord>.Empty;

    /// <summary>By which transaction an output was spent; most outputs there are, are not.</summary>
    public ImmutableDictionary<TxInput, TransactionId> Spenders { get; init; } = ImmutableDictionary<TxInput, TransactionId>.Empty;

    /// <summary>Every output there is or was.</summary>
    public OutputLookup Outputs => new(this);

    public ImmutableDictionary<Address, AddressRecord> Addresses { get; init; } = ImmutableDictionary<Address, AddressRecord>.Empty;

    public ImmutableDictionary<AssetId, AssetRecord> Assets { get; init; } = ImmutableDictionary<AssetId, AssetRecord>.Empty;

    /// <summary>The assets of a policy in the order of their first appearance.</summary>
    public ImmutableDictionary<PolicyId, ImmutableList<AssetId>> Policies { get; init; } = ImmutableDictionary<PolicyId, ImmutableList<AssetId>>.Empty;

    public ImmutableDictionary<ScriptHash, Script> Scripts { get; init; } = ImmutableDictionary<ScriptHash, Script>.Empty;

    public ImmutableDictionary<DatumHash, Datum> Datums { get; init; } = ImmutableDictionary<DatumHash, Datum>.Empty;

    /// <summary>The index with one more block.</summary>
    public ChainIndex With(LedgerBlock block)
    {
        var builder = new ChainIndexBuilder(this);
        builder.Add(block);
        return builder.ToIndex();
    }
}
