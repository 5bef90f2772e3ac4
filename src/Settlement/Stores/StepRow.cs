using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>A step of an escrow as its columns, and back.</summary>
internal sealed class StepRow
{
    private const string Columns =
        "source_id, height, tx_index, ordinal, tx_id, block_hash, slot, time_ms, identifier, kind, spent_ref, new_ref, new_output, signed_by_buyer, agreed, fee";

    public static string Insert { get; } =
        $"INSERT INTO escrow_step ({Columns}) VALUES (@SourceId, @Height, @TxIndex, @Ordinal, @TxId, @BlockHash, @Slot, @TimeMs, @Identifier, @Kind, @SpentRef, "
        + "@NewRef, @NewOutput, @SignedByBuyer, @Agreed, @Fee)";

    public string SourceId { get; set; } = "";
    public long Height { get; set; }
    public long TxIndex { get; set; }
    public long Ordinal { get; set; }
    public string TxId { get; set; } = "";
    public string BlockHash { get; set; } = "";
    public long Slot { get; set; }
    public long TimeMs { get; set; }
    public string Identifier { get; set; } = "";
    public string Kind { get; set; } = "";
    public string? SpentRef { get; set; }
    public string? NewRef { get; set; }
    public byte[]? NewOutput { get; set; }
    public long SignedByBuyer { get; set; }
    public long Agreed { get; set; }
    public long Fee { get; set; }

    public static async Task<ImmutableArray<EscrowStep>> ListAsync(Work work, string sourceId, string identifier) =>
        [
            .. (
                await work.QueryAsync<StepRow>(
                    $"SELECT {Columns} FROM escrow_step WHERE source_id = @sourceId AND identifier = @identifier ORDER BY height, tx_index, ordinal",
                    new { sourceId, identifier }
                )
            ).Select(r => r.ToStep()),
        ];

    /// <summary>Locks of payments that wait for a second provider's word, oldest first.</summary>
    public static async Task<ImmutableArray<EscrowStep>> ListUnagreedAsync(Work work, string sourceId) =>
        [
            .. (
                await work.QueryAsync<StepRow>(
                    $"SELECT {Columns} FROM escrow_step s WHERE source_id = @sourceId AND agreed = 0 AND signed_by_buyer = 1 AND EXISTS (SELECT 1 FROM deal d WHERE "
                        + "d.source_id = s.source_id AND d.identifier = s.identifier AND d.side = 'Payment' AND d.chain_state IS NULL) "
                        + "ORDER BY height, tx_index, ordinal LIMIT 50",
                    new { sourceId }
                )
            ).Select(r => r.ToStep()),
        ];

    public static StepRow From(EscrowStep e) =>
        new()
        {
            SourceId = e.SourceId,
            Height = e.Block.Height,
            TxIndex = e.TxIndex,
            Ordinal = e.Ordinal,
            TxId = e.TxId.ToString(),
            BlockHash = e.Block.Hash.ToString(),
            Slot = e.Block.Slot.Number,
            TimeMs = e.Block.Time.ToUnixTimeMilliseconds(),
            Identifier = e.Identifier,
            Kind = e.Action?.ToString() ?? "Lock",
            SpentRef = e.Spent?.ToString(),
            NewRef = e.Created?.ToString(),
            NewOutput = e.Output?.Bytes.ToArray(),
            SignedByBuyer = e.SignedByBuyer ? 1 : 0,
            Agreed = e.IsAgreed ? 1 : 0,
            Fee = e.Fee.Amount,
        };

    public EscrowStep ToStep() =>
        new(
            SourceId,
            new BlockPoint(Height, Hash32.Parse(BlockHash), new Slot(Slot), DateTimeOffset.FromUnixTimeMilliseconds(TimeMs)),
            (int)TxIndex,
            (int)Ordinal,
            TransactionId.Parse(TxId),
            Identifier,
            Kind == "Lock" ? null : Enum.Parse<EscrowAction>(Kind),
            SpentRef is null ? null : TxInput.Parse(SpentRef),
            NewRef is null ? null : TxInput.Parse(NewRef),
            NewOutput is null ? null : TxOutput.FromCbor(NewOutput),
            SignedByBuyer != 0,
            new Lovelace(Fee)
        )
        {
            IsAgreed = Agreed != 0,
        };
}
