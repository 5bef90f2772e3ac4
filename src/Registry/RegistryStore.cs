using System.Collections.Immutable;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Contracts.Registry;
using Masumi.Registry.Agents;
using Masumi.Storage;

namespace Masumi.Registry;

/// <summary>A followed policy.</summary>
internal sealed record RegistrySource(string Id, string Network, Hash28 Policy);

/// <summary>A change of one token in a followed transaction.</summary>
internal sealed record TokenChange(AssetId Asset, long Quantity, Metadatum? Metadata, string Name, long Height);

/// <summary>What the registry remembers.</summary>
internal sealed class RegistryStore(IDatabase database, TimeProvider time)
{
    private const string EntryColumns =
        "e.id, e.source_id, s.network, s.policy_id, e.agent_identifier, e.metadata, e.status, e.status_updated_at, e.created_at, e.updated_at, "
        + "e.last_uptime_check, e.uptime_count, e.check_count FROM agent_entry e JOIN registry_source s ON s.id = e.source_id";

    public static MigrationModule Migrations { get; } = MigrationModule.FromAssembly("registry", typeof(RegistryStore).Assembly);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task AddSourceAsync(string network, Hash28 policy, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
                await c.ExecuteAsync(
                    "INSERT INTO registry_source (id, network, policy_id, created_at) VALUES (@id, @network, @policy, @now) ON CONFLICT (network, policy_id) DO NOTHING",
                    new
                    {
                        id = Id(network, policy.ToString()),
                        network,
                        policy = policy.ToString(),
                        now = Now,
                    },
                    t
                ),
            cancellation
        );

