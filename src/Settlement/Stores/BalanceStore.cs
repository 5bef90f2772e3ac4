using System.Collections.Immutable;
using System.Globalization;
using Masumi.Settlement.Balances;

namespace Masumi.Settlement.Stores;

/// <summary>What a look at a balance came to.</summary>
/// <param name="Rule">As it stands after the look.</param>
/// <param name="Fell">Whether the balance fell below the threshold since the last look.</param>
/// <param name="TopUp">What the wallet is to be topped up with; null for nothing.</param>
public sealed record BalanceLook(BalanceRule Rule, bool Fell, TopUp? TopUp);

/// <summary>Rules about wallets' balances.</summary>
public sealed class BalanceStore
{
    private const string Columns = "id, wallet_id, unit, threshold, enabled, top_up, status, amount, checked_at, alerted_at, next_at, revision, created_at";

    private readonly Works _works;

    internal BalanceStore(Works works) => _works = works;

    /// <summary>All rules of wallets that are not removed, by wallet and asset.</summary>
    public Task<ImmutableArray<BalanceRule>> ListAsync(CancellationToken cancellation) => _works.ReadAsync(w => ListAsync(w, "1 = 1", new { }), cancellation);

    /// <summary>A rule, or null.</summary>
    public Task<BalanceRule?> GetAsync(string id, CancellationToken cancellation) =>
        _works.ReadAsync(async w => (await ListAsync(w, "b.id = @id", new { id })).FirstOrDefault(), cancellation);

    /// <summary>Rules whose time to be looked at has come.</summary>
    public Task<ImmutableArray<BalanceRule>> ListDueAsync(DateTimeOffset now, CancellationToken cancellation) =>
        _works.ReadAsync(w => ListAsync(w, "b.next_at <= @now", new { now = now.ToUnixTimeMilliseconds() }), cancellation);

    /// <summary>Looks at rules again later: their wallets could not be looked at.</summary>
    public Task PostponeAsync(IEnumerable<string> ids, DateTimeOffset until, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w =>
            {
                foreach (var id in ids)
                {
                    await w.ExecuteAsync(
                        "UPDATE balance_rule SET next_at = @until WHERE id = @id AND next_at IS NOT NULL",
                        new { id, until = until.ToUnixTimeMilliseconds() }
                    );
                }
            },
            cancellation
        );

    /// <summary>Adds a rule; false when its wallet has one for the asset, or was removed.</summary>
    public Task<bool> AddAsync(BalanceRule rule, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return _works.WriteAsync(
            async w =>
                await w.ExecuteAsync(
                    $"INSERT INTO balance_rule ({Columns}) SELECT @Id, @WalletId, @Unit, @Threshold, @Enabled, @TopUp, @Status, @Amount, @CheckedAt, @AlertedAt, "
                        + "@NextAt, @Revision, @CreatedAt WHERE EXISTS (SELECT 1 FROM hot_wallet WHERE id = @WalletId AND deleted_at IS NULL) "
                        + "ON CONFLICT (wallet_id, unit) DO NOTHING",
                    Row.From(rule)
                ) == 1,
            cancellation
        );
    }

    /// <summary>Changes a rule inside one transaction; top-ups for it that nobody has taken on are dropped. Null when there is none, or none was made.</summary>
    public Task<BalanceRule?> ChangeAsync(string id, Func<BalanceRule, BalanceRule?> change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _works.WriteAsync(
            async w =>
            {
                if (await LockAsync(w, id) is not { } before || change(before) is not { } after)
                {
                    return null;
                }

                await SaveAsync(w, after);
                await TopUpStore.DropWaitingAsync(w, after);
                return after;
            },
            cancellation
        );
    }

    /// <summary>Forgets a rule, and what nobody has taken on for it; false when there is none.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellation) =>
        _works.WriteAsync(
            async w =>
            {
                if (await LockAsync(w, id) is not { } rule)
                {
                    return false;
                }

                await TopUpStore.DropWaitingAsync(w, rule);
                return await w.ExecuteAsync("DELETE FROM balance_rule WHERE id = @id", new { id }) == 1;
            },
            cancellation
        );

