using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Masumi.Protocol;

namespace Masumi.Settlement;

/// <summary>A deal together with whether a live attempt acts for it, as the API shows it.</summary>
/// <param name="Deal">The deal.</param>
/// <param name="UnderWay">True while a transaction for its intent is stored and undecided.</param>
public sealed record DealView(Deal Deal, bool UnderWay)
{
    /// <summary>What comes next.</summary>
    public RequestedAction NextAction => Settlement.NextAction.Of(Deal, UnderWay);
}

/// <summary>What became of storing a deal.</summary>
public abstract record InsertOutcome
{
    private InsertOutcome() { }

    /// <summary>It is stored.</summary>
    public sealed record Stored(DealView View) : InsertOutcome;

    /// <summary>Its identifier is taken by this one.</summary>
    public sealed record Exists(DealView View) : InsertOutcome;

    /// <summary>What had to happen alongside did not.</summary>
    public sealed record Refused : InsertOutcome;
}

/// <summary>Which change stamp a diff follows.</summary>
public enum DiffStamp
{
    /// <summary>Either of the other two.</summary>
    Any,

    /// <summary>The next action or its error.</summary>
    NextAction,

    /// <summary>The on-chain state or the result.</summary>
    State,
}

/// <summary>Which deals to list. Null fields do not filter.</summary>
public sealed record DealQuery(DealSide Side)
{
    /// <summary>Sources to look in; empty means none.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>Only these wallets (a key's wallet scope).</summary>
    public ImmutableArray<string>? Wallets { get; init; }

    /// <summary>Only this state.</summary>
    public OnChainState? State { get; init; }

    /// <summary>Only those with an error or waiting for a person.</summary>
    public bool NeedsManual { get; init; }

    /// <summary>Substring of agent identifier, name, id, transaction or state.</summary>
    public string? Search { get; init; }

    /// <summary>Continue at this row (inclusive).</summary>
    public string? Cursor { get; init; }

    /// <summary>At most this many.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>For a diff: changes at or after this time, oldest first.</summary>
    public DateTimeOffset? ChangedSince { get; init; }

    /// <summary>For a diff: which stamp.</summary>
    public DiffStamp Stamp { get; init; }
}

/// <summary>One entry of a deal's action history.</summary>
public sealed record ActionHistoryEntry(
    int Seq,
    RequestedAction Action,
    ResultHash? ResultHash,
    string? TxId,
    ErrorType? ErrorType,
    string? ErrorNote,
    DateTimeOffset At
);

public sealed partial class SettlementStore
{
    private const string UnderWay =
        "CASE WHEN EXISTS (SELECT 1 FROM attempt_subject s WHERE s.subject_id = deal.id AND s.live = 1) THEN 1 ELSE 0 END AS under_way";

    /// <summary>Stores a new deal with its first history entry and event.</summary>
    /// <param name="deal">The deal; its stamps are set here.</param>
    /// <param name="alongside">Runs in the same transaction before; false stores nothing (credits do not suffice).</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<InsertOutcome> InsertDealAsync(Deal deal, Func<DbConnection, DbTransaction, Task<bool>>? alongside, CancellationToken cancellation)
    {
        try
        {
            return await _database.WriteAsync<InsertOutcome>(
                async (c, t) =>
                {
                    if (await FindDeal(c, t, deal.Side, [deal.SourceId], deal.Terms.Identifier.ToString()) is { } existing)
                    {
                        return new InsertOutcome.Exists(existing);
                    }

                    if (alongside is not null && !await alongside(c, t))
                    {
                        throw new AlongsideRefused();
                    }

                    var now = Now;
                    var stored = deal with { CreatedAt = now, UpdatedAt = now, NextActionChangedAt = now, StateChangedAt = now };
                    await Execute(
                        c,
                        t,
                        $"INSERT INTO deal ({DealRow.Columns}) VALUES ({string.Join(", ", DealRow.Columns.Split(", ").Select(Parameter))})",
                        DealRow.From(stored)
                    );
                    await AppendHistory(c, t, stored, underWay: false, null, now);
                    await AppendOutbox(c, t, stored.Side.ToString(), stored.Id, "Created", "{}", now);
                    return new InsertOutcome.Stored(new DealView(stored, false));
                },
                cancellation
            );
        }
        catch (AlongsideRefused)
        {
            return new InsertOutcome.Refused();
        }
        catch (Exception e) when (_database.IsUniqueViolation(e))
        {
            // Another instance was faster with the same identifier.
            var existing = await FindDealAsync(deal.Side, [deal.SourceId], deal.Terms.Identifier.ToString(), cancellation);
            return existing is null
                ? throw new InvalidOperationException("A unique key was taken by a deal that is not there.", e)
                : new InsertOutcome.Exists(existing);
        }
    }