    public Task<ImmutableArray<RegistrySource>> ListSourcesAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
                (await c.QueryAsync<SourceRow>("SELECT id, network, policy_id FROM registry_source ORDER BY created_at, id"))
                    .Select(r => new RegistrySource(r.Id, r.Network, Hash28.Parse(r.PolicyId)))
                    .ToImmutableArray(),
            cancellation
        );

    public Task<ImmutableArray<BlockPoint>> ListPointsAsync(string sourceId, CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
                (
                    await c.QueryAsync<PointRow>(
                        "SELECT height, hash, slot, time_ms FROM registry_point WHERE source_id = @sourceId ORDER BY height DESC",
                        new { sourceId }
                    )
                )
                    .Select(r => new BlockPoint(r.Height, Hash32.Parse(r.Hash), new Slot(r.Slot), DateTimeOffset.FromUnixTimeMilliseconds(r.TimeMs)))
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>Records what a pass over the chain found, with the point reached.</summary>
    public Task AppendAsync(RegistrySource source, IReadOnlyList<TokenChange> changes, BlockPoint tip, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
            {
                foreach (var change in changes)
                {
                    await ApplyAsync(c, t, source, change);
                }

                await c.ExecuteAsync(
                    "INSERT INTO registry_point (source_id, height, hash, slot, time_ms) VALUES (@id, @Height, @hash, @slot, @at) "
                        + "ON CONFLICT (source_id, height) DO UPDATE SET hash = @hash, slot = @slot, time_ms = @at",
                    new
                    {
                        id = source.Id,
                        tip.Height,
                        hash = tip.Hash.ToString(),
                        slot = tip.Slot.Number,
                        at = tip.Time.ToUnixTimeMilliseconds(),
                    },
                    t
                );
                await c.ExecuteAsync(
                    "DELETE FROM registry_point WHERE source_id = @id AND height < @height",
                    new { id = source.Id, height = tip.Height - 2160 },
                    t
                );
            },
            cancellation
        );

    /// <summary>
    /// After a rollback everything of the source is read again from the start: mints and burns are few, and a registry that is briefly behind is better
    /// than one that shows what never happened.
    /// </summary>
    public Task ForgetAsync(string sourceId, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
            {
                await c.ExecuteAsync("UPDATE agent_entry SET quantity = 0, height = -1 WHERE source_id = @sourceId", new { sourceId }, t);
                await c.ExecuteAsync("DELETE FROM registry_point WHERE source_id = @sourceId", new { sourceId }, t);
            },
            cancellation
        );

    public Task<ImmutableArray<AgentEntry>> ListAsync(string? network, CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
                (
                    await c.QueryAsync<EntryRow>(
                        $"SELECT {EntryColumns} WHERE (@network IS NULL OR s.network = @network) AND e.height >= 0 ORDER BY e.created_at DESC, e.id DESC",
                        new { network }
                    )
                )
                    .Select(r => r.ToEntry())
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>The outcome of asking an agent's endpoint.</summary>
    public Task SaveProbeAsync(AgentEntry entry, bool answered, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
                await c.ExecuteAsync(
                    "UPDATE agent_entry SET status_updated_at = CASE WHEN status <> @status THEN @now ELSE status_updated_at END, status = @status, updated_at = @now, "
                        + "last_uptime_check = @now, check_count = check_count + 1, uptime_count = uptime_count + @up WHERE id = @Id AND status IN ('Online', 'Offline')",
                    new
                    {
                        entry.Id,
                        status = answered ? "Online" : "Offline",
                        up = answered ? 1 : 0,
                        now = Now,
                    },
                    t
                ),
            cancellation
        );

    public Task EnsureKeyAsync(string token, bool admin, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
                await c.ExecuteAsync(
                    "INSERT INTO registry_key (token_hash, mask, is_admin, status, created_at) VALUES (@hash, @mask, @admin, 'Active', @now) ON CONFLICT (token_hash) DO NOTHING",
                    new
                    {
                        hash = HashOf(token),
                        mask = "*****" + token[^4..],
                        admin = admin ? 1 : 0,
                        now = Now,
                    },
                    t
                ),
            cancellation
        );

    public Task<KeyRow?> FindKeyAsync(string token, CancellationToken cancellation) =>
        database.ReadAsync(
            async c =>
                await c.QuerySingleOrDefaultAsync<KeyRow>(
                    "SELECT mask, is_admin, status FROM registry_key WHERE token_hash = @hash",
                    new { hash = HashOf(token) }
                ),
            cancellation
        );

    private async Task ApplyAsync(DbConnection c, DbTransaction t, RegistrySource source, TokenChange change)
    {
        var id = Id(source.Id, change.Asset.ToString());
        await c.ExecuteAsync(
            "INSERT INTO agent_entry (id, source_id, agent_identifier, metadata, quantity, name, status, status_updated_at, created_at, updated_at, height) "
                + "VALUES (@id, @source, @agent, NULL, 0, '', 'Offline', @now, @now, @now, -1) ON CONFLICT (source_id, agent_identifier) DO NOTHING",
            new
            {
                id,
                source = source.Id,
                agent = change.Asset.ToString(),
                now = Now,
            },
            t
        );
        await c.ExecuteAsync(
            "UPDATE agent_entry SET quantity = quantity + @quantity, height = @height, updated_at = @now, "
                + "metadata = COALESCE(@metadata, metadata), name = CASE WHEN @metadata IS NULL THEN name ELSE @name END WHERE id = @id",
            new
            {
                id,
                quantity = change.Quantity,
                height = change.Height,
                metadata = change.Metadata is null ? null : Convert.ToHexStringLower(change.Metadata.ToCbor()),
                name = change.Name,
                now = Now,
            },
            t
        );
        await c.ExecuteAsync(
            "UPDATE agent_entry SET status_updated_at = @now, status = CASE WHEN quantity <= 0 THEN 'Deregistered' WHEN metadata IS NULL THEN 'Invalid' ELSE 'Offline' END "
                + "WHERE id = @id AND status <> CASE WHEN quantity <= 0 THEN 'Deregistered' WHEN metadata IS NULL THEN 'Invalid' ELSE status END",
            new { id, now = Now },
            t
        );
        await c.ExecuteAsync(
            "UPDATE agent_entry SET status = 'Offline', status_updated_at = @now WHERE id = @id AND quantity > 0 AND metadata IS NOT NULL AND status IN ('Deregistered', 'Invalid')",
            new { id, now = Now },
            t
        );
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    // Ids follow from content, so that reading the chain again gives the same rows.
    private static string Id(string scope, string text) => "c" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(scope + "/" + text)))[..24];

    internal sealed class KeyRow
    {
        public string Mask { get; set; } = "";
        public long IsAdmin { get; set; }
        public string Status { get; set; } = "";
    }

    private sealed class SourceRow
    {
        public string Id { get; set; } = "";
        public string Network { get; set; } = "";
        public string PolicyId { get; set; } = "";
    }

    private sealed class PointRow
    {
        public long Height { get; set; }
        public string Hash { get; set; } = "";
        public long Slot { get; set; }
        public long TimeMs { get; set; }
    }

    private sealed class EntryRow
    {
        public string Id { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string Network { get; set; } = "";
        public string PolicyId { get; set; } = "";
        public string AgentIdentifier { get; set; } = "";
        public string? Metadata { get; set; }
        public string Status { get; set; } = "";
        public long StatusUpdatedAt { get; set; }
        public long CreatedAt { get; set; }
        public long UpdatedAt { get; set; }
        public long? LastUptimeCheck { get; set; }
        public long UptimeCount { get; set; }
        public long CheckCount { get; set; }

        public AgentEntry ToEntry() =>
            new(
                Id,
                SourceId,
                Network,
                PolicyId,
                AssetId.Parse(AgentIdentifier),
                Metadata is not null && AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(Metadata))) is MetadataReading.Agent a
                    ? a.Metadata
                    : null,
                Status,
                At(StatusUpdatedAt),
                At(CreatedAt),
                At(UpdatedAt),
                LastUptimeCheck is { } check ? At(check) : null,
                UptimeCount,
                CheckCount
            );

        private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
    }
}
