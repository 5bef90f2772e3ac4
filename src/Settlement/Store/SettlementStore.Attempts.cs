using System.Collections.Immutable;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Protocol;

namespace Masumi.Settlement;

public sealed partial class SettlementStore
{
    private const string AttemptColumns = "id, kind, source_id, wallet_id, tx_id, tx_cbor, upper_slot, state, note, fee, height, created_at, updated_at";

    /// <summary>
    /// Stores a signed transaction before it is submitted. False, and nothing stored, when an input or a subject already belongs to a live
    /// attempt, or when a subject no longer wants what the attempt does.
    /// </summary>
    /// <param name="attempt">The attempt, <see cref="AttemptState.Signed"/>.</param>
    /// <param name="assign">Changes to the deals it acts for (chosen wallet, expected collateral), by deal id.</param>
    /// <param name="cancellation">Ends waiting.</param>
    [SuppressMessage("Design", "MA0051", Justification = "One database transaction; the engine's own issue divides it (13).")]
    public Task<bool> InsertAttemptAsync(Attempt attempt, Func<Deal, Deal> assign, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
            {
                var inputs = attempt.Transaction.Body.Inputs.Select(i => i.ToString()).ToList();
                foreach (var input in inputs)
                {
                    if (await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM attempt_input WHERE ref = @input AND live = 1", new { input }, t) > 0)
                    {
                        return false;
                    }
                }

                var deals = new List<DealView>();
                foreach (var subject in attempt.Subjects)
                {
                    var taken = await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM attempt_subject WHERE subject_id = @SubjectId AND live = 1", subject, t);
                    if (taken > 0)
                    {
                        return false;
                    }

                    if (await LockDeal(c, t, subject.SubjectId) is { } view)
                    {
                        if (view.Deal.Intent.ToString() != subject.Action || view.Deal.Problem is { NeedsManual: true })
                        {
                            return false;
                        }

                        deals.Add(view);
                    }
                }

                var now = Now.ToUnixTimeMilliseconds();
                await Execute(
                    c,
                    t,
                    $"INSERT INTO attempt ({AttemptColumns}) VALUES (@id, @kind, @source, @wallet, @tx, @cbor, @upper, @state, @note, @fee, NULL, @now, @now)",
                    new
                    {
                        id = attempt.Id,
                        kind = attempt.Kind,
                        source = attempt.SourceId,
                        wallet = attempt.WalletId,
                        tx = attempt.Transaction.Id.ToString(),
                        cbor = Convert.ToHexStringLower(attempt.Transaction.Bytes.Span),
                        upper = attempt.InvalidHereafter.Number,
                        state = AttemptState.Signed.ToString(),
                        note = attempt.Note,
                        fee = attempt.Transaction.Body.Fee.Amount,
                        now,
                    }
                );
                foreach (var input in inputs)
                {
                    await Execute(c, t, "INSERT INTO attempt_input (attempt_id, ref, live) VALUES (@id, @input, 1)", new { id = attempt.Id, input });
                }

                foreach (var subject in attempt.Subjects)
                {
                    await Execute(
                        c,
                        t,
                        "INSERT INTO attempt_subject (attempt_id, subject_id, action, live) VALUES (@id, @SubjectId, @Action, 1)",
                        new
                        {
                            id = attempt.Id,
                            subject.SubjectId,
                            subject.Action,
                        }
                    );
                }

                await SetRegistrations(c, t, attempt.Id, "Initiated", "Requested");
                foreach (var view in deals)
                {
                    await SaveDeal(c, t, view, assign(view.Deal) with { Problem = null }, underWay: true, attempt.Transaction.Id.ToString());
                }

                return true;
            },
            cancellation
        );

    /// <summary>Attempts nobody has decided about yet, oldest first (parents before the children that spend their change).</summary>
    public Task<ImmutableArray<Attempt>> ListLiveAttemptsAsync(CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
            {
                var rows = (
                    await c.QueryAsync<AttemptRow>($"SELECT {AttemptColumns} FROM attempt WHERE state IN ('Signed', 'Submitted') ORDER BY created_at, id")
                ).ToList();
                return await WithSubjects(c, rows);
            },
            cancellation
        );

    /// <summary>A wallet's attempts since a time that are in a block or may still get there, oldest first.</summary>
    public Task<ImmutableArray<Attempt>> ListStandingAttemptsAsync(string walletId, DateTimeOffset since, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
            {
                var rows = (
                    await c.QueryAsync<AttemptRow>(
                        $"SELECT {AttemptColumns} FROM attempt WHERE wallet_id = @walletId AND created_at >= @since "
                            + "AND state IN ('Signed', 'Submitted', 'Included') ORDER BY created_at, id",
                        new { walletId, since = since.ToUnixTimeMilliseconds() }
                    )
                ).ToList();
                return await WithSubjects(c, rows);
            },
            cancellation
        );

    /// <summary>The attempts that acted, or act, for a deal or registration, newest first.</summary>
    public Task<ImmutableArray<Attempt>> ListAttemptsAsync(string subjectId, CancellationToken cancellation) =>
        _database.ReadAsync(
            async c =>
            {
                var rows = (
                    await c.QueryAsync<AttemptRow>(
                        $"SELECT {AttemptColumns} FROM attempt WHERE id IN (SELECT attempt_id FROM attempt_subject WHERE subject_id = @subjectId) ORDER BY created_at DESC, id DESC",
                        new { subjectId }
                    )
                ).ToList();
                return await WithSubjects(c, rows);
            },
            cancellation
        );

    /// <summary>
    /// Records a node's or the chain's word about an attempt. States that end it free its inputs and subjects; the deals go back to wanting
    /// (or to a person, when <paramref name="problem"/> says so).
    /// </summary>
    public Task SetAttemptStateAsync(Attempt attempt, AttemptState state, string? note, DealProblem? problem, CancellationToken cancellation) =>
        _database.WriteAsync(
            async (c, t) =>
            {
                var live = state is AttemptState.Signed or AttemptState.Submitted;
                await Execute(
                    c,
                    t,
                    "UPDATE attempt SET state = @state, note = @note, updated_at = @now WHERE id = @id",
                    new
                    {
                        id = attempt.Id,
                        state = state.ToString(),
                        note,
                        now = Now.ToUnixTimeMilliseconds(),
                    }
                );
                if (live)
                {
                    return;
                }

                var views = new List<DealView>();
                foreach (var subject in attempt.Subjects)
                {
                    if (await LockDeal(c, t, subject.SubjectId) is { } view)
                    {
                        views.Add(view);
                    }
                }

                await Free(c, t, attempt.Id);
                await SetRegistrations(c, t, attempt.Id, "Requested", "Initiated");
                foreach (var view in views)
                {
                    var after = view.Deal with { Problem = problem ?? view.Deal.Problem };
                    if (problem is { NeedsManual: true })
                    {
                        after = after with { Intent = Intent.Nothing, IntentResultHash = null };
                    }

                    await SaveDeal(c, t, view, after, underWay: false, attempt.Transaction.Id.ToString());
                }
            },
            cancellation
        );

    /// <summary>An attempt seen in a block outside the followed addresses (registrations): included, or failed there.</summary>
    public Task MarkIncludedAsync(Attempt attempt, ChainTransaction found, CancellationToken cancellation) =>
        _database.WriteAsync(async (c, t) => await MarkOnChain(c, t, found, null), cancellation);

    private async Task MarkOnChain(DbConnection c, DbTransaction t, ChainTransaction found, HashSet<string>? touched)
    {
        var id = await c.QuerySingleOrDefaultAsync<string>(
            "SELECT id FROM attempt WHERE tx_id = @tx AND state <> 'Included' AND state <> 'Phase2Failed'",
            new { tx = found.Transaction.Id.ToString() },
            t
        );
        if (id is null)
        {
            return;
        }

        var views = new List<DealView>();
        foreach (var subject in (await c.QueryAsync<string>("SELECT subject_id FROM attempt_subject WHERE attempt_id = @id", new { id }, t)).ToList())
        {
            if (await LockDeal(c, t, subject) is { } view)
            {
                views.Add(view);
            }
        }

        await Execute(
            c,
            t,
            "UPDATE attempt SET state = @state, height = @height, updated_at = @now WHERE id = @id",
            new
            {
                id,
                state = (found.IsValid ? AttemptState.Included : AttemptState.Phase2Failed).ToString(),
                height = found.Block.Height,
                now = Now.ToUnixTimeMilliseconds(),
            }
        );
        await Free(c, t, id);
        await SetRegistrations(c, t, id, found.IsValid ? "Confirmed" : "Failed", "Initiated", "Requested");
        foreach (var view in views)
        {
            touched?.Add(view.Deal.Terms.Identifier.ToString());
            if (!found.IsValid)
            {
                var failed = new DealProblem(
                    ErrorType.Unknown,
                    $"Transaction {found.Transaction.Id} failed its scripts on chain; collateral was taken.",
                    NeedsManual: true
                );
                await SaveDeal(
                    c,
                    t,
                    view,
                    view.Deal with
                    {
                        Intent = Intent.Nothing,
                        IntentResultHash = null,
                        Problem = failed,
                    },
                    false,
                    found.Transaction.Id.ToString()
                );
            }
        }
    }

    private static async Task Free(DbConnection c, DbTransaction t, string attemptId)
    {
        await Execute(c, t, "UPDATE attempt_input SET live = 0 WHERE attempt_id = @attemptId", new { attemptId });
        await Execute(c, t, "UPDATE attempt_subject SET live = 0 WHERE attempt_id = @attemptId", new { attemptId });
    }

    // After a rollback the same bytes wait for a block again, unless something live spends the same. What they served is wanted again, unless something
    // live acts for it already (a refund asked for on top of a lock that was taken back: the lock must return all the same).
    private async Task ReviveAsync(DbConnection c, DbTransaction t, string attemptId)
    {
        var inputsTaken = await c.ExecuteScalarAsync<long>(
            "SELECT COUNT(*) FROM attempt_input a JOIN attempt_input b ON a.ref = b.ref AND b.live = 1 AND b.attempt_id <> a.attempt_id WHERE a.attempt_id = @attemptId",
            new { attemptId },
            t
        );
        var state = inputsTaken == 0 ? AttemptState.Submitted : AttemptState.Conflicted;
        await Execute(c, t, "UPDATE attempt SET state = @state, height = NULL WHERE id = @attemptId", new { attemptId, state = state.ToString() });
        if (inputsTaken > 0)
        {
            return;
        }

        await Execute(c, t, "UPDATE attempt_input SET live = 1 WHERE attempt_id = @attemptId", new { attemptId });
        await SetRegistrations(c, t, attemptId, "Initiated", "Confirmed");
        foreach (var subject in await Subjects(c, t, attemptId))
        {
            var row = new { attemptId, subject = subject.SubjectId };
            var taken = await c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM attempt_subject WHERE subject_id = @subject AND live = 1", row, t);
            if (taken > 0)
            {
                continue;
            }

            await Execute(c, t, "UPDATE attempt_subject SET live = 1 WHERE attempt_id = @attemptId AND subject_id = @subject", row);
            if (await LockDeal(c, t, subject.SubjectId) is { } view && view.Deal.Intent == Intent.Nothing)
            {
                var intent = Enum.Parse<Intent>(subject.Action);
                await SaveDeal(c, t, view, view.Deal with { Intent = intent, Problem = null }, underWay: true, null);
            }
        }
    }

    private static async Task<List<SubjectRow>> Subjects(DbConnection c, DbTransaction? t, string attemptId) =>
        (
            await c.QueryAsync<SubjectRow>(
                "SELECT subject_id, action FROM attempt_subject WHERE attempt_id = @attemptId ORDER BY subject_id",
                new { attemptId },
                t
            )
        ).ToList();

    // Registrations move with their transaction: RegistrationRequested -> RegistrationInitiated -> RegistrationConfirmed, and back.
    private async Task SetRegistrations(DbConnection c, DbTransaction t, string attemptId, string to, params string[] from)
    {
        foreach (var subject in await Subjects(c, t, attemptId))
        {
            var row = await c.QuerySingleOrDefaultAsync<RegistrationRow>(
                $"SELECT {RegistrationColumns} FROM registration WHERE id = @id",
                new { id = subject.SubjectId },
                t
            );
            if (row?.ToRegistration() is not { } registration)
            {
                continue;
            }

            var word = subject.Action == "Deregister" ? "Deregistration" : "Registration";
            if (from.Any(f => registration.State.ToString() == word + f))
            {
                await SaveRegistration(c, t, registration, registration with { State = Word.Parse<RegistrationState>(word + to), Error = null });
            }
        }
    }

    private static async Task<ImmutableArray<Attempt>> WithSubjects(DbConnection c, List<AttemptRow> rows)
    {
        var attempts = ImmutableArray.CreateBuilder<Attempt>(rows.Count);
        foreach (var row in rows)
        {
            var subjects = await Subjects(c, null, row.Id);
            attempts.Add(
                new Attempt
                {
                    Id = row.Id,
                    Kind = row.Kind,
                    SourceId = row.SourceId,
                    WalletId = row.WalletId,
                    Transaction = Transaction.FromCbor(Convert.FromHexString(row.TxCbor)),
                    InvalidHereafter = new Slot(row.UpperSlot),
                    Subjects = [.. subjects.Select(s => new AttemptSubject(s.SubjectId, s.Action))],
                    State = Enum.Parse<AttemptState>(row.State),
                    Note = row.Note,
                    Height = row.Height,
                    CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
                }
            );
        }

        return attempts.MoveToImmutable();
    }

    private sealed class AttemptRow
    {
        public string Id { get; set; } = "";
        public string Kind { get; set; } = "";
        public string SourceId { get; set; } = "";
        public string WalletId { get; set; } = "";
        public string TxId { get; set; } = "";
        public string TxCbor { get; set; } = "";
        public long UpperSlot { get; set; }
        public string State { get; set; } = "";
        public string? Note { get; set; }
        public long Fee { get; set; }
        public long? Height { get; set; }
        public long CreatedAt { get; set; }
        public long UpdatedAt { get; set; }
    }

    private sealed class SubjectRow
    {
        public string SubjectId { get; set; } = "";
        public string Action { get; set; } = "";
    }
}
