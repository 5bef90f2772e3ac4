using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Masumi.Cardano;
using Masumi.Protocol;

namespace Masumi.Settlement;

public sealed partial class SettlementStore
{
    private const string RegistrationColumns =
        "id, source_id, wallet_id, recipient_id, state, error, agent_identifier, name, entry, funding, requested_by, created_at, updated_at, state_changed_at";

    /// <summary>Stores a new registration.</summary>
    public Task<Registration> InsertRegistrationAsync(Registration registration, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
            {
                var now = Now;
                registration = registration with { CreatedAt = now, UpdatedAt = now, StateChangedAt = now };
                await Execute(
                    c,
                    t,
                    $"INSERT INTO registration ({RegistrationColumns}) VALUES (@Id, @SourceId, @WalletId, @RecipientId, @State, @Error, @AgentIdentifier, "
                        + "@Name, @Entry, @Funding, @RequestedBy, @CreatedAt, @UpdatedAt, @StateChangedAt)",
                    RegistrationRow.From(registration)
                );
                await AppendOutbox(c, t, "Registration", registration.Id, Word.Text(registration.State), "{}", now);
                return registration;
            },
            cancellation
        );

    /// <summary>A registration by agent identifier, or null.</summary>
    public Task<Registration?> FindRegistrationAsync(AgentIdentifier agent, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
                (
                    await c.QuerySingleOrDefaultAsync<RegistrationRow>(
                        $"SELECT {RegistrationColumns} FROM registration WHERE agent_identifier = @agent",
                        new { agent = agent.ToString() }
                    )
                )?.ToRegistration(),
            cancellation
        );

    /// <summary>All registrations of the sources, newest first.</summary>
    public Task<ImmutableArray<Registration>> ListRegistrationsAsync(CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
                (await c.QueryAsync<RegistrationRow>($"SELECT {RegistrationColumns} FROM registration ORDER BY created_at DESC, id DESC"))
                    .Select(r => r.ToRegistration())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>Changes a registration inside one transaction; null from <paramref name="change"/> leaves it alone.</summary>
    public Task<Registration?> ChangeRegistrationAsync(string id, Func<Registration, Registration?> change, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
            {
                await Execute(c, t, "UPDATE registration SET id = id WHERE id = @id", new { id });
                var before = (
                    await c.QuerySingleOrDefaultAsync<RegistrationRow>($"SELECT {RegistrationColumns} FROM registration WHERE id = @id", new { id }, t)
                )?.ToRegistration();
                if (before is null || change(before) is not { } after)
                {
                    return null;
                }

                return await SaveRegistration(c, t, before, after);
            },
            cancellation
        );

    private async Task<Registration> SaveRegistration(DbConnection c, DbTransaction t, Registration before, Registration after)
    {
        var now = Now;
        var changed = before.State != after.State || before.Error != after.Error;
        after = after with { UpdatedAt = now, StateChangedAt = changed ? now : before.StateChangedAt };
        await Execute(
            c,
            t,
            "UPDATE registration SET state = @State, error = @Error, agent_identifier = @AgentIdentifier, updated_at = @UpdatedAt, "
                + "state_changed_at = @StateChangedAt WHERE id = @Id",
            RegistrationRow.From(after)
        );
        if (changed)
        {
            await AppendOutbox(c, t, "Registration", after.Id, Word.Text(after.State), "{}", now);
        }

        return after;
    }

    private sealed class RegistrationRow
    {
        public string Id { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string WalletId { get; set; } = "";
        public string? RecipientId { get; set; }
        public string State { get; set; } = "";
        public string? Error { get; set; }
        public string? AgentIdentifier { get; set; }
        public string Name { get; set; } = "";
        public string Entry { get; set; } = "";
        public long? Funding { get; set; }
        public string? RequestedBy { get; set; }
        public long CreatedAt { get; set; }
        public long UpdatedAt { get; set; }
        public long StateChangedAt { get; set; }

        public static RegistrationRow From(Registration r) =>
            new()
            {
                Id = r.Id,
                SourceId = r.SourceId,
                WalletId = r.WalletId,
                RecipientId = r.RecipientWalletId,
                State = Word.Text(r.State),
                Error = r.Error,
                AgentIdentifier = r.AgentIdentifier?.ToString(),
                Name = r.Name,
                Entry = r.Entry,
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
                AgentIdentifier = AgentIdentifier is null ? null : Protocol.AgentIdentifier.Parse(AgentIdentifier),
                Name = Name,
                Entry = Entry,
                Funding = Funding is { } lovelace ? new Lovelace(lovelace) : null,
                RequestedBy = RequestedBy,
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
                StateChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(StateChangedAt),
            };
    }
}
