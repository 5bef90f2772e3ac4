using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Masumi.Cardano;
using Masumi.Storage.Secrets;

namespace Masumi.Storage.Tests;

/// <summary>What every store must do; each store inherits it.</summary>
public abstract class DatabaseCompliance : IAsyncLifetime
{
    private static readonly MigrationModule Accounts = new(
        "accounts",
        [
            new Migration(1, "accounts", "CREATE TABLE accounts (name TEXT NOT NULL PRIMARY KEY, balance BIGINT NOT NULL)"),
            new Migration(
                2,
                "values",
                """
                CREATE TABLE samples (
                    id {{identity}}, a_hash TEXT, key_hash TEXT, price BIGINT, made_at BIGINT, is_done BIGINT, slot BIGINT, state TEXT, note TEXT);
                CREATE TABLE children (id BIGINT NOT NULL PRIMARY KEY, parent TEXT NOT NULL REFERENCES accounts (name));
                """
            ),
        ]
    );

    private IDatabase? _database;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _database = await OpenEmptyAsync();
        await Database.MigrateAsync([Accounts], Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_committed_write_is_read_back()
    {
        await InsertAsync("alice", 5);
        Assert.Equal(5, await BalanceAsync("alice"));
    }

    [Fact]
    public async Task A_write_that_throws_leaves_nothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Database.WriteAsync(
                async (c, t) =>
                {
                    await InsertAsync(c, t, "alice", 5);
                    throw new InvalidDataException();
                },
                Stop
            )
        );
        Assert.Null(await BalanceAsync("alice"));
        await InsertAsync("alice", 7);
        Assert.Equal(7, await BalanceAsync("alice"));
    }

    [Fact]
    public async Task Concurrent_read_modify_write_loses_no_update()
    {
        await InsertAsync("alice", 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            for (var i = 0; i < 5; i++)
                            {
                                await Database.WriteAsync(
                                    async (c, t) =>
                                    {
                                        var before = await c.ExecuteScalarAsync<long>("SELECT balance FROM accounts WHERE name = 'alice'", transaction: t);
                                        await Task.Yield();
                                        await c.ExecuteAsync("UPDATE accounts SET balance = @after WHERE name = 'alice'", new { after = before + 1 }, t);
                                    },
                                    Stop
                                );
                            }
                        },
                        Stop
                    )
                )
        );
        Assert.Equal(40, await BalanceAsync("alice"));
    }

    [Fact]
    public async Task Two_workers_claim_and_each_row_has_one_owner()
    {
        for (var i = 0; i < 20; i++)
        {
            await InsertAsync($"row{i:D2}", 0);
        }

        var claimed = await Task.WhenAll(
            Enumerable
                .Range(1, 2)
                .Select(worker =>
                    Task.Run(
                        async () =>
                        {
                            var mine = new List<string>();
                            while (true)
                            {
                                var name = await Database.WriteAsync(
                                    (c, t) =>
                                        c.ExecuteScalarAsync<string?>(
                                            $"""
                                            UPDATE accounts SET balance = @worker WHERE name = (
                                                SELECT name FROM accounts WHERE balance = 0 ORDER BY name LIMIT 1 {(
                                                Database.Dialect == SqlDialect.Postgres ? "FOR UPDATE SKIP LOCKED" : ""
                                            )})
                                            RETURNING name
                                            """,
                                            new { worker = (long)worker },
                                            t
                                        ),
                                    Stop
                                );
                                if (name is null)
                                {
                                    return mine;
                                }

                                mine.Add(name);
                            }
                        },
                        Stop
                    )
                )
        );
        Assert.Equal(20, claimed.Sum(c => c.Count));
        Assert.Equal(20, claimed.SelectMany(c => c).Distinct().Count());
    }

    [Fact]
    public async Task All_statements_of_a_read_see_one_snapshot()
    {
        await InsertAsync("alice", 1);
        var (before, after) = await Database.ReadAsync(
            async c =>
            {
                var first = await c.ExecuteScalarAsync<long>("SELECT balance FROM accounts");
                await Database.WriteAsync((w, t) => w.ExecuteAsync("UPDATE accounts SET balance = 2", transaction: t), Stop);
                return (first, await c.ExecuteScalarAsync<long>("SELECT balance FROM accounts"));
            },
            Stop
        );
        Assert.Equal((1, 1), (before, after));
        Assert.Equal(2, await BalanceAsync("alice"));
    }

    [Fact]
    public async Task A_read_cannot_write() =>
        await Assert.ThrowsAnyAsync<DbException>(() => Database.ReadAsync(c => c.ExecuteAsync("INSERT INTO accounts VALUES ('eve', 1)"), Stop));

    [Fact]
    public async Task A_write_within_a_write_is_refused_at_once()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Database.WriteAsync(async (_, _) => await InsertAsync("inner", 1), Stop));
        await InsertAsync("outer", 1);
        Assert.Null(await BalanceAsync("inner"));
    }

    [Fact]
    public async Task A_second_row_with_the_same_key_is_recognised_as_such()
    {
        await InsertAsync("alice", 1);
        var failure = await Assert.ThrowsAnyAsync<DbException>(() => InsertAsync("alice", 2));
        Assert.True(Database.IsUniqueViolation(failure));
        var other = await Assert.ThrowsAnyAsync<DbException>(() =>
            Database.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO accounts VALUES ('bob', NULL)", transaction: t), Stop)
        );
        Assert.False(Database.IsUniqueViolation(other));
    }

    [Fact]
    public async Task Foreign_keys_hold() =>
        await Assert.ThrowsAnyAsync<DbException>(() =>
            Database.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO children VALUES (1, 'nobody')", transaction: t), Stop)
        );

    [Fact]
    public async Task Values_come_back_as_they_went_in()
    {
        var sample = new Sample(
            1,
            Hash32.Parse(new string('a', 64)),
            Hash28.Parse(new string('b', 56)),
            Lovelace.MaxSupply,
            DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
            true,
            new Slot(123_456_789),
            SampleState.Open,
            null
        );
        var read = await Database.WriteAsync(
            (c, t) =>
                c.QuerySingleAsync<Sample>(
                    """
                    INSERT INTO samples (a_hash, key_hash, price, made_at, is_done, slot, state, note)
                    VALUES (@AHash, @KeyHash, @Price, @MadeAt, @IsDone, @Slot, @State, @Note) RETURNING *
                    """,
                    new
                    {
                        sample.AHash,
                        sample.KeyHash,
                        sample.Price,
                        sample.MadeAt,
                        sample.IsDone,
                        sample.Slot,
                        State = sample.State.ToString(),
                        sample.Note,
                    },
                    t
                ),
            Stop
        );
        Assert.Equal(sample, read);
        var missing = await Database.WriteAsync(
            (c, t) =>
                c.QuerySingleAsync<MaybeSample>(
                    "INSERT INTO samples (is_done) VALUES (@No) RETURNING id, a_hash, price, made_at, is_done",
                    new { No = false },
                    t
                ),
            Stop
        );
        Assert.Equal(new MaybeSample(2, null, null, null, false), missing);
        Assert.Equal(
            1,
            await Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM samples WHERE a_hash = @AHash AND is_done = @IsDone", sample), Stop)
        );
    }

    [Fact]
    public async Task A_hash_of_each_role_comes_back_as_it_went_in()
    {
        var roles = new Roles(
            KeyHash.Parse(new string('a', 56)),
            ScriptHash.Parse(new string('b', 56)),
            PolicyId.Parse(new string('c', 56)),
            TransactionId.Parse(new string('d', 64)),
            DatumHash.Parse(new string('e', 64))
        );
        const string Echo = """
            SELECT CAST(@KeyHash AS TEXT) AS key_hash, CAST(@ScriptHash AS TEXT) AS script_hash, CAST(@PolicyId AS TEXT) AS policy_id,
                   CAST(@TransactionId AS TEXT) AS transaction_id, CAST(@DatumHash AS TEXT) AS datum_hash
            """;
        Assert.Equal(roles, await Database.ReadAsync(c => c.QuerySingleAsync<Roles>(Echo, roles), Stop));
    }

    [Fact]
    public async Task Migrations_run_once_and_in_order()
    {
        await InsertAsync("alice", 3);
        await Database.MigrateAsync([Accounts], Stop);
        var longer = new MigrationModule("accounts", [.. Accounts.Migrations, new Migration(3, "double", "UPDATE accounts SET balance = balance * 2")]);
        await Database.MigrateAsync([longer], Stop);
        await Database.MigrateAsync([longer], Stop);
        Assert.Equal(6, await BalanceAsync("alice"));
    }

    [Fact]
    public async Task A_changed_migration_refuses_to_start()
    {
        var changed = new MigrationModule("accounts", [Accounts.Migrations[0] with { Sql = "CREATE TABLE accounts (name TEXT)" }, Accounts.Migrations[1]]);
        var refusal = await Assert.ThrowsAsync<MigrationException>(() => Database.MigrateAsync([changed], Stop));
        Assert.Contains("001_accounts", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_refuses_to_start()
    {
        var older = new MigrationModule("accounts", [Accounts.Migrations[0]]);
        await Assert.ThrowsAsync<MigrationException>(() => Database.MigrateAsync([older], Stop));
    }

    [Fact]
    public async Task A_failing_migration_leaves_no_trace_of_its_run()
    {
        var broken = new MigrationModule("broken", [new Migration(1, "fine", "CREATE TABLE fine (id BIGINT)"), new Migration(2, "broken", "CREATE TABEL x")]);
        var failure = await Assert.ThrowsAsync<MigrationException>(() => Database.MigrateAsync([broken], Stop));
        Assert.Contains("002_broken", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM schema_migrations WHERE module = 'broken'"), Stop));
        await Database.MigrateAsync([new MigrationModule("broken", [broken.Migrations[0]])], Stop);
    }

    [Fact]
    public async Task Two_processes_may_migrate_at_the_same_time()
    {
        var module = new MigrationModule("late", [new Migration(1, "late", "CREATE TABLE late (id BIGINT)")]);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Database.MigrateAsync([module], Stop), Stop)));
        Assert.Equal(0, await Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM late"), Stop));
    }

    [Fact]
    public async Task A_sealed_key_is_made_once()
    {
        using var box = new SecretBox("an operator's secret!", RandomNumberGenerator.Create(), new Argon2Cost(1, 8));
        await Database.MigrateAsync([SealedKeys.Migrations], Stop);
        var first = await new SealedKeys(Database, box, TimeProvider.System, RandomNumberGenerator.Create()).GetOrCreateAsync("api-keys", 32, Stop);
        using var afterRestart = new SecretBox("an operator's secret!", RandomNumberGenerator.Create(), new Argon2Cost(1, 8));
        Assert.Equal(
            first,
            await new SealedKeys(Database, afterRestart, TimeProvider.System, RandomNumberGenerator.Create()).GetOrCreateAsync("api-keys", 32, Stop)
        );
        Assert.NotEqual(first, await new SealedKeys(Database, box, TimeProvider.System, RandomNumberGenerator.Create()).GetOrCreateAsync("webhooks", 32, Stop));
    }

    /// <summary>A store without any table of an earlier test.</summary>
    protected abstract Task<IDatabase> OpenEmptyAsync();

    private static Task<int> InsertAsync(DbConnection c, DbTransaction t, string name, long balance) =>
        c.ExecuteAsync("INSERT INTO accounts (name, balance) VALUES (@name, @balance)", new { name, balance }, t);

    private Task<int> InsertAsync(string name, long balance) => Database.WriteAsync((c, t) => InsertAsync(c, t, name, balance), Stop);

    private Task<long?> BalanceAsync(string name) =>
        Database.ReadAsync(c => c.ExecuteScalarAsync<long?>("SELECT balance FROM accounts WHERE name = @name", new { name }), Stop);

    private enum SampleState
    {
        Open,
    }

    private sealed record Sample(
        long Id,
        Hash32 AHash,
        Hash28 KeyHash,
        Lovelace Price,
        DateTimeOffset MadeAt,
        bool IsDone,
        Slot Slot,
        SampleState State,
        string? Note
    );

    private sealed record MaybeSample(long Id, Hash32? AHash, Lovelace? Price, DateTimeOffset? MadeAt, bool IsDone);

    private sealed record Roles(KeyHash KeyHash, ScriptHash ScriptHash, PolicyId PolicyId, TransactionId TransactionId, DatumHash DatumHash);
}