    /// <summary>The deal of one side with this identifier at one of the sources, or null.</summary>
    public Task<DealView?> FindDealAsync(DealSide side, IReadOnlyCollection<string> sources, string identifier, CancellationToken cancellation) =>
        _database.ReadAsync(c => FindDeal(c, null, side, sources, identifier), cancellation);

    /// <summary>A deal by id, or null.</summary>
    public Task<DealView?> GetDealAsync(string id, CancellationToken cancellation) => _database.ReadAsync(c => GetDeal(c, null, id), cancellation);

    /// <summary>
    /// Changes a deal. <paramref name="change"/> sees the deal as it stands inside the transaction and returns what it should be, or null to
    /// leave it. Stamps, history and event follow from the difference.
    /// </summary>
    /// <returns>The deal after, or null when it does not exist or was left alone.</returns>
    public Task<DealView?> ChangeDealAsync(string id, Func<DealView, Deal?> change, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
            {
                var view = await LockDeal(c, t, id);
                if (view is null || change(view) is not { } after)
                {
                    return null;
                }

                return await SaveDeal(c, t, view, after, view.UnderWay, null);
            },
            cancellation
        );

    /// <summary>Deals by query: newest first, or oldest change first for a diff. Wallet scope, paging and cursors as spec payment-service-api.md 1.7.</summary>
    public Task<ImmutableArray<DealView>> ListDealsAsync(DealQuery query, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
            {
                var (where, args) = Where(query);
                var stamp = StampColumn(query.Stamp);
                string order;
                if (query.ChangedSince is { } since)
                {
                    args.Add("since", since.ToUnixTimeMilliseconds());
                    where += query.Cursor is null ? $" AND {stamp} >= @since" : $" AND ({stamp} > @since OR ({stamp} = @since AND id >= @cursor))";
                    order = $"{stamp}, id";
                }
                else
                {
                    where += query.Cursor is null ? "" : " AND (created_at, id) <= (SELECT created_at, id FROM deal WHERE id = @cursor)";
                    order = "created_at DESC, id DESC";
                }

                args.Add("cursor", query.Cursor);
                args.Add("limit", query.Limit);
                var rows = await c.QueryAsync<DealRow>($"SELECT {DealRow.Columns}, {UnderWay} FROM deal WHERE {where} ORDER BY {order} LIMIT @limit", args);
                return rows.Select(r => r.ToView()).ToImmutableArray();
            },
            cancellation
        );

    /// <summary>How many deals match.</summary>
    public Task<long> CountDealsAsync(DealQuery query, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
            {
                var (where, args) = Where(query);
                return await c.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM deal WHERE {where}", args);
            },
            cancellation
        );

