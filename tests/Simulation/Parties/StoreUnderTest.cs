using System.Text.Json;
using Dapper;
using Masumi.Simulation.Disks;

namespace Masumi.Simulation.Parties;

/// <summary>What judges read from a node's tables; it knows them, and goes with them.</summary>
internal static class StoreUnderTest
{
    /// <summary>I2: inputs, and deals, that more than one living attempt claims.</summary>
    public static IReadOnlyList<string> ClaimedTwice(IDisk disk) =>
        disk.Read<IReadOnlyList<string>>(async c =>
            [
                .. await c.QueryAsync<string>(
                    "SELECT MIN(attempt_id) FROM attempt_input WHERE live = 1 GROUP BY ref HAVING COUNT(*) > 1 "
                        + "UNION ALL SELECT subject_id FROM attempt_subject WHERE live = 1 GROUP BY subject_id HAVING COUNT(*) > 1 ORDER BY 1"
                ),
            ]
        );

    /// <summary>
    /// I6 while it runs: heights at which something is stored of a block that the chain does not have, in a store whose newest block it has. <paramref name="hashAt"/>:
    /// the chain's block at a height.
    /// </summary>
    public static IReadOnlyList<long> Phantoms(IDisk disk, Func<long, string?> hashAt) =>
        disk.Read<IReadOnlyList<long>>(async c =>
        {
            var newest = (
                await c.QueryAsync<Place>(
                    "SELECT p.source_id, p.height, p.hash FROM chain_point p WHERE p.height = (SELECT MAX(q.height) FROM chain_point q WHERE q.source_id = p.source_id) "
                        + "ORDER BY p.source_id"
                )
            )
                .Where(p => hashAt(p.Height) == Convert.ToHexStringLower(p.Hash))
                .Select(p => p.SourceId)
                .ToHashSet(StringComparer.Ordinal);
            return
            [
                .. (await c.QueryAsync<Place>("SELECT DISTINCT source_id, height, block_hash AS hash FROM escrow_step ORDER BY source_id, height, block_hash"))
                    .Where(s => newest.Contains(s.SourceId) && hashAt(s.Height) != Convert.ToHexStringLower(s.Hash))
                    .Select(s => s.Height),
            ];
        });

    /// <summary>I7: changes of deals without exactly one event, and events without a change.</summary>
    public static IReadOnlyList<string> WrongEvents(IDisk disk) =>
        disk.Read<IReadOnlyList<string>>(async c =>
        {
            var wrong = new List<string>();
            var events = (
                await c.QueryAsync<Event>(
                    "SELECT o.seq, o.entity_id, o.revision, o.kind, o.payload FROM outbox o WHERE o.entity IN ('Purchase', 'Payment') ORDER BY o.seq"
                )
            ).ToLookup(e => e.EntityId, StringComparer.Ordinal);
            foreach (var deal in await c.QueryAsync<Now>("SELECT id, revision, state, result_hash FROM deal ORDER BY id"))
            {
                wrong.AddRange(WrongEvents(deal, [.. events[deal.Id]]).Select(w => $"{deal.Id}: {w}"));
            }

            return wrong;
        });

    private static IEnumerable<string> WrongEvents(Now deal, Event[] events)
    {
        var revisions = events.Select(e => e.Revision).Distinct().ToList();
        if (!revisions.SequenceEqual(Enumerable.Range(1, (int)deal.Revision).Select(r => (long)r)))
        {
            yield return $"it stands at revision {deal.Revision}, and the events of it tell of {string.Join(" ", revisions)}";
        }

        if (events.GroupBy(e => (e.Revision, e.Kind)).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return $"{twice.Key.Kind} is told twice of revision {twice.Key.Revision}";
        }

        var told = ((string?)null, (string?)null);
        foreach (var e in events.Where(e => e.Kind == "StateChanged"))
        {
            using var payload = JsonDocument.Parse(e.Payload);
            var tells = (payload.RootElement.GetProperty("onChainState").GetString(), payload.RootElement.GetProperty("resultHash").GetString());
            if (tells == told)
            {
                yield return $"StateChanged tells of revision {e.Revision} what was told before: {tells}";
            }

            told = tells;
        }

        var now = (deal.State, deal.ResultHash is { } hash ? Convert.ToHexStringLower(hash) : null);
        if (told != now)
        {
            yield return $"its state is {now}, and the last that was told is {told}";
        }
    }

    private sealed class Place
    {
        public string SourceId { get; set; } = "";
        public long Height { get; set; }
        public byte[] Hash { get; set; } = [];
    }

    private sealed class Event
    {
        public long Seq { get; set; }
        public string EntityId { get; set; } = "";
        public long Revision { get; set; }
        public string Kind { get; set; } = "";
        public string Payload { get; set; } = "";
    }

    private sealed class Now
    {
        public string Id { get; set; } = "";
        public long Revision { get; set; }
        public string? State { get; set; }
        public byte[]? ResultHash { get; set; }
    }
}
