using System.Collections.Immutable;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Registry.Agents;
using Masumi.Storage;

namespace Masumi.Registry;

/// <summary>A followed policy.</summary>
internal sealed record RegistrySource(string Id, Network Network, PolicyId Policy);

/// <summary>A mint or burn of one token, and where in the chain it was seen.</summary>
/// <param name="Agent">The token.</param>
/// <param name="Quantity">Negative for a burn.</param>
/// <param name="Metadata">The token's CIP-25 entry as found; null when there is none.</param>
/// <param name="TxId">The transaction.</param>
/// <param name="Block">Its block.</param>
/// <param name="Index">Its place in the block.</param>
internal sealed record TokenChange(AgentIdentifier Agent, long Quantity, Metadatum? Metadata, TransactionId TxId, BlockPoint Block, int Index);

/// <summary>What one pass over the chain found.</summary>
/// <param name="RolledBack">True when the chain left the newest point recorded before.</param>
/// <param name="Stands">Then: the newest point that still stands; null when none does.</param>
/// <param name="Changes">What is new after that.</param>
/// <param name="Tip">Where the pass ended.</param>
internal sealed record ChainPass(bool RolledBack, BlockPoint? Stands, IReadOnlyList<TokenChange> Changes, BlockPoint Tip);

/// <summary>What the registry remembers of the chain and of its agents.</summary>
internal sealed class RegistryStore(IDatabase database, TimeProvider time)
{
    // The depth no node of the public networks rolls back beyond (security parameter k); deeper, everything is read again.
    private const int KeptBlocks = 2160;

    private const string EntryColumns =
        "e.id, e.source_id, s.network, s.policy_id, e.agent_identifier, e.metadata, e.status, e.status_updated_at, e.created_at, e.updated_at, "
        + "e.last_uptime_check, e.uptime_count, e.check_count FROM agent_entry e JOIN registry_source s ON s.id = e.source_id";

