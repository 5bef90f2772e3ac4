using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Stores;

/// <summary>Attempts inside a unit of work.</summary>
internal static class AttemptRows
{
    private const string Columns =
        "id, kind, source_id, wallet_id, tx_id, tx, upper_slot, state, answer, refusals, offered_at, fee, height, block_ms, taken_by, created_at, updated_at";

    private static readonly string[] Paying = [nameof(Intent.Lock), RegistrationMachine.Register, TransferMachine.Send];

    public static async Task<AttemptOutcome> InsertAsync(DatedWork work, Attempt attempt, Slot rivalsFrom, Func<Deal, DealChange?> taken, Decisions decisions)
    {
        if ((await ListAsync(work, "tx_id = @tx", new { tx = attempt.TxId.ToArray() })).FirstOrDefault() is { } known)
        {
            return new AttemptOutcome.Known(known);
        }

        foreach (var input in attempt.Transaction!.Body.Inputs)
        {
            if (await work.AnyAsync("SELECT 1 FROM attempt_input WHERE ref = @r AND live = 1", new { r = Bytes.Of(input) }))
            {
                return new AttemptOutcome.Overtaken($"{input} is taken");
            }
        }

        var deals = new List<(Deal Before, DealChange Change)>();
        foreach (var subject in attempt.Subjects)
        {
            if (await work.AnyAsync("SELECT 1 FROM attempt_subject WHERE subject_id = @SubjectId AND live = 1", subject))
            {
                return new AttemptOutcome.Overtaken($"{subject.SubjectId} is taken");
            }

            if (await RivalAsync(work, attempt, subject, rivalsFrom) is { } rival)
            {
                return new AttemptOutcome.NotExclusive(rival);
            }

            if (await TransferRows.LockAsync(work, subject.SubjectId) is { State: not TransferState.Requested } transfer)
            {
                return new AttemptOutcome.Overtaken($"{subject.SubjectId} is {transfer.State}");
            }

            if (await DealRows.LockAsync(work, subject.SubjectId) is { } deal)
            {
                if (taken(deal) is not { } change)
                {
                    return new AttemptOutcome.Overtaken($"{subject.SubjectId} no longer wants {subject.Action}");
                }

                deals.Add((deal, change));
            }
        }

        await InsertRowsAsync(work, attempt, isLive: true);
        foreach (var (before, change) in deals)
        {
            await DealRows.SaveAsync(work, before, change);
        }

        await AttemptFates.TellAsync(work, attempt.Id, [], decisions);
        return new AttemptOutcome.Stored();
    }

    public static async Task<bool> AdoptAsync(DatedWork work, Attempt attempt, ChainTransaction found, Decisions decisions)
    {
        if (await work.AnyAsync("SELECT 1 FROM attempt WHERE tx_id = @tx", new { tx = attempt.TxId.ToArray() }))
        {
            return false;
        }

        // Nothing of it is live: it is in a block, and what else wanted the same has to be seen to fail by itself.
        await InsertRowsAsync(work, attempt, isLive: false);
        await IncludeAsync(work, found, shown: false, decisions);
        return true;
    }

    public static async Task<ImmutableArray<Attempt>> ListAsync(Work work, string where, object args, string order = "created_at, id")
    {
        var rows = await work.QueryAsync<Row>($"SELECT {Columns} FROM attempt WHERE {where} ORDER BY {order}", args);
        var attempts = ImmutableArray.CreateBuilder<Attempt>(rows.Count);
        var together = rows.Count > 1 && !order.Contains("LIMIT", StringComparison.Ordinal) ? await SubjectsOfAsync(work, where, args) : null;
        foreach (var row in rows)
        {
            attempts.Add(row.ToAttempt(work, together is null ? await SubjectsAsync(work, row.Id) : [.. together[row.Id]]));
        }

        return attempts.MoveToImmutable();
    }