    /// <summary>Deals that want something done and have nothing under way, oldest first.</summary>
    public Task<ImmutableArray<Deal>> ListDueDealsAsync(CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
                (
                    await c.QueryAsync<DealRow>(
                        $"SELECT {DealRow.Columns} FROM deal WHERE intent <> 'Nothing' AND needs_manual = 0 AND NOT EXISTS "
                            + "(SELECT 1 FROM attempt_subject s WHERE s.subject_id = deal.id AND s.live = 1) ORDER BY created_at, id LIMIT 500"
                    )
                )
                    .Select(r => r.ToDeal())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>Deals for which the passing of time alone can mean something: not final, nothing wanted or a lock overdue.</summary>
    public Task<ImmutableArray<Deal>> ListDealsDueByTimeAsync(DateTimeOffset now, bool payments, bool refunds, CancellationToken cancellation) =>
        _database.ReadAsync(async c => (
                    await c.QueryAsync<DealRow>(
                        $"SELECT {DealRow.Columns} FROM deal WHERE needs_manual = 0 AND ("
                            + "(intent = 'Nothing' AND @payments = 1 AND side = 'Payment' "
                            + "AND (state = 'WithdrawAuthorized' OR (state = 'ResultSubmitted' AND unlock_ms <= @now))) "
                            + "OR (intent = 'Nothing' AND @refunds = 1 AND side = 'Purchase' "
                            + "AND (state = 'RefundAuthorized' OR (state IN ('FundsLocked', 'RefundRequested') AND submit_result_ms <= @now))) "
                            + "OR (intent IN ('SubmitResult', 'RequestRefund') AND submit_result_ms <= @now) "
                            + "OR (state IS NULL AND pay_by_ms < @now)) LIMIT 500",
                        new
                        {
                            now = now.ToUnixTimeMilliseconds(),
                            payments = payments ? 1 : 0,
                            refunds = refunds ? 1 : 0,
                        }
                    )
                ).Select(r => r.ToDeal()).ToImmutableArray(), cancellation);

    /// <summary>Notes what stands in the way of what a deal wants, as long as it still wants it.</summary>
    public Task NoteProblemAsync(Deal deal, ErrorType type, string note, CancellationToken cancellation)
    {
        var problem = new DealProblem(type, note, NeedsManual: false);
        return ChangeDealAsync(
            deal.Id,
            v => v.Deal.Intent == deal.Intent && v.Deal.Problem != problem ? v.Deal with { Problem = problem } : null,
            cancellation
        );
    }

    /// <summary>A deal's action history, newest first.</summary>
    public Task<ImmutableArray<ActionHistoryEntry>> ListHistoryAsync(string dealId, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
                (
                    await c.QueryAsync<HistoryRow>(
                        "SELECT seq, action, result_hash, tx_id, error_type, error_note, at FROM action_history WHERE deal_id = @dealId ORDER BY seq DESC",
                        new { dealId }
                    )
                )
                    .Select(r => new ActionHistoryEntry(
                        (int)r.Seq,
                        Word.Parse<RequestedAction>(r.Action),
                        r.ResultHash is null ? null : ResultHash.Parse(r.ResultHash),
                        r.TxId,
                        r.ErrorType is null ? null : Word.Parse<ErrorType>(r.ErrorType),
                        r.ErrorNote,
                        DateTimeOffset.FromUnixTimeMilliseconds(r.At)
                    ))
                    .ToImmutableArray(),
            cancellation
        );

    private static async Task<DealView?> FindDeal(DbConnection c, DbTransaction? t, DealSide side, IReadOnlyCollection<string> sources, string identifier)
    {
        var rows = await c.QueryAsync<DealRow>(
            $"SELECT {DealRow.Columns}, {UnderWay} FROM deal WHERE identifier = @identifier AND side = @side",
            new { identifier, side = side.ToString() },
            t
        );
        return rows.FirstOrDefault(r => sources.Contains(r.SourceId))?.ToView();
    }

    private static async Task<DealView?> GetDeal(DbConnection c, DbTransaction? t, string id) =>
        (await c.QuerySingleOrDefaultAsync<DealRow>($"SELECT {DealRow.Columns}, {UnderWay} FROM deal WHERE id = @id", new { id }, t))?.ToView();

    // A write that changes nothing takes the row's lock on PostgreSQL; SQLite has one writer anyway.
    private static async Task<DealView?> LockDeal(DbConnection c, DbTransaction t, string id) =>
        await Execute(c, t, "UPDATE deal SET id = id WHERE id = @id", new { id }) == 0 ? null : await GetDeal(c, t, id);

    private async Task<DealView> SaveDeal(DbConnection c, DbTransaction t, DealView before, Deal after, bool underWay, string? txId)
    {
        var now = Now > before.Deal.UpdatedAt ? Now : before.Deal.UpdatedAt;
        var wasNext = before.NextAction;
        var isNext = NextAction.Of(after, underWay);
        var nextChanged = wasNext != isNext || before.Deal.Problem != after.Problem || before.Deal.IntentResultHash != after.IntentResultHash;
        var stateChanged = before.Deal.Projection.State != after.Projection.State || before.Deal.Projection.ResultHash != after.Projection.ResultHash;
        after = after with
        {
            UpdatedAt = now,
            NextActionChangedAt = nextChanged ? now : before.Deal.NextActionChangedAt,
            StateChangedAt = stateChanged ? now : before.Deal.StateChangedAt,
        };
        var sets = DealRow.Columns.Split(", ").Where(n => n is not ("id" or "created_at")).Select(n => $"{n} = {Parameter(n)}");
        await Execute(c, t, $"UPDATE deal SET {string.Join(", ", sets)} WHERE id = @Id", DealRow.From(after));
        if (nextChanged)
        {
            await AppendHistory(c, t, after, underWay, txId, now);
        }

        if (nextChanged || stateChanged)
        {
            var payload = System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    onChainState = Text(after.Projection.State),
                    resultHash = after.Projection.ResultHash,
                    nextAction = Word.Text(isNext),
                    errorType = Text(after.Problem?.Type),
                    errorNote = after.Problem?.Note,
                }
            );
            await AppendOutbox(c, t, after.Side.ToString(), after.Id, stateChanged ? "StateChanged" : "NextActionChanged", payload, now);
        }

