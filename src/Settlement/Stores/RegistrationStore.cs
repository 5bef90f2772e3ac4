using System.Collections.Immutable;
using Masumi.Cardano;
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
                await w.ExecuteAsync(
                    $"INSERT INTO registration ({RegistrationRows.Columns}) VALUES (@Id, @SourceId, @WalletId, @RecipientId, @State, @Error, @Tries, @NextAt, "
                        + "@AgentIdentifier, @Name, @Entry, @Funding, @RequestedBy, @CreatedAt, @UpdatedAt, @StateChangedAt)",
                    RegistrationRows.Row.From(stored)
                );
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

    /// <summary>All registrations, newest first.</summary>
    public Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellation) =>
        _works.ReadAsync(
            async w =>
                (await w.QueryAsync<RegistrationRows.Row>($"SELECT {RegistrationRows.Columns} FROM registration ORDER BY created_at DESC, id DESC"))
                    .Select(r => r.ToRegistration())
                    .ToImmutableArray(),
            cancellation
        );

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

/// <summary>Registrations inside a unit of work.</summary>
internal static class RegistrationRows
{
    public const string Columns =
        "id, source_id, wallet_id, recipient_id, state, error, tries, next_at, agent_identifier, name, entry, funding, requested_by, created_at, updated_at, "
        + "state_changed_at";

    public static async Task<Registration?> LockAsync(Work work, string id)
    {
        await work.LockRowAsync("registration", id);
        return (await work.SingleAsync<Row>($"SELECT {Columns} FROM registration WHERE id = @id", new { id }))?.ToRegistration();
    }

    public static async Task<Registration> SaveAsync(DatedWork work, Registration before, Registration after)
    {
        if (after == before)
        {
            return before;
        }

        var changed = before.State != after.State || before.Error != after.Error;
        after = after with { UpdatedAt = work.Now, StateChangedAt = changed ? work.Now : before.StateChangedAt };
        await work.ExecuteAsync(
            "UPDATE registration SET state = @State, error = @Error, tries = @Tries, next_at = @NextAt, agent_identifier = @AgentIdentifier, "
                + "updated_at = @UpdatedAt, state_changed_at = @StateChangedAt WHERE id = @Id",
            Row.From(after)
        );
        if (before.State != after.State)
        {
            await OutboxStore.AppendAsync(
                work,
                "Registration",
                after.Id,
                after.UpdatedAt.ToUnixTimeMilliseconds(),
                Word.Text(after.State),
                new { error = after.Error }
            );
        }

        return after;
    }

    internal sealed class Row
    {
        public string Id { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string WalletId { get; set; } = "";
        public string? RecipientId { get; set; }
        public string State { get; set; } = "";
        public string? Error { get; set; }
        public long Tries { get; set; }
        public long? NextAt { get; set; }
        public string? AgentIdentifier { get; set; }
        public string Name { get; set; } = "";
        public byte[] Entry { get; set; } = [];
        public long? Funding { get; set; }
        public string? RequestedBy { get; set; }
        public long CreatedAt { get; set; }
        public long UpdatedAt { get; set; }
        public long StateChangedAt { get; set; }

        public static Row From(Registration r) =>
            new()
            {
                Id = r.Id,
                SourceId = r.SourceId,
                WalletId = r.WalletId,
                RecipientId = r.RecipientWalletId,
                State = Word.Text(r.State),
                Error = r.Error,
                Tries = r.Tries,
                NextAt = r.NextAt?.ToUnixTimeMilliseconds(),
                AgentIdentifier = r.AgentIdentifier?.ToString(),
                Name = r.Name,
                Entry = Convert.FromHexString(r.Entry),
                Funding = r.Funding?.Amount,
                RequestedBy = r.RequestedBy,
                CreatedAt = r.CreatedAt.ToUnixTimeMilliseconds(),
                UpdatedAt = r.UpdatedAt.ToUnixTimeMilliseconds(),
                StateChangedAt = r.StateChangedAt.ToUnixTimeMilliseconds(),
            };

        public Registration ToRegistration() =>
            new()
            {
                Id = Id,
                SourceId = SourceId,
                WalletId = WalletId,
                RecipientWalletId = RecipientId,
                State = Word.Parse<RegistrationState>(State),
                Error = Error,
                Tries = (int)Tries,
                NextAt = NextAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                AgentIdentifier = AgentIdentifier is null ? null : Protocol.AgentIdentifier.Parse(AgentIdentifier),
                Name = Name,
                Entry = Convert.ToHexStringLower(Entry),
                Funding = Funding is { } lovelace ? new Lovelace(lovelace) : null,
                RequestedBy = RequestedBy,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
                StateChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(StateChangedAt),
            };
    }
}