    /// <summary>Attempts by their ids, in no order.</summary>
    public static async Task<ImmutableArray<Attempt>> ListAsync(Work work, IEnumerable<string> ids)
    {
        var keys = ids.ToList();
        var rows = await work.QueryAsync<Row>(keys, $"SELECT {Columns} FROM attempt WHERE id IN (@keys)");
        var subjects = (
            await work.QueryAsync<SubjectRow>(
                keys,
                "SELECT attempt_id, subject_id, action FROM attempt_subject WHERE attempt_id IN (@keys) ORDER BY attempt_id, subject_id"
            )
        ).ToLookup(s => s.AttemptId, s => new AttemptSubject(s.SubjectId, s.Action), StringComparer.Ordinal);
        return [.. rows.Select(r => r.ToAttempt(work, [.. subjects[r.Id]]))];
    }

    public static Task<ImmutableArray<Attempt>> ListForAsync(Work work, string subjectId) =>
        ListAsync(work, "id IN (SELECT attempt_id FROM attempt_subject WHERE subject_id = @subjectId)", new { subjectId }, "created_at DESC, id DESC");

    /// <summary>An attempt of ours among what the chain shows: in a block now. <paramref name="shown"/>: the projection of what it serves has it too.</summary>
    public static async Task IncludeAsync(DatedWork work, ChainTransaction found, bool shown, Decisions decisions)
    {
        var row = await work.SingleAsync<Row>($"SELECT {Columns} FROM attempt WHERE tx_id = @tx", new { tx = found.Transaction.Id.ToArray() });
        if (row is null || row.State == nameof(AttemptState.Final))
        {
            return;
        }

        if (!found.IsValid && row.State == nameof(AttemptState.InBlock))
        {
            // It was called valid before: what that made of what it serves is taken back, as by a rollback.
            await TakeBackAsync(work, row.Id, decisions);
        }

        var state = found.IsValid ? AttemptState.InBlock : AttemptState.Failed;
        await work.ExecuteAsync(
            "UPDATE attempt SET state = @state, height = @height, block_ms = @blockMs, answer = NULL, refusals = 0, updated_at = @now WHERE id = @id",
            new
            {
                id = row.Id,
                state = state.ToString(),
                height = found.Block.Height,
                blockMs = found.Block.Time.ToUnixTimeMilliseconds(),
                now = work.Now.ToUnixTimeMilliseconds(),
            }
        );
        if (!found.IsValid)
        {
            await FreeInputsAsync(work, row.Id);
            await FreeSubjectsAsync(work, row.Id, new DealEvent.FailedInBlock(found.Transaction.Id), decisions);
            await AttemptFates.TellAsync(work, row.Id, [Fate.FailedInBlock], decisions);
            return;
        }

        // It may have passed for dead, and what it spends been given to another.
        await TakeInputsAsync(work, found, decisions);
        if (row.State is nameof(AttemptState.Expired) or nameof(AttemptState.Conflicted))
        {
            await RetakeAsync(work, row.Id, decisions);
        }

        if (shown)
        {
            await FreeSubjectsAsync(work, row.Id, new DealEvent.Freed(), decisions);
        }
        else
        {
            // Only deals have a projection that is to show it.
            await work.ExecuteAsync(
                "UPDATE attempt_subject SET live = 0 WHERE attempt_id = @id AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.id = attempt_subject.subject_id)",
                new { id = row.Id }
            );
        }

        await AttemptFates.TellAsync(work, row.Id, [Fate.Confirmed], decisions);
    }

    /// <summary>
    /// A purchase that an attempt turns out to have paid for is one that it acts for, though it came here later: a rollback that takes the lock leaves it taken.
    /// </summary>
    public static Task AddSubjectAsync(Work work, EscrowStep locked) =>
        work.ExecuteAsync(
            "INSERT INTO attempt_subject (attempt_id, subject_id, action, live) SELECT a.id, d.id, 'Lock', 0 FROM attempt a JOIN deal d "
                + "ON d.identifier_hash = @hash AND d.source_id = @SourceId AND d.side = 'Purchase' AND d.chain_state IS NOT NULL WHERE a.tx_id = @tx "
                + "AND NOT EXISTS (SELECT 1 FROM attempt_subject s WHERE s.attempt_id = a.id AND s.subject_id = d.id)",
            new
            {
                hash = Bytes.HashOf(locked.Identifier),
                locked.SourceId,
                tx = locked.TxId.ToArray(),
            }
        );

