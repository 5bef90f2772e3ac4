using Dapper;
using Masumi.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Masumi.Storage.Tests;

public sealed class SqliteCompliance : DatabaseCompliance
{
    protected override Task<IDatabase> OpenEmptyAsync() => Task.FromResult<IDatabase>(SqliteDatabase.Temporary(TimeProvider.System));
}

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "data", "masumi.db");

    [Fact]
    public async Task The_file_outlives_the_process_and_only_its_owner_reads_it()
    {
        await using (var first = SqliteDatabase.Open(File, TimeProvider.System))
        {
            await first.WriteAsync((c, t) => c.ExecuteAsync("CREATE TABLE t AS SELECT 42 AS answer", transaction: t), Stop);
        }

        await using var second = SqliteDatabase.Open(File, TimeProvider.System);
        Assert.Equal(42, await second.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT answer FROM t"), Stop));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public async Task Commits_are_durable_and_logged_ahead()
    {
        await using var database = SqliteDatabase.Open(File, TimeProvider.System);
        var (journal, synchronous, foreignKeys) = await database.WriteAsync(
            async (c, t) =>
                (
                    await c.ExecuteScalarAsync<string>("PRAGMA journal_mode", transaction: t),
                    await c.ExecuteScalarAsync<long>("PRAGMA synchronous", transaction: t),
                    await c.ExecuteScalarAsync<long>("PRAGMA foreign_keys", transaction: t)
                ),
            Stop
        );
        Assert.Equal(("wal", 2L, 1L), (journal, synchronous, foreignKeys));
    }

    [Fact]
    public async Task Two_openings_of_one_file_wait_for_each_other()
    {
        await using var a = SqliteDatabase.Open(File, TimeProvider.System);
        await using var b = SqliteDatabase.Open(File, TimeProvider.System);
        await a.WriteAsync((c, t) => c.ExecuteAsync("CREATE TABLE n AS SELECT 0 AS n", transaction: t), Stop);
        await Task.WhenAll(
            new[] { a, b }.Select(db =>
                Task.Run(
                    async () =>
                    {
                        for (var i = 0; i < 10; i++)
                        {
                            await db.WriteAsync((c, t) => c.ExecuteAsync("UPDATE n SET n = n + 1", transaction: t), Stop);
                        }
                    },
                    Stop
                )
            )
        );
        Assert.Equal(20, await a.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT n FROM n"), Stop));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_in_one_line()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Write(File, new string('x', 4096));
        var refusal = Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.Open(File, TimeProvider.System));
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a note of somebody's")]
    public void A_short_file_is_not_written_over_as_if_it_were_empty(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Write(File, text);
        Assert.Contains(
            "no SQLite database",
            Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.Open(File, TimeProvider.System)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public async Task After_its_disposal_one_file_holds_everything()
    {
        await using (var database = await WithRowsAsync(3))
        {
            // The connection that may only read is the last one used.
            Assert.Equal(3, await CountAsync(database));
        }

        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        Assert.Equal(3, await CountInCopyAsync());
    }

    [Fact]
    public async Task After_its_disposal_the_file_is_complete_though_others_have_it_open()
    {
        await using var other = new SqliteConnection($"Data Source={File};Mode=ReadOnly;Pooling=False");
        await using (var database = await WithRowsAsync(3))
        {
            await other.OpenAsync(Stop);
            Assert.Equal(3, await other.ExecuteScalarAsync<long>("SELECT count(*) FROM t"));
            await database.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO t VALUES (4)", transaction: t), Stop);
        }

        Assert.Equal(4, await CountInCopyAsync());
    }

    [Fact]
    public async Task Disposal_waits_for_work_and_lets_none_begin()
    {
        var database = await WithRowsAsync(1);
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var write = database.WriteAsync(
            async (c, t) =>
            {
                begun.SetResult();
                await go.Task;
                return await c.ExecuteAsync("INSERT INTO t VALUES (2)", transaction: t);
            },
            Stop
        );
        await begun.Task;
        var disposal = database.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => CountAsync(database));
        go.SetResult();
        await write;
        await disposal;
        await database.DisposeAsync();
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        Assert.Equal(2, await CountInCopyAsync());
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_many_writes_keeps_all_that_were_acknowledged()
    {
        var database = await WithRowsAsync(0);
        var acknowledged = 0;
        var (some, writers) = (new TaskCompletionSource(), new List<Task>());
        for (var writer = 0; writer < 4; writer++)
        {
            writers.Add(
                Task.Run(
                    async () =>
                    {
                        try
                        {
                            while (true)
                            {
                                await database.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO t VALUES (1)", transaction: t), Stop);
                                await CountAsync(database);
                                if (Interlocked.Increment(ref acknowledged) == 20)
                                {
                                    some.SetResult();
                                }
                            }
                        }
                        catch (ObjectDisposedException)
                        {
                            // The stop.
                        }
                    },
                    Stop
                )
            );
        }

        await some.Task;
        await database.DisposeAsync();
        await Task.WhenAll(writers);
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));

        // A writer may have been stopped between its commit and its count.
        Assert.InRange(await CountInCopyAsync(), acknowledged, acknowledged + writers.Count);
    }

    [Fact]
    public async Task Looking_into_a_file_changes_nothing()
    {
        await using (await WithRowsAsync(2)) { }

        var before = await System.IO.File.ReadAllBytesAsync(File, Stop);
        await using (var database = SqliteDatabase.OpenExisting(File, TimeProvider.System))
        {
            Assert.Equal(2, await CountAsync(database));
        }

        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(File, Stop));
    }

    [Fact]
    public async Task Files_and_folders_are_made_for_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        await using var database = await WithRowsAsync(1);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(File)!))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!));
    }

    [Theory]
    [InlineData("", "0644", UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    [InlineData("", "0660", UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    [InlineData("", "0602", UnixFileMode.OtherWrite)]
    [InlineData("-wal", "0640", UnixFileMode.GroupRead)]
    [InlineData("-shm", "0606", UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    public async Task A_file_that_others_may_use_is_refused_in_one_line(string ending, string mode, UnixFileMode others)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        await using var database = await WithRowsAsync(1);

        // Keeps the log in being.
        await using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        await other.OpenAsync(Stop);
        await other.ExecuteScalarAsync<long>("SELECT count(*) FROM t");
        var file = File + ending;
        System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        foreach (var open in new[] { SqliteDatabase.Open, SqliteDatabase.OpenExisting })
        {
            var refusal = Assert.Throws<StorageUnavailableException>(() => open(File, TimeProvider.System)).Message;
            Assert.Contains($"{file} has mode {mode}", refusal, StringComparison.Ordinal);
            Assert.Contains($"chmod 600 '{file}'", refusal, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal);
        }
    }

    [Fact]
    public async Task A_database_says_whether_its_tables_are_those_of_the_program()
    {
        var (one, two) = (new Migration(1, "one", "CREATE TABLE one (x BIGINT)"), new Migration(2, "two", "CREATE TABLE two (x BIGINT)"));
        await using var database = SqliteDatabase.Open(File, TimeProvider.System);
        Assert.False(await database.IsCurrentAsync([new("m", [one])], Stop));
        await database.MigrateAsync([new("m", [one])], Stop);
        Assert.True(await database.IsCurrentAsync([new("m", [one])], Stop));
        Assert.False(await database.IsCurrentAsync([new("m", [one, two])], Stop));
        Assert.False(await database.IsCurrentAsync([new("m", [one]), new("n", [two with { Number = 1 }])], Stop));
        await RefusedAsync("newer", new MigrationModule("m", []));
        await RefusedAsync("another build", new MigrationModule("m", [one with { Sql = "CREATE TABLE one (y BIGINT)" }]));
        await RefusedAsync("'m'", new MigrationModule("n", [one]));

        async Task RefusedAsync(string words, MigrationModule module) =>
            Assert.Contains(
                words,
                (await Assert.ThrowsAsync<MigrationException>(() => database.IsCurrentAsync([module], Stop))).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        await using var database = await WithRowsAsync(1);
        var refusal = await Assert.ThrowsAsync<MigrationException>(() => database.IsCurrentAsync([], Stop));
        Assert.Contains("another program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_temporary_database_is_gone_afterwards()
    {
        var database = SqliteDatabase.Temporary(TimeProvider.System);
        await database.WriteAsync((c, t) => c.ExecuteAsync("CREATE TABLE t (x BIGINT)", transaction: t), Stop);
        Assert.True(System.IO.File.Exists(database.File));
        await database.DisposeAsync();
        Assert.False(Directory.Exists(Path.GetDirectoryName(database.File)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Write(string file, string text)
    {
        System.IO.File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task<SqliteDatabase> WithRowsAsync(int rows)
    {
        var database = SqliteDatabase.Open(File, TimeProvider.System);
        await database.WriteAsync(
            async (c, t) =>
            {
                await c.ExecuteAsync("CREATE TABLE t (x BIGINT)", transaction: t);
                return await c.ExecuteAsync("INSERT INTO t VALUES (@x)", Enumerable.Range(1, rows).Select(x => new { x }), t);
            },
            Stop
        );
        return database;
    }

    private static Task<long> CountAsync(SqliteDatabase database) => database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM t"), Stop);

    // The file alone, as somebody copies it who knows nothing of logs.
    private async Task<long> CountInCopyAsync()
    {
        var copy = Path.Combine(_folder, "copy.db");
        System.IO.File.Copy(File, copy);
        await using var database = SqliteDatabase.OpenExisting(copy, TimeProvider.System);
        return await CountAsync(database);
    }
}
