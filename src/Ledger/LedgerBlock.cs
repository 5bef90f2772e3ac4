using System.Buffers.Binary;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger;

/// <summary>A block: transactions in order at a slot.</summary>
/// <param name="Height">0 for the first block.</param>
/// <param name="Hash">blake2b-256 over previous hash, height, slot, salt and transaction ids.</param>
/// <param name="Previous">The block before; null for the first.</param>
/// <param name="Slot">Later than the previous block's.</param>
/// <param name="Transactions">In the order they apply.</param>
public sealed record LedgerBlock(long Height, Hash32 Hash, Hash32? Previous, Slot Slot, ImmutableArray<Transaction> Transactions)
{
    /// <summary>Bytes of all transactions.</summary>
    public int Size { get; } = Transactions.Sum(t => t.Bytes.Length);

    /// <summary>A block on top of another. Salt sets blocks apart that are made again after a rollback.</summary>
    public static LedgerBlock On(LedgerBlock? previous, Slot slot, ImmutableArray<Transaction> transactions, long salt = 0)
    {
        var height = previous is null ? 0 : previous.Height + 1;
        var preimage = new byte[Hash32.Size + 24 + (transactions.Length * Hash32.Size)];
        previous?.Hash.CopyTo(preimage);
        BinaryPrimitives.WriteInt64BigEndian(preimage.AsSpan(Hash32.Size), height);
        BinaryPrimitives.WriteInt64BigEndian(preimage.AsSpan(Hash32.Size + 8), slot.Number);
        BinaryPrimitives.WriteInt64BigEndian(preimage.AsSpan(Hash32.Size + 16), salt);
        for (var i = 0; i < transactions.Length; i++)
        {
            transactions[i].Id.CopyTo(preimage.AsSpan(Hash32.Size + 24 + (i * Hash32.Size)));
        }

        return new LedgerBlock(height, Blake2b.Hash256(preimage), previous?.Hash, slot, transactions);
    }
}

/// <summary>Adds up what a block may hold (spec cardano.md 6.1).</summary>
public sealed class BlockBudget(ProtocolParameters parameters)
{
    /// <summary>Reference script bytes in one block; a constant of the ledger's code.</summary>
    public const int MaxReferenceScriptBytes = 1_048_576;

    private long _bytes;
    private Int128 _memory;
    private Int128 _steps;
    private long _referenceScriptBytes;

    /// <summary>Takes the transaction when it still fits; otherwise changes nothing and gives false.</summary>
    /// <param name="transaction">The next transaction.</param>
    /// <param name="state">The state it applies to, for its reference scripts.</param>
    public bool TryAdd(Transaction transaction, LedgerState state)
    {
        // As it counts for maxTxSize, so that the largest transaction fits the smallest block.
        var bytes = _bytes + transaction.Size;
        var memory = _memory;
        var steps = _steps;
        foreach (var redeemer in transaction.Witnesses.Redeemers)
        {
            memory += redeemer.Units.Memory;
            steps += redeemer.Units.Steps;
        }

        var outputs = transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs).Distinct().Select(state.Find).OfType<TxOutput>();
        var referenceScriptBytes = _referenceScriptBytes + Fees.ReferenceScriptBytes(outputs);
        if (
            bytes > parameters.MaxBlockBodySize
            || memory > parameters.MaxBlockExUnits.Memory
            || steps > parameters.MaxBlockExUnits.Steps
            || referenceScriptBytes > MaxReferenceScriptBytes
        )
        {
            return false;
        }

        (_bytes, _memory, _steps, _referenceScriptBytes) = (bytes, memory, steps, referenceScriptBytes);
        return true;
    }
}