    /// <summary>Dead as far as the chain shows: what it spends and serves is free.</summary>
    public static async Task EndAsync(DatedWork work, string id, AttemptState state, string why, TransactionId? takenBy, Decisions decisions)
    {
        var refusal = await work.SingleAsync<string>("SELECT answer FROM attempt WHERE id = @id AND refusals > 0", new { id });
        var changed = await work.ExecuteAsync(
            "UPDATE attempt SET state = @state, answer = @why, taken_by = @takenBy, updated_at = @now WHERE id = @id AND state IN ('Stored', 'Offered', 'Pending')",
            new
            {
                id,
                state = state.ToString(),
                why,
                takenBy = takenBy?.ToArray(),
                now = work.Now.ToUnixTimeMilliseconds(),
            }
        );
        if (changed > 0)
        {
            await FreeInputsAsync(work, id);
            await FreeSubjectsAsync(work, id, new DealEvent.Freed(refusal), decisions);
            await AttemptFates.TellAsync(work, id, [Fate.Freed], decisions);
        }
    }

    /// <summary>A transaction on chain took these inputs: whatever else of ours would spend them is in conflict with it.</summary>
    public static async Task TakeInputsAsync(DatedWork work, ChainTransaction found, Decisions decisions)
    {
        var rivals = await work.QueryAsync<RivalRow>(
            found.Spends.Select(i => Bytes.Of(i)),
            "SELECT i.ref, i.attempt_id FROM attempt_input i JOIN attempt a ON a.id = i.attempt_id "
                + "WHERE i.ref IN (@keys) AND i.live = 1 AND a.tx_id <> @tx ORDER BY i.attempt_id, i.ref",
            new { tx = found.Transaction.Id.ToArray() }
        );
        foreach (var rival in rivals.OrderBy(r => r.AttemptId, StringComparer.Ordinal).DistinctBy(r => r.AttemptId))
        {
            await EndAsync(
                work,
                rival.AttemptId,
                AttemptState.Conflicted,
                $"{Bytes.ToInput(rival.Ref)} was spent by {found.Transaction.Id}",
                // What it made of it excludes the other. That it failed and took its collateral is a provider's word, and what stands on it alone excludes nothing.
                found.IsValid
                    ? found.Transaction.Id
                    : null,
                decisions
            );
        }
    }

    /// <summary>Attempts in blocks above a height wait for a block again, with the same bytes, unless something that lives spends the same.</summary>
    public static async Task RollBackAsync(DatedWork work, string sourceId, long height, Decisions decisions)
    {
        var gone = await work.QueryAsync<Row>(
            $"SELECT {Columns} FROM attempt WHERE tx IS NOT NULL AND source_id = @sourceId AND state IN ('InBlock', 'Failed') AND height > @height ORDER BY created_at, id",
            new { sourceId, height }
        );
        foreach (var row in gone)
        {
            await TakeBackAsync(work, row.Id, decisions);
        }
    }

    /// <summary>As <see cref="RollBackAsync"/>, for the one with this transaction, if there is one.</summary>
    public static async Task TakeBackAsync(DatedWork work, TransactionId tx, Decisions decisions)
    {
        if (
            await work.SingleAsync<string>(
                "SELECT id FROM attempt WHERE tx_id = @tx AND tx IS NOT NULL AND state IN ('InBlock', 'Failed')",
                new { tx = tx.ToArray() }
            ) is
            { } id
        )
        {
            await TakeBackAsync(work, id, decisions);
        }
    }

    /// <summary>As <see cref="RollBackAsync"/>, for one.</summary>
    public static async Task TakeBackAsync(DatedWork work, string id, Decisions decisions)
    {
        await work.ExecuteAsync(
            "UPDATE attempt SET state = 'Offered', height = NULL, block_ms = NULL, offered_at = NULL, updated_at = @now WHERE id = @id",
            new { id, now = work.Now.ToUnixTimeMilliseconds() }
        );
        var returns = await RetakeAsync(work, id, decisions);
        await AttemptFates.TellAsync(work, id, returns ? [Fate.TakenBack] : [Fate.TakenBack, Fate.Freed], decisions);
    }

