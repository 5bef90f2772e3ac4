using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>A step of an escrow as its columns, and back.</summary>
internal class StepRow
{
    private const string Columns =
        "source_id, height, tx_index, ordinal, tx_id, block_hash, slot, time_ms, identifier_hash, kind, spent_ref, new_index, new_output, signed_by_buyer, agreed, fee, "
        + "tx_fee, state, to_buyer, to_seller";

    private static readonly string Qualified = string.Join(", ", Columns.Split(", ").Select(c => "s." + c));

    public static string Insert { get; } =
        $"INSERT INTO escrow_step ({Columns}) VALUES (@SourceId, @Height, @TxIndex, @Ordinal, @TxId, @BlockHash, @Slot, @TimeMs, @IdentifierHash, @Kind, "
        + "@SpentRef, @NewIndex, @NewOutput, @SignedByBuyer, @Agreed, @Fee, @TxFee, @State, @ToBuyer, @ToSeller)";

    public string SourceId { get; set; } = "";
    public long Height { get; set; }
    public long TxIndex { get; set; }
    public long Ordinal { get; set; }
    public byte[] TxId { get; set; } = [];
    public byte[] BlockHash { get; set; } = [];
    public long Slot { get; set; }
    public long TimeMs { get; set; }
    public byte[] IdentifierHash { get; set; } = [];
    public string Kind { get; set; } = "";
    public byte[]? SpentRef { get; set; }
    public long? NewIndex { get; set; }
    public byte[]? NewOutput { get; set; }
    public long SignedByBuyer { get; set; }
    public long Agreed { get; set; }
    public long Fee { get; set; }
    public long TxFee { get; set; }
    public string? State { get; set; }
    public string? ToBuyer { get; set; }
    public string? ToSeller { get; set; }

    public static async Task<ImmutableArray<EscrowStep>> ListAsync(Work work, string sourceId, string identifier) =>
        [
            .. (
                await work.QueryAsync<StepRow>(
                    $"SELECT {Columns} FROM escrow_step WHERE identifier_hash = @hash AND source_id = @sourceId ORDER BY height, tx_index, ordinal",
                    new { sourceId, hash = Bytes.HashOf(identifier) }
                )
            ).Select(r => r.ToStep(identifier)),
        ];

    /// <summary>The steps of identifiers with these hashes at a source, each in chain order.</summary>
    public static async Task<ILookup<Hash32, StepRow>> ListAsync(Work work, string sourceId, IEnumerable<byte[]> identifierHashes) =>
        (
            await work.QueryAsync<StepRow>(
                identifierHashes,
                $"SELECT {Columns} FROM escrow_step WHERE identifier_hash IN (@keys) AND source_id = @sourceId ORDER BY height, tx_index, ordinal",
                new { sourceId }
            )
        ).ToLookup(r => new Hash32(r.IdentifierHash));

    /// <summary>Of identifiers with these hashes those at a source with a lock that bears its buyer's signature.</summary>
    public static async Task<IEnumerable<Hash32>> ListLockedAsync(Work work, string sourceId, IEnumerable<byte[]> identifierHashes) =>
        (
            await work.QueryAsync<byte[]>(
                identifierHashes,
                "SELECT identifier_hash FROM escrow_step WHERE identifier_hash IN (@keys) AND source_id = @sourceId AND kind = 'Lock' AND signed_by_buyer = 1",
                new { sourceId }
            )
        ).Select(h => new Hash32(h));

    /// <summary>Locks without their buyer's signature under identifiers of deals that wait, from a height on, newest first.</summary>
    public static Task<List<StepRow>> ListUnsignedAsync(Work work, string sourceId, long fromHeight, int limit) =>
        work.QueryAsync<StepRow>(
            $"SELECT {Columns} FROM escrow_step s WHERE s.source_id = @sourceId AND s.height >= @fromHeight AND s.kind = 'Lock' AND s.signed_by_buyer = 0 "
                + "AND EXISTS (SELECT 1 FROM deal d WHERE d.identifier_hash = s.identifier_hash AND d.source_id = s.source_id AND d.chain_state IS NULL) "
                + "ORDER BY s.height DESC, s.tx_index DESC, s.ordinal DESC LIMIT @limit",
            new
            {
                sourceId,
                fromHeight,
                limit,
            }
        );

    /// <summary>Locks of payments that wait for a second provider's word, oldest first.</summary>
    public static async Task<ImmutableArray<EscrowStep>> ListUnagreedAsync(Work work, string sourceId) =>
        [
            .. (
                await work.QueryAsync<UnagreedRow>(
                    $"SELECT {Qualified}, d.identifier FROM escrow_step s JOIN deal d ON d.identifier_hash = s.identifier_hash AND d.source_id = s.source_id "
                        + "WHERE s.source_id = @sourceId AND s.agreed = 0 AND s.signed_by_buyer = 1 AND d.side = 'Payment' AND d.chain_state IS NULL "
                        + "ORDER BY s.height, s.tx_index, s.ordinal LIMIT 50",
                    new { sourceId }
                )
            ).Select(r => r.ToStep(Bytes.ToHex(r.Identifier))),
        ];

    public static StepRow From(EscrowStep e) =>
        new()
        {
            SourceId = e.SourceId,
            Height = e.Block.Height,
            TxIndex = e.TxIndex,
            Ordinal = e.Ordinal,
            TxId = e.TxId.ToArray(),
            BlockHash = e.Block.Hash.ToArray(),
            Slot = e.Block.Slot.Number,
            TimeMs = e.Block.Time.ToUnixTimeMilliseconds(),
            IdentifierHash = Bytes.HashOf(e.Identifier),
            Kind = e.Action?.ToString() ?? "Lock",
            SpentRef = Bytes.Of(e.Spent),
            NewIndex = e.Created?.Index,
            NewOutput = e.Output?.Bytes.ToArray(),
            SignedByBuyer = e.SignedByBuyer ? 1 : 0,
            Agreed = e.IsAgreed ? 1 : 0,
            Fee = e.Fee.Amount,
            TxFee = e.TransactionFee.Amount,
            State = e.State is { } state ? Word.Text(state) : null,
            ToBuyer = e.ToBuyer.IsZero ? null : Amounts.ToJson(e.ToBuyer),
            ToSeller = e.ToSeller.IsZero ? null : Amounts.ToJson(e.ToSeller),
        };

    public EscrowStep ToStep(string identifier) =>
        new(
            SourceId,
            new BlockPoint(Height, new Hash32(BlockHash), new Slot(Slot), DateTimeOffset.FromUnixTimeMilliseconds(TimeMs)),
            (int)TxIndex,
            (int)Ordinal,
            Bytes.ToTransaction(TxId),
            identifier,
            Kind == "Lock" ? null : Enum.Parse<EscrowAction>(Kind),
            SpentRef is null ? null : Bytes.ToInput(SpentRef),
            NewIndex is { } index ? new TxInput(Bytes.ToTransaction(TxId), (int)index) : null,
            NewOutput is null ? null : TxOutput.FromCbor(NewOutput),
            SignedByBuyer != 0,
            new Lovelace(Fee)
        )
        {
            IsAgreed = Agreed != 0,
            TransactionFee = new Lovelace(TxFee),
            State = State is null ? null : Word.Parse<OnChainState>(State),
            ToBuyer = ToBuyer is null ? Value.Zero : Amounts.FromJson(ToBuyer),
            ToSeller = ToSeller is null ? Value.Zero : Amounts.FromJson(ToSeller),
        };

    private sealed class UnagreedRow : StepRow
    {
        public byte[] Identifier { get; set; } = [];
    }
}
