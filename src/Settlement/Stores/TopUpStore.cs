using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Stores;

/// <summary>Which top-ups are asked for.</summary>
/// <param name="SourceId">Of this source; null for all.</param>
/// <param name="FundingId">That this wallet pays; null for all.</param>
/// <param name="Status">That are so far; null for all.</param>
/// <param name="Cursor">From this one on; null from the newest.</param>
/// <param name="Limit">How many at most.</param>
public sealed record TopUpQuery(string? SourceId, string? FundingId, TopUpStatus? Status, string? Cursor, int Limit);

/// <summary>Funding wallets' settings, and what they top others up with.</summary>
public sealed class TopUpStore
{
    private const string Select =
        "SELECT p.id, p.source_id, p.target_id, p.unit, p.amount, p.funding_id, p.transfer_id, p.next_at, p.created_at, p.taken_at, t.state, t.tx_id, t.note, "
        + "t.updated_at, t.state_changed_at FROM top_up p LEFT JOIN transfer t ON t.id = p.transfer_id";

    private readonly Works _works;

    internal TopUpStore(Works works) => _works = works;

    /// <summary>Top-ups, newest first.</summary>
    public Task<ImmutableArray<TopUp>> ListAsync(TopUpQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var where = new List<string> { "1 = 1" };
        if (query.SourceId is not null)
        {
            where.Add("p.source_id = @SourceId");
        }

        if (query.FundingId is not null)
        {
            where.Add("p.funding_id = @FundingId");
        }

        if (query.Cursor is not null)
        {
            where.Add("(p.created_at, p.id) <= (SELECT c.created_at, c.id FROM top_up c WHERE c.id = @Cursor)");
        }

        where.Add(
            query.Status switch
            {
                TopUpStatus.Pending => "(t.state IS NULL OR t.state = 'Requested')",
                TopUpStatus.Submitted => "t.state = 'Sent'",
                TopUpStatus.Confirmed => "t.state = 'Confirmed'",
                TopUpStatus.Failed => "t.state = 'Failed'",
                _ => "1 = 1",
            }
        );
        var sql = $"{Select} WHERE {string.Join(" AND ", where)} ORDER BY p.created_at DESC, p.id DESC LIMIT @Limit";
        return _works.ReadAsync(w => ListAsync(w, sql, query), cancellation);
    }

    /// <summary>Top-ups that nobody has taken on and for which a funding wallet is to be found, oldest first.</summary>
    public Task<ImmutableArray<TopUp>> ListWaitingAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(
            w => ListAsync(w, $"{Select} WHERE p.next_at <= @now ORDER BY p.created_at, p.id LIMIT @limit", new { now = now.ToUnixTimeMilliseconds(), limit }),
            cancellation
        );

