using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Settlement;

/// <summary>One thing that happened to one escrow on chain, as stored; the projection folds these in order.</summary>
/// <param name="SourceId">The followed contract instance.</param>
/// <param name="Block">Where.</param>
/// <param name="TxIndex">Position in the block.</param>
/// <param name="Ordinal">Position within the transaction.</param>
/// <param name="TxId">The transaction.</param>
/// <param name="Identifier">The blockchain identifier rebuilt from the datum.</param>
/// <param name="Action">What was done; null for a new output that claims to be a lock.</param>
/// <param name="Spent">The escrow output it continues or ends; null for a lock.</param>
/// <param name="Created">The new escrow output, null when it ended.</param>
/// <param name="Output">The new escrow output's content.</param>
/// <param name="PaidByBuyer">For a lock: some input came from the datum's buyer address.</param>
/// <param name="Fee">This escrow's share of the network fee.</param>
public sealed record EscrowStep(
    string SourceId,
    BlockPoint Block,
    int TxIndex,
    int Ordinal,
    TransactionId TxId,
    string Identifier,
    EscrowAction? Action,
    TxInput? Spent,
    TxInput? Created,
    TxOutput? Output,
    bool PaidByBuyer,
    Lovelace Fee
);

/// <summary>What one followed transaction contributes: events, and the escrow outputs it made (for resolving later inputs).</summary>
public sealed record FollowedTransaction(ChainTransaction Transaction, ImmutableArray<EscrowStep> Events, ImmutableArray<Utxo> EscrowOutputs);

public sealed partial class SettlementStore
{
    /// <summary>Points are kept for this many blocks; Cardano never rolls back further than k = 2160.</summary>
    private const int PointsKept = 2160;

    private const string EventColumns =
        "source_id, height, tx_index, ordinal, tx_id, slot, time_ms, identifier, kind, spent_ref, new_ref, new_output, paid_by_buyer, fee";

    /// <summary>Points processed for a source, newest first: the last 20, then ever sparser.</summary>
    public Task<ImmutableArray<BlockPoint>> ListPointsAsync(string sourceId, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
                (
                    await c.QueryAsync<PointRow>(
                        "SELECT height, hash, slot, time_ms FROM chain_point WHERE source_id = @sourceId ORDER BY height DESC",
                        new { sourceId }
                    )
                )
                    .Select(r => r.ToPoint())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>
    /// Records followed transactions of one source, the deals they touch projected anew, live attempts among them included, and the point
    /// reached. One transaction: either all of it is known or none.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="transactions">In chain order; already known ones are ignored.</param>
    /// <param name="point">The tip up to which everything is now known.</param>
    /// <param name="project">Folds a deal's events.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task AppendChainAsync(
        PaymentSource source,
        IReadOnlyList<FollowedTransaction> transactions,
        BlockPoint? point,
        Func<Deal, IReadOnlyList<EscrowStep>, Deal> project,
        CancellationToken cancellation
    ) =>
        _database.WriteAsync(
            async (c, t) =>
            {
                var touched = new HashSet<string>(StringComparer.Ordinal);
                foreach (var followed in transactions)
                {
                    var block = followed.Transaction.Block;
                    foreach (var utxo in followed.EscrowOutputs)
                    {
                        await Execute(
                            c,
                            t,
                            "INSERT INTO escrow_output (source_id, ref, output, height) VALUES (@id, @r, @output, @height) ON CONFLICT (source_id, ref) DO NOTHING",
                            new
                            {
                                id = source.Id,
                                r = utxo.Input.ToString(),
                                output = Convert.ToHexStringLower(utxo.Output.Bytes.Span),
                                height = block.Height,
                            }
                        );
                    }

                    foreach (var e in followed.Events)
                    {
                        await Execute(
                            c,
                            t,
                            $"INSERT INTO escrow_event ({EventColumns}) VALUES (@SourceId, @Height, @TxIndex, @Ordinal, @TxId, @Slot, @TimeMs, @Identifier, "
                                + "@Kind, @SpentRef, @NewRef, @NewOutput, @PaidByBuyer, @Fee) ON CONFLICT (source_id, tx_id, ordinal) DO NOTHING",
                            EventRow.From(e)
                        );
                        touched.Add(e.Identifier);
                    }

                    await MarkOnChain(c, t, followed.Transaction, touched);
                }

                if (point is not null)
                {
                    await SavePoint(c, t, source.Id, point);
                    await Execute(
                        c,
                        t,
                        "DELETE FROM chain_point WHERE source_id = @id AND height < @height",
                        new { id = source.Id, height = point.Height - PointsKept }
                    );
                }

                await ProjectTouched(c, t, source, touched, project);
            },
            cancellation
        );