        return new DealView(after, underWay);
    }

    private static async Task AppendHistory(DbConnection c, DbTransaction t, Deal deal, bool underWay, string? txId, DateTimeOffset at) =>
        await Execute(
            c,
            t,
            "INSERT INTO action_history (deal_id, seq, action, result_hash, tx_id, error_type, error_note, at) "
                + "SELECT @id, COALESCE(MAX(seq), 0) + 1, @action, @resultHash, @txId, @errorType, @errorNote, @at FROM action_history WHERE deal_id = @id",
            new
            {
                id = deal.Id,
                action = Word.Text(NextAction.Of(deal, underWay)),
                resultHash = deal.IntentResultHash?.ToString(),
                txId,
                errorType = Text(deal.Problem?.Type),
                errorNote = deal.Problem?.Note,
                at = at.ToUnixTimeMilliseconds(),
            }
        );

    private static string? Text<T>(T? word)
        where T : struct, Enum => word is { } known ? Word.Text(known) : null;

    // pay_by_ms -> @PayByMs, the name of the row's property; SQLite minds the case.
    private static string Parameter(string column) => "@" + string.Concat(column.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    // Thrown inside the write so that what ran alongside is rolled back with it.
    private sealed class AlongsideRefused : Exception;

    private static string StampColumn(DiffStamp stamp) =>
        stamp switch
        {
            DiffStamp.NextAction => "next_action_changed_at",
            DiffStamp.State => "state_changed_at",
            _ => "(CASE WHEN next_action_changed_at > state_changed_at THEN next_action_changed_at ELSE state_changed_at END)",
        };

    private static (string Where, DynamicParameters Args) Where(DealQuery query)
    {
        var args = new DynamicParameters();
        args.Add("side", query.Side.ToString());
        var where = "side = @side";
        where += In("source_id", "source", query.Sources, args);
        if (query.Wallets is { } wallets)
        {
            where += In("wallet_id", "wallet", wallets, args);
        }

        if (query.State is { } state)
        {
            args.Add("state", Word.Text(state));
            where += " AND state = @state";
        }

        if (query.NeedsManual)
        {
            where += " AND (needs_manual = 1 OR error_type IS NOT NULL)";
        }

        if (!string.IsNullOrEmpty(query.Search))
        {
            args.Add(
                "search",
                "%"
                    + query
                        .Search.ToLowerInvariant()
                        .Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("%", "\\%", StringComparison.Ordinal)
                        .Replace("_", "\\_", StringComparison.Ordinal)
                    + "%"
            );
            where +=
                " AND (LOWER(agent_identifier) LIKE @search ESCAPE '\\' OR LOWER(COALESCE(agent_name, '')) LIKE @search ESCAPE '\\' OR LOWER(id) LIKE @search ESCAPE '\\' "
                + "OR COALESCE(current_tx, '') LIKE @search ESCAPE '\\' OR LOWER(COALESCE(state, '')) LIKE REPLACE(@search, ' ', '') ESCAPE '\\')";
        }

        return (where, args);
    }

    // Spelled out parameter by parameter, because the two stores disagree about list parameters.
    private static string In(string column, string prefix, ImmutableArray<string> values, DynamicParameters args)
    {
        if (values.IsDefaultOrEmpty)
        {
            return " AND 1 = 0";
        }

        var names = new List<string>();
        foreach (var value in values)
        {
            var name = $"{prefix}{names.Count}";
            args.Add(name, value);
            names.Add("@" + name);
        }

        return $" AND {column} IN ({string.Join(", ", names)})";
    }

    private sealed class HistoryRow
    {
        public long Seq { get; set; }
        public string Action { get; set; } = "";
        public string? ResultHash { get; set; }
        public string? TxId { get; set; }
        public string? ErrorType { get; set; }
        public string? ErrorNote { get; set; }
        public long At { get; set; }
    }
}
