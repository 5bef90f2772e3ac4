using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;

namespace Masumi.Devnet.Storage;

/// <summary>A block as it lies on disk: an array of slot, hash and the transactions' bytes. Height and previous hash follow from its place.</summary>
internal readonly record struct StoredBlock(Slot Slot, Hash32 Hash, ReadOnlyMemory<byte>[] Transactions)
{
    public static StoredBlock Of(LedgerBlock block) => new(block.Slot, block.Hash, [.. block.Transactions.Select(t => t.Bytes)]);

    /// <summary>The block, its transactions decoded.</summary>
    public LedgerBlock ToBlock(long height, Hash32? previous) => new(height, Hash, previous, Slot, [.. Transactions.Select(t => Transaction.FromCbor(t))]);

    public static StoredBlock Read(CborReader reader)
    {
        reader.ReadStartArray();
        var slot = new Slot(reader.ReadInt64());
        var hash = new Hash32(reader.ReadDefiniteLengthByteString().Span);
        var transactions = new ReadOnlyMemory<byte>[reader.ReadStartArray() ?? throw new CborContentException("transactions of unknown number")];
        for (var i = 0; i < transactions.Length; i++)
        {
            transactions[i] = reader.ReadDefiniteLengthByteString();
        }

        reader.ReadEndArray();
        reader.ReadEndArray();
        return new StoredBlock(slot, hash, transactions);
    }

    public void Write(CborWriter writer)
    {
        writer.WriteStartArray(3);
        writer.WriteInt64(Slot.Number);
        writer.WriteByteString(Hash.ToArray());
        writer.WriteStartArray(Transactions.Length);
        foreach (var transaction in Transactions)
        {
            writer.WriteByteString(transaction.Span);
        }

        writer.WriteEndArray();
        writer.WriteEndArray();
    }
}

/// <summary>How the chain's time relates to the wall clock.</summary>
/// <param name="IsPaused">Whether it stands still.</param>
/// <param name="Ticks">Paused: the time, in UTC ticks. Running: how far ahead of the wall clock.</param>
internal readonly record struct StoredClock(bool IsPaused, long Ticks);

/// <summary>
/// One change of the chain: how many of its blocks stay, what comes after them, and the clock then. A block is made, blocks are taken back,
/// another branch is taken up, the clock is stopped: each is one record, so that each happens wholly or not at all.
/// </summary>
internal sealed record StoredChange(int Keep, long Salt, StoredClock Clock, IReadOnlyList<StoredBlock> Blocks)
{
    public static StoredChange Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Lax);
        reader.ReadStartArray();
        var keep = reader.ReadInt32();
        var salt = reader.ReadInt64();
        var clock = new StoredClock(reader.ReadBoolean(), reader.ReadInt64());
        var blocks = new StoredBlock[reader.ReadStartArray() ?? throw new CborContentException("blocks of unknown number")];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = StoredBlock.Read(reader);
        }

        reader.ReadEndArray();
        reader.ReadEndArray();
        return new StoredChange(keep, salt, clock, blocks);
    }

    public byte[] ToCbor()
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartArray(5);
        writer.WriteInt32(Keep);
        writer.WriteInt64(Salt);
        writer.WriteBoolean(Clock.IsPaused);
        writer.WriteInt64(Clock.Ticks);
        writer.WriteStartArray(Blocks.Count);
        foreach (var block in Blocks)
        {
            block.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }
}

/// <summary>How a chain began.</summary>
/// <param name="Time">When slot 0 starts.</param>
/// <param name="EpochLength">Slots of an epoch.</param>
/// <param name="Deposits">The deposits that states follow from.</param>
/// <param name="Fingerprint">Of the accounts of the first block.</param>
/// <param name="Block">The first block.</param>
internal sealed record StoredGenesis(DateTimeOffset Time, int EpochLength, long[] Deposits, byte[] Fingerprint, StoredBlock Block)
{
    public static StoredGenesis Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Lax);
        reader.ReadStartArray();
        var time = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var epochLength = reader.ReadInt32();
        var deposits = new long[reader.ReadStartArray() ?? throw new CborContentException("deposits of unknown number")];
        for (var i = 0; i < deposits.Length; i++)
        {
            deposits[i] = reader.ReadInt64();
        }

        reader.ReadEndArray();
        var fingerprint = reader.ReadByteString();
        var block = StoredBlock.Read(reader);
        reader.ReadEndArray();
        return new StoredGenesis(time, epochLength, deposits, fingerprint, block);
    }

    public byte[] ToCbor()
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartArray(5);
        writer.WriteInt64(Time.ToUnixTimeMilliseconds());
        writer.WriteInt32(EpochLength);
        writer.WriteStartArray(Deposits.Length);
        foreach (var deposit in Deposits)
        {
            writer.WriteInt64(deposit);
        }

        writer.WriteEndArray();
        writer.WriteByteString(Fingerprint);
        Block.Write(writer);
        writer.WriteEndArray();
        return writer.Encode();
    }
}