    /// <summary>Forgets what the chain no longer has: events, outputs and points above <paramref name="to"/>; touched deals are projected anew and attempts live again.</summary>
    public Task RollBackAsync(PaymentSource source, BlockPoint? to, Func<Deal, IReadOnlyList<EscrowStep>, Deal> project, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
            {
                var args = new { id = source.Id, height = to?.Height ?? -1 };
                var touched = (
                    await c.QueryAsync<string>("SELECT DISTINCT identifier FROM escrow_event WHERE source_id = @id AND height > @height", args, t)
                ).ToHashSet(StringComparer.Ordinal);
                await Execute(c, t, "DELETE FROM escrow_event WHERE source_id = @id AND height > @height", args);
                await Execute(c, t, "DELETE FROM escrow_output WHERE source_id = @id AND height > @height", args);
                await Execute(c, t, "DELETE FROM chain_point WHERE source_id = @id AND height > @height", args);
                var revived = await c.QueryAsync<string>(
                    "SELECT id FROM attempt WHERE source_id = @id AND state IN ('Included', 'Phase2Failed') AND height > @height",
                    args,
                    t
                );
                foreach (var attemptId in revived.ToList())
                {
                    await ReviveAsync(c, t, attemptId);
                }

                await ProjectTouched(c, t, source, touched, project);
                await AppendOutbox(c, t, "Source", source.Id, "RolledBack", $"{{\"height\":{args.height}}}", Now);
            },
            cancellation
        );

    /// <summary>The escrow outputs of a source among the given references.</summary>
    public Task<ImmutableDictionary<TxInput, TxOutput>> FindEscrowOutputsAsync(string sourceId, IEnumerable<TxInput> inputs, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
            {
                var found = ImmutableDictionary.CreateBuilder<TxInput, TxOutput>();
                foreach (var input in inputs)
                {
                    var output = await c.QuerySingleOrDefaultAsync<string>(
                        "SELECT output FROM escrow_output WHERE source_id = @sourceId AND ref = @r",
                        new { sourceId, r = input.ToString() }
                    );
                    if (output is not null)
                    {
                        found[input] = TxOutput.FromCbor(Convert.FromHexString(output));
                    }
                }

                return found.ToImmutable();
            },
            cancellation
        );

    /// <summary>The events of one escrow in chain order.</summary>
    public Task<ImmutableArray<EscrowStep>> ListEventsAsync(string sourceId, string identifier, CancellationToken cancellation) =>
        _database.ReadAsync(c => ListEvents(c, null, sourceId, identifier), cancellation);

    private async Task ProjectTouched(
        DbConnection c,
        DbTransaction t,
        PaymentSource source,
        IEnumerable<string> identifiers,
        Func<Deal, IReadOnlyList<EscrowStep>, Deal> project
    )
    {
        foreach (var identifier in identifiers)
        {
            foreach (var side in Enum.GetValues<DealSide>())
            {
                var found = await FindDeal(c, t, side, [source.Id], identifier);
                if (found is null)
                {
                    continue;
                }

                var view = (await LockDeal(c, t, found.Deal.Id))!;
                var events = await ListEvents(c, t, source.Id, identifier);
                await SaveDeal(c, t, view, Intents.AfterProjection(project(view.Deal, events)), view.UnderWay, null);
            }
        }
    }

