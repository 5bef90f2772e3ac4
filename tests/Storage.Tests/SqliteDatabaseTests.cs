using Dapper;
using Masumi.Storage.Sqlite;

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
        System.IO.File.WriteAllText(File, new string('x', 4096));
        var refusal = Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.Open(File, TimeProvider.System));
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
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
}
