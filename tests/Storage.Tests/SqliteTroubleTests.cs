using Dapper;
using Masumi.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Masumi.Storage.Tests;

/// <summary>What is wrong with a file or its disk is said in one line, and nothing is changed by finding out.</summary>
public sealed class SqliteTroubleTests : IDisposable
{
    private static readonly MigrationModule Module = new("m", [new(1, "one", "CREATE TABLE one (x BIGINT)")]);
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "a folder%41#?", "masumi.db");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Looking_at_what_a_killed_process_left_changes_nothing_of_it(bool hasIndex)
    {
        var killed = await KilledAsync();
        if (!hasIndex)
        {
            System.IO.File.Delete(killed + "-shm");
        }

        var before = Contents(killed);
        await using (var look = SqliteDatabase.OpenExisting(killed, TimeProvider.System))
        {
            Assert.True(await look.IsCurrentAsync([Module], Stop));
            Assert.Equal(1, await CountAsync(look));
        }

        Assert.Equal(before, Contents(killed));
        await using (var database = SqliteDatabase.Open(killed, TimeProvider.System))
        {
            Assert.Equal(1, await CountAsync(database));
        }

        Assert.Equal([killed], Directory.GetFiles(Path.GetDirectoryName(killed)!));
    }

    // A log begins with 32 bytes that reach the disk before the first page does. Whoever is killed between the two leaves nothing but them.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(32 + 24 + 4096 - 1)]
    [InlineData(32 + 24 + 4096)]
    [InlineData(32 + 24 + 4096 + 1)]
    public async Task A_process_may_be_killed_after_any_byte_of_its_log(int length)
    {
        var committed = length >= 32 + 24 + 4096 ? 1 : 0;
        foreach (var index in new[] { "as it was", "emptied", "zeroed", "gone" })
        {
            await using (await MigratedAsync(File)) { }

            var killed = await KilledAsync();
            await using (var log = new FileStream(killed + "-wal", FileMode.Open))
            {
                log.SetLength(length);
            }

            switch (index)
            {
                case "emptied":
                    System.IO.File.WriteAllBytes(killed + "-shm", []);
                    break;
                case "zeroed":
                    System.IO.File.WriteAllBytes(killed + "-shm", new byte[32768]);
                    break;
                case "gone":
                    System.IO.File.Delete(killed + "-shm");
                    break;
            }

            var before = Contents(killed);
            await using (var look = SqliteDatabase.OpenExisting(killed, TimeProvider.System))
            {
                Assert.True(await look.IsCurrentAsync([Module], Stop));
                Assert.Equal(committed, await CountAsync(look));
            }

            Assert.Equal(before, Contents(killed));
            await using (var database = SqliteDatabase.Open(killed, TimeProvider.System))
            {
                Assert.Equal(committed, await CountAsync(database));
            }

            foreach (var file in new[] { File, killed })
            {
                Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
            }
        }
    }

    [Fact]
    public async Task Looking_sees_what_a_running_process_committed_last_and_does_not_write()
    {
        await using var running = await MigratedAsync(File);
        await using var look = SqliteDatabase.OpenExisting(File, TimeProvider.System);
        await running.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO one VALUES (1)", transaction: t), Stop);
        Assert.Equal(1, await CountAsync(look));
        await Assert.ThrowsAsync<InvalidOperationException>(() => look.WriteAsync((c, t) => c.ExecuteAsync("DELETE FROM one", transaction: t), Stop));
    }

    [Fact]
    public async Task Looking_beside_a_process_that_went_on_with_such_a_log_and_wrote_nothing_yet()
    {
        await using (await MigratedAsync(File)) { }

        var killed = await KilledAsync();
        await using (var log = new FileStream(killed + "-wal", FileMode.Open))
        {
            log.SetLength(32);
        }

        await using var running = SqliteDatabase.Open(killed, TimeProvider.System);
        Assert.Equal(32, new FileInfo(killed + "-wal").Length);
        await using (var look = SqliteDatabase.OpenExisting(killed, TimeProvider.System))
        {
            Assert.True(await look.IsCurrentAsync([Module], Stop));
        }

        await running.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO one VALUES (1)", transaction: t), Stop);
        Assert.Equal(1, await CountAsync(running));
    }

    [Theory]
    [InlineData("CREATE TABLE schema_migrations (version TEXT PRIMARY KEY)")]
    [InlineData("CREATE TABLE schema_migrations (module TEXT, number BIGINT, name TEXT, applied_at BIGINT)")]
    [InlineData(
        "CREATE TABLE schema_migrations (module TEXT, number BIGINT, name TEXT, applied_at BIGINT, checksum TEXT); INSERT INTO schema_migrations VALUES ('m', 'first', 'one', 0, '')"
    )]
    [InlineData(
        "CREATE TABLE schema_migrations (module TEXT, number BIGINT, name TEXT, applied_at BIGINT, checksum TEXT); INSERT INTO schema_migrations VALUES (NULL, 1, 'one', 0, '')"
    )]
    [InlineData("CREATE TABLE users (id BIGINT)")]
    public async Task Another_programs_database_is_refused_and_left_as_it_is(string sql)
    {
        await ForeignAsync(sql);
        var before = Contents(File);
        await using (var look = SqliteDatabase.OpenExisting(File, TimeProvider.System))
        {
            var refusal = await Assert.ThrowsAsync<MigrationException>(() => look.IsCurrentAsync([Module], Stop));
            Assert.Equal("The database holds the tables of another program.", refusal.Message);
        }

        Assert.Equal(before, Contents(File));
    }

    [Fact]
    public async Task Tables_that_do_not_answer_our_questions_are_no_database_of_ours()
    {
        await ForeignAsync("CREATE TABLE one (y BIGINT)");
        await using var look = SqliteDatabase.OpenExisting(File, TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(() => look.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT x FROM one"), Stop));
        Assert.Contains($"'{File}' is no database of this service", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_said_in_one_line_by_writes_and_migrations()
    {
        await using var database = await MigratedAsync(File);
        const string Full = "PRAGMA max_page_count=1";
        const string Much = "CREATE TABLE much AS SELECT zeroblob(100000) AS x";
        var write = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            database.WriteAsync(
                async (c, t) =>
                {
                    await c.ExecuteAsync(Full, transaction: t);
                    return await c.ExecuteAsync(Much, transaction: t);
                },
                Stop
            )
        );
        var migration = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            database.MigrateAsync([new("n", [new(1, "full", Full), new(2, "much", Much)])], Stop)
        );
        foreach (var refusal in new[] { write.Message, migration.Message })
        {
            Assert.Contains(File, refusal, StringComparison.Ordinal);
            Assert.Contains("disk is full", refusal, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_said_in_one_line()
    {
        await using (await MigratedAsync(File)) { }

        await using (var stream = System.IO.File.OpenWrite(File))
        {
            stream.Seek(100, SeekOrigin.Begin);
            stream.Write(Enumerable.Repeat((byte)0xee, 3996).ToArray());
        }

        var refusal = Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.OpenExisting(File, TimeProvider.System));
        Assert.Contains(File, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_new_file_that_nothing_was_written_into_is_taken_back()
    {
        await using (var database = SqliteDatabase.Open(File, TimeProvider.System))
        {
            await Assert.ThrowsAsync<MigrationException>(() => database.MigrateAsync([new("m", [new(1, "one", "CREATE nonsense")])], Stop));
        }

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public async Task A_new_file_that_somebody_else_wrote_into_stays()
    {
        await using (SqliteDatabase.Open(File, TimeProvider.System))
        {
            await using var other = await MigratedAsync(File);
        }

        await using var look = SqliteDatabase.OpenExisting(File, TimeProvider.System);
        Assert.True(await look.IsCurrentAsync([Module], Stop));
    }

    [Theory]
    [InlineData("", UnixFileMode.UserRead)]
    [InlineData("-wal", UnixFileMode.UserRead)]
    public async Task What_cannot_be_written_is_refused_and_left_as_it_is(string ending, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Whoever runs this may write whatever its mode.");
            return;
        }

        var killed = await KilledAsync();
        System.IO.File.SetUnixFileMode(killed + ending, mode);
        var before = Contents(killed);
        Assert.Contains(
            $"'{killed}{ending}' cannot be written",
            Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.OpenExisting(killed, TimeProvider.System)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, Contents(killed));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Whoever runs this may write whatever its mode.");
            return;
        }

        await using (await MigratedAsync(File)) { }

        var folder = Path.GetDirectoryName(File)!;
        System.IO.File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var refusal = Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.OpenExisting(File, TimeProvider.System));
            Assert.Contains($"The folder '{folder}'", refusal.Message, StringComparison.Ordinal);
            Assert.Equal([File], Directory.GetFiles(folder));
        }
        finally
        {
            System.IO.File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<long> CountAsync(SqliteDatabase database) => database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM one"), Stop);

    private static async Task<SqliteDatabase> MigratedAsync(string file)
    {
        var database = SqliteDatabase.Open(file, TimeProvider.System);
        await database.MigrateAsync([Module], Stop);
        return database;
    }

    // The files as they are while a process is at work, which is what is left of it when it is killed.
    private async Task<string> KilledAsync()
    {
        await using var running = await MigratedAsync(File);
        await running.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO one VALUES (1)", transaction: t), Stop);
        var killed = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "killed")).FullName, "masumi.db");
        foreach (var ending in new[] { "", "-wal", "-shm" })
        {
            System.IO.File.Copy(File + ending, killed + ending);
        }

        return killed;
    }

    private async Task ForeignAsync(string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await using (var foreign = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await foreign.OpenAsync(Stop);
            await foreign.ExecuteAsync(sql);
        }

        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static List<string> Contents(string file) =>
        [
            .. Directory
                .GetFiles(Path.GetDirectoryName(file)!)
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f} {System.IO.File.GetLastWriteTimeUtc(f):O} {Convert.ToHexString(System.IO.File.ReadAllBytes(f))}"),
        ];
}
