using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Stores;

/// <summary>Registrations inside a unit of work.</summary>
internal static class RegistrationRows
{
    public const string Columns =
        "id, kind, source_id, wallet_id, recipient_id, holder_id, state, error, tries, next_at, agent_identifier, name, entry, words, tags, pricing, funding, "
        + "requested_by, created_at, updated_at, state_changed_at";

    public static async Task InsertAsync(Work work, Registration registration)
    {
        var facets = RegistrationFacets.Of(registration.Entry);
        await work.ExecuteAsync(
            $"INSERT INTO registration ({Columns}) VALUES (@Id, @Kind, @SourceId, @WalletId, @RecipientId, @HolderId, @State, @Error, @Tries, @NextAt, "
                + "@AgentIdentifier, @Name, @Entry, @Words, @Tags, @Pricing, @Funding, @RequestedBy, @CreatedAt, @UpdatedAt, @StateChangedAt)",
            Row.From(registration, facets)
        );
        await InsertFacetsAsync(work, registration.Id, facets);
    }

    public static async Task<Registration?> GetAsync(Work work, string id) =>
        (await work.SingleAsync<Row>($"SELECT {Columns} FROM registration WHERE id = @id", new { id }))?.ToRegistration();

    /// <summary>Registrations with the newest attempt of each, in their order.</summary>
    public static async Task<ImmutableArray<RegistrationReport>> ReportAsync(Work work, ImmutableArray<Registration> registrations)
    {
        var newest = (
            await work.QueryAsync<NewestRow>(
                registrations.Select(r => r.Id),
                "SELECT s.subject_id, s.attempt_id, a.created_at FROM attempt_subject s JOIN attempt a ON a.id = s.attempt_id WHERE s.subject_id IN (@keys)"
            )
        )
            .GroupBy(n => n.SubjectId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.MaxBy(n => (n.CreatedAt, n.AttemptId))!.AttemptId, StringComparer.Ordinal);
        var attempts = (await AttemptRows.ListAsync(work, newest.Values)).ToDictionary(a => a.Id, StringComparer.Ordinal);
        return [.. registrations.Select(r => new RegistrationReport(r, newest.TryGetValue(r.Id, out var id) ? attempts.GetValueOrDefault(id) : null))];
    }

    public static async Task<bool> DeleteAsync(DatedWork work, string id, RegistrationState state)
    {
        if ((await LockAsync(work, id))?.State != state)
        {
            return false;
        }

        await DeleteFacetsAsync(work, id);
        await work.ExecuteAsync("DELETE FROM registration WHERE id = @id", new { id });
        await OutboxStore.AppendAsync(work, "Registration", id, work.Now.ToUnixTimeMilliseconds(), "Deleted", new { });
        return true;
    }

    public static async Task<Registration?> LockAsync(Work work, string id)
    {
        await work.LockRowAsync("registration", id);
        return await GetAsync(work, id);
    }

    public static async Task<Registration> SaveAsync(DatedWork work, Registration before, Registration after)
    {
        if (after == before)
        {
            return before;
        }

        var changed = before.State != after.State || before.Error != after.Error;
        after = after with { UpdatedAt = work.Now, StateChangedAt = changed ? work.Now : before.StateChangedAt };
        var facets = RegistrationFacets.Of(after.Entry);
        await work.ExecuteAsync(
            "UPDATE registration SET recipient_id = @RecipientId, holder_id = @HolderId, state = @State, error = @Error, tries = @Tries, next_at = @NextAt, "
                + "agent_identifier = @AgentIdentifier, name = @Name, entry = @Entry, words = @Words, tags = @Tags, pricing = @Pricing, funding = @Funding, "
                + "updated_at = @UpdatedAt, state_changed_at = @StateChangedAt WHERE id = @Id",
            Row.From(after, facets)
        );
        if (before.Entry != after.Entry)
        {
            await DeleteFacetsAsync(work, after.Id);
            await InsertFacetsAsync(work, after.Id, facets);
        }

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

    private static async Task InsertFacetsAsync(Work work, string id, RegistrationFacets facets)
    {
        foreach (var (ordinal, price) in facets.Prices.Index())
        {
            await work.ExecuteAsync(
                "INSERT INTO registration_price (registration_id, ordinal, amount) VALUES (@id, @ordinal, @amount)",
                new
                {
                    id,
                    ordinal = (long)ordinal,
                    amount = price.Amount,
                }
            );
        }

        foreach (var (ordinal, place) in facets.Places.Index())
        {
            await work.ExecuteAsync(
                "INSERT INTO registration_place (registration_id, ordinal, network, address) VALUES (@id, @ordinal, @Network, @Address)",
                new
                {
                    id,
                    ordinal = (long)ordinal,
                    place.Network,
                    place.Address,
                }
            );
        }
    }

    private static async Task DeleteFacetsAsync(Work work, string id)
    {
        await work.ExecuteAsync("DELETE FROM registration_price WHERE registration_id = @id", new { id });
        await work.ExecuteAsync("DELETE FROM registration_place WHERE registration_id = @id", new { id });
    }

    // Each between two ends of a line, so that a whole one is found.
    private static string Lines(IEnumerable<string> words) => "\n" + string.Concat(words.Select(w => w.ToLowerInvariant() + "\n"));

    private sealed class NewestRow
    {
        public string SubjectId { get; set; } = "";
        public string AttemptId { get; set; } = "";
        public long CreatedAt { get; set; }
    }

    internal sealed class Row
    {
        public string Id { get; set; } = "";
        public string Kind { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string WalletId { get; set; } = "";
        public string? RecipientId { get; set; }
        public string? HolderId { get; set; }
        public string State { get; set; } = "";
        public string? Error { get; set; }
        public long Tries { get; set; }
        public long? NextAt { get; set; }
        public string? AgentIdentifier { get; set; }
        public string Name { get; set; } = "";
        public byte[] Entry { get; set; } = [];
        public string Words { get; set; } = "";
        public string Tags { get; set; } = "";
        public string Pricing { get; set; } = "";
        public long? Funding { get; set; }
        public string? RequestedBy { get; set; }
        public long CreatedAt { get; set; }
        public long UpdatedAt { get; set; }
        public long StateChangedAt { get; set; }

        public static Row From(Registration r, RegistrationFacets facets) =>
            new()
            {
                Id = r.Id,
                Kind = r.Kind.ToString(),
                SourceId = r.SourceId,
                WalletId = r.WalletId,
                RecipientId = r.RecipientWalletId,
                HolderId = r.HolderWalletId,
                State = Word.Text(r.State),
                Error = r.Error,
                Tries = r.Tries,
                NextAt = r.NextAt?.ToUnixTimeMilliseconds(),
                AgentIdentifier = r.AgentIdentifier?.ToString(),
                Name = r.Name,
                Entry = Convert.FromHexString(r.Entry),
                Words = facets.Words,
                Tags = Lines(facets.Tags),
                Pricing = Lines(facets.Pricing.Select(p => Word.Text(p))),
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
                Kind = Enum.Parse<RegistrationKind>(Kind),
                SourceId = SourceId,
                WalletId = WalletId,
                RecipientWalletId = RecipientId,
                HolderWalletId = HolderId,
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