    // What it spends and serves is taken again, as far as nothing else took it meanwhile (a refund asked for on top of a lock that was taken back: the lock
    // must return all the same). False when something that lives spends the same: it is sent no more.
    private static async Task<bool> RetakeAsync(DatedWork work, string id, Decisions decisions)
    {
        var taken = await work.AnyAsync(
            "SELECT 1 FROM attempt_input a JOIN attempt_input b ON a.ref = b.ref AND b.live = 1 AND b.attempt_id <> a.attempt_id WHERE a.attempt_id = @id",
            new { id }
        );
        if (taken)
        {
            await work.ExecuteAsync("UPDATE attempt SET state = 'Conflicted' WHERE id = @id AND state = 'Offered'", new { id });
            return false;
        }

        await work.ExecuteAsync("UPDATE attempt_input SET live = 1 WHERE attempt_id = @id", new { id });
        var attempt = (await ListAsync(work, "id = @id", new { id })).Single();
        foreach (var subject in attempt.Subjects)
        {
            if (await work.AnyAsync("SELECT 1 FROM attempt_subject WHERE subject_id = @SubjectId AND live = 1", subject))
            {
                continue;
            }

            if (await DealRows.LockAsync(work, subject.SubjectId) is { } deal)
            {
                await work.ExecuteAsync(
                    "UPDATE attempt_subject SET live = 1 WHERE attempt_id = @id AND subject_id = @SubjectId",
                    new { id, subject.SubjectId }
                );
                var standing = new StandingAttempt(id, attempt.TxId, Enum.Parse<Intent>(subject.Action));
                await DealRows.SaveAsync(work, deal, decisions.OfDeal(deal, new DealEvent.Taken(standing, attempt.WalletId)));
            }
            else
            {
                await work.ExecuteAsync(
                    "UPDATE attempt_subject SET live = 1 WHERE attempt_id = @id AND subject_id = @SubjectId",
                    new { id, subject.SubjectId }
                );
            }
        }

        return true;
    }

    // An earlier attempt that pays for the same thing and that this one does not exclude, or null.
    private static async Task<TransactionId?> RivalAsync(Work work, Attempt attempt, AttemptSubject subject, Slot rivalsFrom)
    {
        if (!Paying.Contains(subject.Action))
        {
            return null;
        }

        var inputs = attempt.Transaction!.Body.Inputs.ToHashSet();
        var earlier = await work.QueryAsync<Row>(
            $"SELECT {string.Join(", ", Columns.Split(", ").Select(c => "a." + c))} FROM attempt a JOIN attempt_subject s ON s.attempt_id = a.id "
                + "WHERE s.subject_id = @SubjectId AND s.action = @Action AND a.upper_slot >= @from ORDER BY a.id",
            new
            {
                subject.SubjectId,
                subject.Action,
                from = rivalsFrom.Number,
            }
        );
        return earlier.FirstOrDefault(e => !attempt.Rivals.Any(r => r.AttemptId == e.Id && inputs.Contains(r.Coin))) is { } missing
            ? Bytes.ToTransaction(missing.TxId)
            : null;
    }

    private static async Task InsertRowsAsync(DatedWork work, Attempt attempt, bool isLive)
    {
        var live = isLive ? 1L : 0L;
        await work.ExecuteAsync(
            $"INSERT INTO attempt ({Columns}) VALUES (@id, @kind, @source, @wallet, @tx, @bytes, @upper, 'Stored', NULL, 0, NULL, @fee, NULL, NULL, NULL, @created, @now)",
            new
            {
                id = attempt.Id,
                kind = attempt.Kind,
                source = attempt.SourceId,
                wallet = attempt.WalletId,
                tx = attempt.TxId.ToArray(),
                bytes = attempt.Transaction!.Bytes.ToArray(),
                upper = attempt.InvalidHereafter.Number,
                fee = attempt.Fee.Amount,
                created = attempt.CreatedAt.ToUnixTimeMilliseconds(),
                now = work.Now.ToUnixTimeMilliseconds(),
            }
        );
        foreach (var input in attempt.Transaction.Body.Inputs)
        {
            await work.ExecuteAsync(
                "INSERT INTO attempt_input (attempt_id, ref, live) VALUES (@id, @r, @live)",
                new
                {
                    id = attempt.Id,
                    r = Bytes.Of(input),
                    live,
                }
            );
        }

        foreach (var subject in attempt.Subjects)
        {
            await work.ExecuteAsync(
                "INSERT INTO attempt_subject (attempt_id, subject_id, action, live) VALUES (@id, @SubjectId, @Action, @live)",
                new
                {
                    id = attempt.Id,
                    subject.SubjectId,
                    subject.Action,
                    live,
                }
            );
        }

        foreach (var rival in attempt.Rivals)
        {
            await work.ExecuteAsync(
                "INSERT INTO attempt_rival (attempt_id, rival_id, coin) VALUES (@id, @AttemptId, @coin)",
                new
                {
                    id = attempt.Id,
                    rival.AttemptId,
                    coin = Bytes.Of(rival.Coin),
                }
            );
        }
    }