    /// <summary>
    /// Notes a look, unless the rule was changed since it was read. What <paramref name="decide"/> says stands upon the newest top-up of the wallet with the asset
    /// as it is then: there is one at a time.
    /// </summary>
    public Task NoteAsync(BalanceRule looked, Func<TopUp?, BalanceLook> decide, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(looked);
        ArgumentNullException.ThrowIfNull(decide);
        return _works.WriteAsync(
            now,
            async w =>
            {
                if (await LockAsync(w, looked.Id) is not { } stands || stands.Revision != looked.Revision || stands.CheckedAt != looked.CheckedAt)
                {
                    return;
                }

                var (rule, fell, topUp) = decide(await TopUpStore.NewestAsync(w, looked));
                await SaveAsync(w, rule);
                if (topUp is not null)
                {
                    await TopUpStore.InsertAsync(w, topUp);
                }

                if (fell)
                {
                    var payload = new
                    {
                        ruleId = rule.Id,
                        unit = rule.Unit.ToString(),
                        threshold = rule.Threshold.ToString(CultureInfo.InvariantCulture),
                        amount = rule.Amount?.ToString(CultureInfo.InvariantCulture),
                    };
                    await OutboxStore.AppendAsync(w, "Wallet", rule.WalletId, 1, "LowBalance", payload);
                }
            },
            cancellation
        );
    }

    /// <summary>When the next rule is to be looked at, or a funding wallet is to be found.</summary>
    internal const string NextSql =
        "(SELECT MIN(next_at) FROM balance_rule WHERE next_at IS NOT NULL) AS next_balance, "
        + "(SELECT MIN(next_at) FROM top_up WHERE next_at IS NOT NULL) AS next_top_up";

    // Rules of a wallet that was removed say nothing any more.
    internal static Task ForgetAsync(Work work, string walletId) =>
        work.ExecuteAsync("UPDATE balance_rule SET next_at = NULL WHERE wallet_id = @walletId", new { walletId });

    private static async Task<BalanceRule?> LockAsync(Work work, string id)
    {
        await work.LockRowAsync("balance_rule", id);
        return (await ListAsync(work, "b.id = @id", new { id })).FirstOrDefault();
    }

    private static Task<int> SaveAsync(Work work, BalanceRule rule) =>
        work.ExecuteAsync(
            "UPDATE balance_rule SET threshold = @Threshold, enabled = @Enabled, top_up = @TopUp, status = @Status, amount = @Amount, checked_at = @CheckedAt, "
                + "alerted_at = @AlertedAt, next_at = @NextAt, revision = @Revision WHERE id = @Id",
            Row.From(rule)
        );

    private static async Task<ImmutableArray<BalanceRule>> ListAsync(Work work, string where, object args)
    {
        var columns = string.Join(", ", Columns.Split(", ").Select(c => "b." + c));
        var rows = await work.QueryAsync<Row>(
            $"SELECT {columns} FROM balance_rule b JOIN hot_wallet h ON h.id = b.wallet_id WHERE h.deleted_at IS NULL AND {where} ORDER BY b.wallet_id, b.unit",
            args
        );
        return [.. rows.Select(r => r.ToRule())];
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string WalletId { get; set; } = "";
        public string Unit { get; set; } = "";
        public long Threshold { get; set; }
        public long Enabled { get; set; }
        public long? TopUp { get; set; }
        public string Status { get; set; } = "";
        public string? Amount { get; set; }
        public long? CheckedAt { get; set; }
        public long? AlertedAt { get; set; }
        public long? NextAt { get; set; }
        public long Revision { get; set; }
        public long CreatedAt { get; set; }

        public static Row From(BalanceRule r) =>
            new()
            {
                Id = r.Id,
                WalletId = r.WalletId,
                Unit = r.Unit.ToString(),
                Threshold = r.Threshold,
                Enabled = r.IsEnabled ? 1 : 0,
                TopUp = r.TopUp,
                Status = r.Status.ToString(),
                Amount = r.Amount?.ToString(CultureInfo.InvariantCulture),
                CheckedAt = r.CheckedAt?.ToUnixTimeMilliseconds(),
                AlertedAt = r.AlertedAt?.ToUnixTimeMilliseconds(),
                NextAt = r.NextAt?.ToUnixTimeMilliseconds(),
                Revision = r.Revision,
                CreatedAt = r.CreatedAt.ToUnixTimeMilliseconds(),
            };

        public BalanceRule ToRule() =>
            new()
            {
                Id = Id,
                WalletId = WalletId,
                Unit = Protocol.Unit.Parse(Unit),
                Threshold = Threshold,
                IsEnabled = Enabled != 0,
                TopUp = TopUp,
                Status = Enum.Parse<BalanceStatus>(Status),
                Amount = Amount is null ? null : Digits.ReadSigned<Int128>(Amount),
                CheckedAt = Moment(CheckedAt),
                AlertedAt = Moment(AlertedAt),
                NextAt = Moment(NextAt),
                Revision = Revision,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            };

        private static DateTimeOffset? Moment(long? ms) => ms is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }
}
