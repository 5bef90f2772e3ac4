using System.Collections.Immutable;
using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Stores;

/// <summary>Agents this node registers.</summary>
public sealed class RegistrationStore
{
    private readonly Works _works;

    internal RegistrationStore(Works works) => _works = works;

    /// <summary>Stores a new registration, due at once.</summary>
    public Task<Registration> InsertAsync(Registration registration, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return _works.WriteAsync(
            now,
            async w =>
            {
                var stored = registration with { CreatedAt = w.Now, UpdatedAt = w.Now, StateChangedAt = w.Now, NextAt = w.Now };
                await RegistrationRows.InsertAsync(w, stored);
                await OutboxStore.AppendAsync(w, "Registration", stored.Id, 1, Word.Text(stored.State), new { });
                return stored;
            },
            cancellation
        );
    }

    /// <summary>A registration by agent identifier, or null.</summary>
    public Task<Registration?> FindAsync(AgentIdentifier agent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return _works.ReadAsync(
            async w =>
                (
                    await w.SingleAsync<RegistrationRows.Row>(
                        $"SELECT {RegistrationRows.Columns} FROM registration WHERE agent_identifier = @agent",
                        new { agent = agent.ToString() }
                    )
                )?.ToRegistration(),
            cancellation
        );
    }

    /// <summary>A registration by our id, or null.</summary>
    public Task<Registration?> GetAsync(string id, CancellationToken cancellation) => _works.ReadAsync(w => RegistrationRows.GetAsync(w, id), cancellation);

    /// <summary>All registrations, newest first.</summary>
    public Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (await w.QueryAsync<RegistrationRows.Row>($"SELECT {RegistrationRows.Columns} FROM registration ORDER BY created_at DESC, id DESC"))
                    .Select(r => r.ToRegistration())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>A page of registrations, each with its newest transaction, of one snapshot.</summary>
    public Task<ImmutableArray<RegistrationReport>> ReportAsync(RegistrationQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _works.ReadAsync(
            async w =>
            {
                var (sql, args) = RegistrationQuerySql.Page(query);
                var rows = await w.QueryAsync<RegistrationRows.Row>(sql, args);
                return await RegistrationRows.ReportAsync(w, [.. rows.Select(r => r.ToRegistration())]);
            },
            cancellation
        );
    }

    /// <summary>One registration with its newest transaction; null when there is none with this id.</summary>
    public Task<RegistrationReport?> ReportAsync(string id, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w => await RegistrationRows.GetAsync(w, id) is { } found ? (await RegistrationRows.ReportAsync(w, [found]))[0] : null,
            cancellation
        );

    /// <summary>How many match, whatever the page.</summary>
    public Task<long> CountAsync(RegistrationQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (where, args) = RegistrationQuerySql.Conditions(query);
        return _works.ReadAsync(w => w.CountAsync($"SELECT COUNT(*) FROM registration r WHERE {where}", args), cancellation);
    }

    /// <summary>Forgets a registration, where its state is still the one that was seen; whether it did.</summary>
    public Task<bool> DeleteAsync(string id, RegistrationState state, DateTimeOffset now, CancellationToken cancellation) =>
        _works.WriteAsync(now, w => RegistrationRows.DeleteAsync(w, id, state), cancellation);

    /// <summary>Those of a wallet that wait to be minted, or failed to be, oldest first.</summary>
    public Task<ImmutableArray<Registration>> ListUnmintedAsync(string walletId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<RegistrationRows.Row>(
                        $"SELECT {RegistrationRows.Columns} FROM registration WHERE wallet_id = @walletId "
                            + "AND state IN ('RegistrationRequested', 'RegistrationFailed') ORDER BY created_at, id",
                        new { walletId }
                    )
                )
                    .Select(r => r.ToRegistration())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>When the oldest registration of a source that waits was made; null when there is none.</summary>
    public Task<DateTimeOffset?> OldestWaitingAsync(string sourceId, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                await w.SingleAsync<long?>("SELECT MIN(created_at) FROM registration WHERE next_at IS NOT NULL AND source_id = @sourceId", new { sourceId })
                    is { } ms
                    ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
                    : (DateTimeOffset?)null,
            cancellation
        );

    /// <summary>Registrations whose time has come, longest due first.</summary>
    public Task<ImmutableArray<Registration>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (
                    await w.QueryAsync<RegistrationRows.Row>(
                        $"SELECT {RegistrationRows.Columns} FROM registration WHERE next_at <= @now ORDER BY next_at, id LIMIT @limit",
                        new { now = now.ToUnixTimeMilliseconds(), limit }
                    )
                )
                    .Select(r => r.ToRegistration())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>Changes a registration inside one transaction; null from <paramref name="change"/> leaves it alone.</summary>
    public Task<Registration?> ChangeAsync(string id, Func<Registration, Registration?> change, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _works.WriteAsync(
            now,
            async w =>
                await RegistrationRows.LockAsync(w, id) is { } before && change(before) is { } after
                    ? await RegistrationRows.SaveAsync(w, before, after)
                    : null,
            cancellation
        );
    }
}