    private static Task<int> FreeInputsAsync(Work work, string id) => work.ExecuteAsync("UPDATE attempt_input SET live = 0 WHERE attempt_id = @id", new { id });

    public static async Task FreeSubjectsAsync(DatedWork work, string id, DealEvent happened, Decisions decisions)
    {
        var held = await work.QueryAsync<string>("SELECT subject_id FROM attempt_subject WHERE attempt_id = @id AND live = 1 ORDER BY subject_id", new { id });
        var deals = new List<Deal>();
        foreach (var subject in held)
        {
            if (await DealRows.LockAsync(work, subject) is { } deal)
            {
                deals.Add(deal);
            }
        }

        await work.ExecuteAsync("UPDATE attempt_subject SET live = 0 WHERE attempt_id = @id", new { id });
        foreach (var deal in deals)
        {
            await DealRows.SaveAsync(work, deal, decisions.OfDeal(deal, happened));
        }
    }

    /// <summary>Who an attempt acts for.</summary>
    public static async Task<ImmutableArray<AttemptSubject>> SubjectsAsync(Work work, string id) =>
        [
            .. (
                await work.QueryAsync<SubjectRow>("SELECT subject_id, action FROM attempt_subject WHERE attempt_id = @id ORDER BY subject_id", new { id })
            ).Select(s => new AttemptSubject(s.SubjectId, s.Action)),
        ];

    private static async Task<ILookup<string, AttemptSubject>> SubjectsOfAsync(Work work, string where, object args) =>
        (
            await work.QueryAsync<SubjectRow>(
                "SELECT attempt_id, subject_id, action FROM attempt_subject "
                    + $"WHERE attempt_id IN (SELECT id FROM attempt WHERE {where}) ORDER BY attempt_id, subject_id",
                args
            )
        ).ToLookup(s => s.AttemptId, s => new AttemptSubject(s.SubjectId, s.Action), StringComparer.Ordinal);

    private sealed class RivalRow
    {
        public byte[] Ref { get; set; } = [];
        public string AttemptId { get; set; } = "";
    }

    private sealed class SubjectRow
    {
        public string AttemptId { get; set; } = "";
        public string SubjectId { get; set; } = "";
        public string Action { get; set; } = "";
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Kind { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string WalletId { get; set; } = "";
        public byte[] TxId { get; set; } = [];
        public byte[]? Tx { get; set; }
        public long UpperSlot { get; set; }
        public string State { get; set; } = "";
        public string? Answer { get; set; }
        public long Refusals { get; set; }
        public long? OfferedAt { get; set; }
        public long Fee { get; set; }
        public long? Height { get; set; }
        public long? BlockMs { get; set; }
        public byte[]? TakenBy { get; set; }
        public long CreatedAt { get; set; }
        public long UpdatedAt { get; set; }

        public Attempt ToAttempt(Work work, ImmutableArray<AttemptSubject> subjects) =>
            new()
            {
                Id = Id,
                Kind = Kind,
                SourceId = SourceId,
                WalletId = WalletId,
                TxId = Bytes.ToTransaction(TxId),
                Transaction = Tx is null ? null : work.Decoded.Of(Bytes.ToTransaction(TxId), Tx),
                InvalidHereafter = new Slot(UpperSlot),
                Fee = new Lovelace(Fee),
                Subjects = subjects,
                State = Enum.Parse<AttemptState>(State),
                Answer = Answer,
                Refusals = (int)Refusals,
                OfferedAt = OfferedAt,
                Height = Height,
                BlockTime = BlockMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
                TakenBy = TakenBy is null ? null : Bytes.ToTransaction(TakenBy),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
            };
    }
}