    public static MigrationModule Migrations { get; } = MigrationModule.FromAssembly("registry", typeof(RegistryStore).Assembly);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task AddSourceAsync(Network network, PolicyId policy, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
                await c.ExecuteAsync(
                    "INSERT INTO registry_source (id, network, policy_id, created_at) VALUES (@id, @network, @policy, @now) ON CONFLICT (network, policy_id) DO NOTHING",
                    new
                    {
                        id = Id(Word.Text(network), policy.ToString()),
                        network = Word.Text(network),
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
                    .Select(r => new RegistrySource(r.Id, Word.Parse<Network>(r.Network), PolicyId.Parse(r.PolicyId)))
                    .ToImmutableArray(),
            cancellation
        );

    /// <summary>Where earlier passes ended, newest first.</summary>
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

    /// <summary>
    /// Records a pass, all at once: what a rollback took back, what came instead, and the point reached. Readers so never see a chain that was not there, and
    /// an agent whose mint moved to another block does not vanish in between.
    /// </summary>
    public Task RecordAsync(RegistrySource source, ChainPass pass, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
            {
                var touched = new HashSet<string>(StringComparer.Ordinal);
                if (pass.RolledBack)
                {
                    var undone = new { id = source.Id, height = pass.Stands?.Height ?? -1 };
                    touched.UnionWith(
                        await c.QueryAsync<string>("SELECT DISTINCT agent_identifier FROM registry_event WHERE source_id = @id AND height > @height", undone, t)
                    );
                    await c.ExecuteAsync("DELETE FROM registry_event WHERE source_id = @id AND height > @height", undone, t);
                    await c.ExecuteAsync("DELETE FROM registry_point WHERE source_id = @id AND height > @height", undone, t);
                }

                foreach (var change in pass.Changes)
                {
                    touched.Add(change.Agent.ToString());
                    await AddEventAsync(c, t, source, change);
                }

                foreach (var agent in touched)
                {
                    await AddUpAsync(c, t, source, agent);
                }

                await c.ExecuteAsync(
                    "INSERT INTO registry_point (source_id, height, hash, slot, time_ms) VALUES (@id, @Height, @hash, @slot, @at) "
                        + "ON CONFLICT (source_id, height) DO UPDATE SET hash = @hash, slot = @slot, time_ms = @at",
                    new
                    {
                        id = source.Id,
                        pass.Tip.Height,
                        hash = pass.Tip.Hash.ToString(),
                        slot = pass.Tip.Slot.Number,
                        at = pass.Tip.Time.ToUnixTimeMilliseconds(),
                    },
                    t
                );
                await c.ExecuteAsync(
                    "DELETE FROM registry_point WHERE source_id = @id AND height < @height",
                    new { id = source.Id, height = pass.Tip.Height - KeptBlocks },
                    t
                );
            },
            cancellation
        );

    /// <summary>
    /// Agents, newest mint first. With <paramref name="vanished"/> also those whose mint a rollback took back, as deregistered: who mirrors the registry must
    /// hear of them.
    /// </summary>
    public Task<ImmutableArray<AgentEntry>> ListAsync(Network? network, CancellationToken cancellation, bool vanished = false) =>
        database.ReadAsync(async c => (
                    await c.QueryAsync<EntryRow>(
                        $"SELECT {EntryColumns} WHERE (s.network = @network OR @every = 1) AND (e.minted = 1 OR @vanished = 1) "
                            + "ORDER BY e.minted_height DESC, e.minted_index DESC, e.id DESC",
                        new
                        {
                            network = network is { } one ? Word.Text(one) : "",
                            every = network is null ? 1 : 0,
                            vanished = vanished ? 1 : 0,
                        }
                    )
                ).Select(r => r.ToEntry()).ToImmutableArray(), cancellation);

    /// <summary>The outcome of asking an agent's endpoint; void when the entry changed meanwhile.</summary>
    /// <param name="entry">The entry that was asked.</param>
    /// <param name="answers">Online, offline or invalid.</param>
    /// <param name="counts">False for checks a caller asked for: nobody shall shift an agent's uptime.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task SaveProbeAsync(AgentEntry entry, AgentStatus answers, bool counts, CancellationToken cancellation) =>
        database.WriteAsync(
            async (c, t) =>
                await c.ExecuteAsync(
                    "UPDATE agent_entry SET status_updated_at = CASE WHEN status <> @answers THEN @now ELSE status_updated_at END, status = @answers, "
                        + "answers = @answers, updated_at = @now, last_uptime_check = @now, check_count = check_count + @check, uptime_count = uptime_count + @up "
                        + "WHERE id = @Id AND minted = 1 AND status <> 'Deregistered' AND metadata = @RawMetadata",
                    new
                    {
                        entry.Id,
                        entry.RawMetadata,
                        answers = Word.Text(answers),
                        check = counts ? 1 : 0,
                        up = counts && answers == AgentStatus.Online ? 1 : 0,
                        now = Now,
                    },
                    t
                ),
            cancellation
        );

    // A transaction can be reported twice (chain adapters look back a few blocks); its key makes it count once.
    private static async Task AddEventAsync(DbConnection c, DbTransaction t, RegistrySource source, TokenChange change) =>
        await c.ExecuteAsync(
            "INSERT INTO registry_event (source_id, agent_identifier, tx_id, height, tx_index, slot, quantity, metadata) "
                + "VALUES (@source, @agent, @tx, @Height, @Index, @slot, @Quantity, @metadata) ON CONFLICT (source_id, agent_identifier, tx_id) DO NOTHING",
            new
            {
                source = source.Id,
                agent = change.Agent.ToString(),
                tx = change.TxId.ToString(),
                change.Block.Height,
                change.Index,
                slot = change.Block.Slot.Number,
                change.Quantity,
                metadata = change.Metadata is null ? null : Convert.ToHexStringLower(change.Metadata.ToCbor()),
            },
            t
        );

    /// <summary>Brings an entry in line with its events.</summary>
    private async Task AddUpAsync(DbConnection c, DbTransaction t, RegistrySource source, string agent)
    {
        var events = (
            await c.QueryAsync<EventRow>(
                "SELECT height, tx_index, quantity, metadata FROM registry_event WHERE source_id = @id AND agent_identifier = @agent ORDER BY height, tx_index",
                new { id = source.Id, agent },
                t
            )
        ).AsList();
        var id = Id(source.Id, agent);
        var old = await c.QuerySingleOrDefaultAsync<StatusRow>("SELECT metadata, answers, status FROM agent_entry WHERE id = @id", new { id }, t);
        if (events.FirstOrDefault(e => e.Quantity > 0) is not { } mint)
        {
            // A burn alone is a token this source never showed.
            await c.ExecuteAsync(
                "UPDATE agent_entry SET minted = 0, status_updated_at = CASE WHEN status <> @gone THEN @now ELSE status_updated_at END, status = @gone, "
                    + "updated_at = @now WHERE id = @id",
                new
                {
                    id,
                    gone = Word.Text(AgentStatus.Deregistered),
                    now = Now,
                },
                t
            );
            return;
        }

        // What a check found stays true while the entry says the same; so a burn that is taken back leaves the agent as it was.
        var metadata = events.Last(e => e.Quantity > 0).Metadata;
        var answers = old is not null && old.Metadata == metadata ? Word.Parse<AgentStatus>(old.Answers) : AgentStatus.Offline;
        var status =
            events.Sum(e => (decimal)e.Quantity) <= 0 ? AgentStatus.Deregistered
            : AgentEntry.Read(metadata) is null ? AgentStatus.Invalid
            : answers;
        await c.ExecuteAsync(
            "INSERT INTO agent_entry (id, source_id, agent_identifier, metadata, minted, minted_height, minted_index, answers, status, status_updated_at, "
                + "created_at, updated_at) VALUES (@id, @source, @agent, @metadata, 1, @height, @index, @answers, @status, @now, @now, @now) "
                + "ON CONFLICT (id) DO UPDATE SET metadata = @metadata, minted = 1, minted_height = @height, minted_index = @index, answers = @answers, "
                + "status = @status, status_updated_at = CASE WHEN agent_entry.status <> @status THEN @now ELSE agent_entry.status_updated_at END, updated_at = @now",
            new
            {
                id,
                source = source.Id,
                agent,
                metadata,
                height = mint.Height,
                index = mint.TxIndex,
                answers = Word.Text(answers),
                status = Word.Text(status),
                now = Now,
            },
            t
        );
    }

    // Ids follow from content, so that reading the chain again gives the same rows.
    internal static string Id(string scope, string text) => "c" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(scope + "/" + text)))[..24];

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

    private sealed class EventRow
    {
        public long Height { get; set; }
        public long TxIndex { get; set; }
        public long Quantity { get; set; }
        public string? Metadata { get; set; }
    }

    private sealed class StatusRow
    {
        public string? Metadata { get; set; }
        public string Answers { get; set; } = "";
        public string Status { get; set; } = "";
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
                Word.Parse<Network>(Network),
                PolicyId,
                Protocol.AgentIdentifier.Parse(AgentIdentifier),
                Metadata,
                AgentEntry.Read(Metadata),
                Word.Parse<AgentStatus>(Status),
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