    /// <summary>How many top-ups of a source wait for a funding wallet or its transaction, by who has taken them on; the empty text for nobody.</summary>
    public Task<ImmutableDictionary<string, long>> CountPendingAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<Count>(
                        "SELECT COALESCE(p.funding_id, '') AS funding_id, COUNT(*) AS pending FROM top_up p LEFT JOIN transfer t ON t.id = p.transfer_id "
                            + "WHERE t.state IS NULL OR t.state = 'Requested' GROUP BY p.funding_id"
                    )
                ).ToImmutableDictionary(c => c.FundingId, c => c.Pending, StringComparer.Ordinal),
            cancellation
        );

    /// <summary>Whether money of a wallet, or for it, is on its way: a top-up that was taken on and has not come to its end.</summary>
    public Task<bool> IsInFlightAsync(string walletId, CancellationToken cancellation) => _works.ReadAsync(w => IsInFlightAsync(w, walletId), cancellation);

    /// <summary>
    /// Lets a funding wallet take on top-ups: stores the transfer that pays them, all or nothing. False, and nothing changes, when one of them was taken on or
    /// dropped meanwhile, or when the wallet was removed.
    /// </summary>
    public Task<bool> TakeAsync(IReadOnlyCollection<TopUp> topUps, Transfer transfer, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(topUps);
        ArgumentNullException.ThrowIfNull(transfer);
        return _works.WriteAsync(
            now,
            async w =>
            {
                var ids = topUps.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
                var waiting = await w.QueryAsync<string>(ids, "SELECT id FROM top_up WHERE id IN (@keys) AND transfer_id IS NULL");
                if (
                    waiting.Count != ids.Count
                    || !await w.AnyAsync("SELECT 1 FROM hot_wallet WHERE id = @WalletId AND deleted_at IS NULL", new { transfer.WalletId })
                )
                {
                    return false;
                }

                await TransferRows.InsertAsync(w, transfer);
                foreach (var id in ids)
                {
                    await w.ExecuteAsync(
                        "UPDATE top_up SET transfer_id = @transfer, funding_id = @wallet, next_at = NULL, taken_at = @at WHERE id = @id",
                        new
                        {
                            id,
                            transfer = transfer.Id,
                            wallet = transfer.WalletId,
                            at = transfer.CreatedAt.ToUnixTimeMilliseconds(),
                        }
                    );
                }

                return true;
            },
            cancellation
        );
    }

    /// <summary>Looks for a funding wallet again later.</summary>
    public Task PostponeAsync(IEnumerable<string> ids, DateTimeOffset until, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w =>
            {
                foreach (var id in ids)
                {
                    await w.ExecuteAsync(
                        "UPDATE top_up SET next_at = @until WHERE id = @id AND transfer_id IS NULL",
                        new { id, until = until.ToUnixTimeMilliseconds() }
                    );
                }
            },
            cancellation
        );

    /// <summary>Makes all that waits due: rules that top up are looked at, and funding wallets are looked for.</summary>
    public Task HurryAsync(DateTimeOffset now, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w =>
            {
                var at = new { now = now.ToUnixTimeMilliseconds() };
                await w.ExecuteAsync("UPDATE balance_rule SET next_at = @now WHERE next_at > @now AND top_up IS NOT NULL", at);
                await w.ExecuteAsync("UPDATE top_up SET next_at = @now WHERE next_at > @now", at);
            },
            cancellation
        );

    /// <summary>How funding wallets that are not removed top others up; one of which nothing was said is enabled and has the usual window.</summary>
    public Task<ImmutableDictionary<string, FundingSettings>> ListSettingsAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<SettingsRow>(
                        "SELECT h.id AS wallet_id, COALESCE(s.id, h.id) AS id, COALESCE(s.enabled, 1) AS enabled, s.window_ms, s.alerted_at FROM hot_wallet h "
                            + $"LEFT JOIN funding_settings s ON s.wallet_id = h.id WHERE h.role = '{nameof(WalletRole.Funding)}' AND h.deleted_at IS NULL"
                    )
                ).ToImmutableDictionary(r => r.WalletId, r => r.ToSettings(), StringComparer.Ordinal),
            cancellation
        );

    /// <summary>Says how a funding wallet tops others up.</summary>
    public Task SetAsync(FundingSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return _works.WriteAsync(w => SetAsync(w, settings), cancellation);
    }

    /// <summary>Tells that funding wallets cannot pay what waits.</summary>
    public Task AlertAsync(IEnumerable<FundingSettings> wallets, DateTimeOffset now, CancellationToken cancellation) =>
        _works.WriteAsync(
            now,
            async w =>
            {
                foreach (var wallet in wallets)
                {
                    await SetAsync(w, wallet with { AlertedAt = now });
                    await OutboxStore.AppendAsync(w, "Wallet", wallet.WalletId, 1, "TreasuryLow", new { });
                }
            },
            cancellation
        );

    internal static Task<bool> IsInFlightAsync(Work work, string walletId) =>
        work.AnyAsync(
            "SELECT 1 FROM top_up p JOIN transfer t ON t.id = p.transfer_id WHERE (p.funding_id = @walletId OR p.target_id = @walletId) AND t.state IN ('Requested', 'Sent')",
            new { walletId }
        );

    internal static async Task<TopUp?> NewestAsync(Work work, BalanceRule rule) =>
        (
            await ListAsync(
                work,
                $"{Select} WHERE p.target_id = @WalletId AND p.unit = @unit ORDER BY p.created_at DESC, p.id DESC LIMIT 1",
                new { rule.WalletId, unit = rule.Unit.ToString() }
            )
        ).FirstOrDefault();

    internal static Task InsertAsync(Work work, TopUp topUp) =>
        work.ExecuteAsync(
            "INSERT INTO top_up (id, source_id, target_id, unit, amount, next_at, created_at) VALUES (@Id, @SourceId, @TargetId, @unit, @Amount, @nextAt, @createdAt)",
            new
            {
                topUp.Id,
                topUp.SourceId,
                topUp.TargetId,
                unit = topUp.Unit.ToString(),
                topUp.Amount,
                nextAt = topUp.NextAt?.ToUnixTimeMilliseconds(),
                createdAt = topUp.CreatedAt.ToUnixTimeMilliseconds(),
            }
        );

    internal static Task DropWaitingAsync(Work work, BalanceRule rule) =>
        work.ExecuteAsync(
            "DELETE FROM top_up WHERE target_id = @WalletId AND unit = @unit AND transfer_id IS NULL",
            new { rule.WalletId, unit = rule.Unit.ToString() }
        );

    // What a removed wallet waited for, and what waits although no funding wallet of its source is left that is enabled.
    internal static async Task ForgetAsync(Work work, string walletId)
    {
        await work.ExecuteAsync("DELETE FROM top_up WHERE target_id = @walletId AND transfer_id IS NULL", new { walletId });
        await work.ExecuteAsync(
            "DELETE FROM top_up WHERE transfer_id IS NULL AND NOT EXISTS (SELECT 1 FROM hot_wallet h LEFT JOIN funding_settings s ON s.wallet_id = h.id "
                + $"WHERE h.source_id = top_up.source_id AND h.role = '{nameof(WalletRole.Funding)}' AND h.deleted_at IS NULL AND COALESCE(s.enabled, 1) = 1)"
        );
    }

    internal static Task SetAsync(Work work, FundingSettings settings) =>
        work.ExecuteAsync(
            "INSERT INTO funding_settings (wallet_id, id, enabled, window_ms, alerted_at) VALUES (@WalletId, @Id, @enabled, @window, @alerted) "
                + "ON CONFLICT (wallet_id) DO UPDATE SET enabled = @enabled, window_ms = @window, alerted_at = @alerted",
            new
            {
                settings.WalletId,
                settings.Id,
                enabled = settings.IsEnabled ? 1 : 0,
                window = (long)settings.Window.TotalMilliseconds,
                alerted = settings.AlertedAt?.ToUnixTimeMilliseconds(),
            }
        );

    private static async Task<ImmutableArray<TopUp>> ListAsync(Work work, string sql, object args) =>
        [.. (await work.QueryAsync<Row>(sql, args)).Select(r => r.ToTopUp())];

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string TargetId { get; set; } = "";
        public string Unit { get; set; } = "";
        public long Amount { get; set; }
        public string? FundingId { get; set; }
        public string? TransferId { get; set; }
        public long? NextAt { get; set; }
        public long CreatedAt { get; set; }
        public long? TakenAt { get; set; }
        public string? State { get; set; }
        public string? TxId { get; set; }
        public string? Note { get; set; }
        public long? UpdatedAt { get; set; }
        public long? StateChangedAt { get; set; }

        public TopUp ToTopUp() =>
            new()
            {
                Id = Id,
                SourceId = SourceId,
                TargetId = TargetId,
                Unit = Protocol.Unit.Parse(Unit),
                Amount = Amount,
                FundingId = FundingId,
                TransferId = TransferId,
                NextAt = NextAt is { } next ? Moment(next) : null,
                CreatedAt = Moment(CreatedAt),
                TakenAt = TakenAt is { } at ? Moment(at) : null,
                Paying = State is null
                    ? null
                    : new(
                        Enum.Parse<TransferState>(State),
                        TxId is null ? null : TransactionId.Parse(TxId),
                        Note,
                        Moment(UpdatedAt ?? CreatedAt),
                        Moment(StateChangedAt ?? CreatedAt)
                    ),
            };
    }

    private sealed class SettingsRow
    {
        public string WalletId { get; set; } = "";
        public string Id { get; set; } = "";
        public long Enabled { get; set; }
        public long? WindowMs { get; set; }
        public long? AlertedAt { get; set; }

        public FundingSettings ToSettings() =>
            new(Id, WalletId, Enabled != 0, WindowMs is { } ms ? TimeSpan.FromMilliseconds(ms) : FundingSettings.UsualWindow)
            {
                AlertedAt = AlertedAt is { } at ? Moment(at) : null,
            };
    }

    private sealed class Count
    {
        public string FundingId { get; set; } = "";
        public long Pending { get; set; }
    }

    private static DateTimeOffset Moment(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