    private static async Task<ImmutableArray<EscrowStep>> ListEvents(DbConnection c, DbTransaction? t, string sourceId, string identifier) =>
        (
            await c.QueryAsync<EventRow>(
                $"SELECT {EventColumns} FROM escrow_event WHERE source_id = @sourceId AND identifier = @identifier ORDER BY height, tx_index, ordinal",
                new { sourceId, identifier },
                t
            )
        )
            .Select(r => r.ToEvent())
            .ToImmutableArray();

    private static Task<int> SavePoint(DbConnection c, DbTransaction t, string sourceId, BlockPoint point) =>
        Execute(
            c,
            t,
            "INSERT INTO chain_point (source_id, height, hash, slot, time_ms) VALUES (@sourceId, @Height, @hash, @slot, @time) "
                + "ON CONFLICT (source_id, height) DO UPDATE SET hash = @hash, slot = @slot, time_ms = @time",
            new
            {
                sourceId,
                point.Height,
                hash = point.Hash.ToString(),
                slot = point.Slot.Number,
                time = point.Time.ToUnixTimeMilliseconds(),
            }
        );

    private sealed class PointRow
    {
        public long Height { get; set; }
        public string Hash { get; set; } = "";
        public long Slot { get; set; }
        public long TimeMs { get; set; }

        public BlockPoint ToPoint() => new(Height, Hash32.Parse(Hash), new Slot(Slot), DateTimeOffset.FromUnixTimeMilliseconds(TimeMs));
    }

    private sealed class EventRow
    {
        public string SourceId { get; set; } = "";
        public long Height { get; set; }
        public long TxIndex { get; set; }
        public long Ordinal { get; set; }
        public string TxId { get; set; } = "";
        public long Slot { get; set; }
        public long TimeMs { get; set; }
        public string Identifier { get; set; } = "";
        public string Kind { get; set; } = "";
        public string? SpentRef { get; set; }
        public string? NewRef { get; set; }
        public string? NewOutput { get; set; }
        public long PaidByBuyer { get; set; }
        public long Fee { get; set; }

        public static EventRow From(EscrowStep e) =>
            new()
            {
                SourceId = e.SourceId,
                Height = e.Block.Height,
                TxIndex = e.TxIndex,
                Ordinal = e.Ordinal,
                TxId = e.TxId.ToString(),
                Slot = e.Block.Slot.Number,
                TimeMs = e.Block.Time.ToUnixTimeMilliseconds(),
                Identifier = e.Identifier,
                Kind = e.Action?.ToString() ?? "Lock",
                SpentRef = e.Spent?.ToString(),
                NewRef = e.Created?.ToString(),
                NewOutput = e.Output is null ? null : Convert.ToHexStringLower(e.Output.Bytes.Span),
                PaidByBuyer = e.PaidByBuyer ? 1 : 0,
                Fee = e.Fee.Amount,
            };

        // The block's hash is not needed to fold events; the point table holds it for as long as a rollback could ask.
        public EscrowStep ToEvent() =>
            new(
                SourceId,
                new BlockPoint(Height, default, new Slot(Slot), DateTimeOffset.FromUnixTimeMilliseconds(TimeMs)),
                (int)TxIndex,
                (int)Ordinal,
                TransactionId.Parse(TxId),
                Identifier,
                Kind == "Lock" ? null : Enum.Parse<EscrowAction>(Kind),
                SpentRef is null ? null : TxInput.Parse(SpentRef),
                NewRef is null ? null : TxInput.Parse(NewRef),
                NewOutput is null ? null : TxOutput.FromCbor(Convert.FromHexString(NewOutput)),
                PaidByBuyer != 0,
                new Lovelace(Fee)
            );
    }
}
