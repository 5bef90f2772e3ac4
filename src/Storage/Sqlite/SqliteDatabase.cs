using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Masumi.Storage.Sqlite;

/// <summary>
/// An embedded database in one file. Readers run beside the one writer (write-ahead log); every commit reaches the disk before it returns
/// (<c>synchronous=FULL</c>): a payment that was acknowledged survives a power cut. The file is its owner's alone; one that others may use is refused. After
/// disposal it holds everything by itself.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    private const int BusyMilliseconds = 10_000;
    private const int SmallestPage = 512;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly OpenWork _work = new();
    private readonly WriteScope _scope = new();
    private readonly TimeProvider _time;
    private readonly string _readWrite;
    private readonly string _readOnly;
    private readonly string _pragmas;
    private readonly string? _temporaryFolder;

    private SqliteDatabase(string file, TimeProvider time, string? temporaryFolder)
    {
        DapperTypes.EnsureRegistered();
        File = Path.GetFullPath(file);
        _time = time;
        _temporaryFolder = temporaryFolder;
        _readWrite = Connect(SqliteOpenMode.ReadWrite);
        _readOnly = Connect(SqliteOpenMode.ReadOnly);
        _pragmas = $"PRAGMA busy_timeout={BusyMilliseconds}; PRAGMA synchronous={(temporaryFolder is null ? "FULL" : "OFF")}";

        string Connect(SqliteOpenMode mode) =>
            new SqliteConnectionStringBuilder
            {
                DataSource = File,
                Mode = mode,
                ForeignKeys = true,
                Pooling = true,
                DefaultTimeout = BusyMilliseconds / 1000,
            }.ToString();
    }

    /// <summary>The database's file.</summary>
    public string File { get; }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.Sqlite;

    /// <summary>
    /// Opens or creates the file and its folder, for their owner only. Throws <see cref="StorageUnavailableException"/> when the file cannot be used.
    /// </summary>
    public static SqliteDatabase Open(string file, TimeProvider time)
    {
        var database = new SqliteDatabase(file, time, null);
        database.Begin(database.Create);
        return database;
    }

    /// <summary>
    /// Opens a file that exists, to look at what is in it: by itself this changes nothing. Throws <see cref="StorageUnavailableException"/> when it cannot be
    /// used, or is no database.
    /// </summary>
    public static SqliteDatabase OpenExisting(string file, TimeProvider time)
    {
        var database = new SqliteDatabase(file, time, null);
        database.Begin(database.Check);
        return database;
    }

    /// <summary>An empty database in a new temporary folder that is deleted on disposal; not durable. For demonstrations and tests.</summary>
    public static SqliteDatabase Temporary(TimeProvider time)
    {
        var folder = Directory.CreateTempSubdirectory("masumi-").FullName;
        var database = new SqliteDatabase(Path.Combine(folder, "masumi.db"), time, folder);
        database.Begin(database.Create);
        return database;
    }

    /// <inheritdoc/>
    public Task MigrateAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                await Migrator.ApplyAsync(connection, transaction, Dialect, modules, _time);
                return true;
            },
            cancellation
        );

    /// <inheritdoc/>
    public Task<bool> IsCurrentAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) =>
        ReadAsync(
            async connection =>
            {
                var tables = (await connection.QueryAsync<string>("SELECT name FROM sqlite_schema WHERE type = 'table'")).AsList();
                return tables.Count > 0 && await Migrator.IsCurrentAsync(connection, tables.Contains(Migrator.TableName), modules);
            },
            cancellation
        );

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var open = _work.Enter(this);
        try
        {
            await using var connection = OpenConnection(_readOnly);
            await using var snapshot = connection.BeginTransaction(IsolationLevel.Serializable, deferred: true);
            return await read(connection);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CANTOPEN)
        {
            throw Unusable(e);
        }
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation)
    {
        using var scope = _scope.Enter();
        using var open = _work.Enter(this);
        await _writer.WaitAsync(cancellation);
        try
        {
            await using var connection = OpenConnection(_readWrite);

            // BEGIN IMMEDIATE: another process's write is waited for here, never in the middle of ours.
            await using var transaction = connection.BeginTransaction(IsolationLevel.Serializable, deferred: false);
            var result = await write(connection, transaction);
            transaction.Commit();
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public bool IsUniqueViolation(Exception exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE or SQLitePCL.raw.SQLITE_CONSTRAINT_PRIMARYKEY };

    /// <summary>
    /// Waits for what is being read and written, then moves everything into the one file. Afterwards every call throws
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!await _work.EndAsync())
        {
            return;
        }

        // The log goes into the file when its last connection closes, but a connection that may only read cannot do it: readers first.
        Clear(_readOnly);
        if (_temporaryFolder is null)
        {
            Checkpoint();
        }

        Clear(_readWrite);
        _writer.Dispose();
        if (_temporaryFolder is not null && Directory.Exists(_temporaryFolder))
        {
            Directory.Delete(_temporaryFolder, recursive: true);
        }
    }

    private StorageUnavailableException Unusable(Exception e) => new($"The database file '{File}' cannot be used: {e.Message}", e);

    private static void Clear(string pool)
    {
        using var connection = new SqliteConnection(pool);
        SqliteConnection.ClearPool(connection);
    }

    // Other processes may have the file open, so that this connection is not its last.
    private void Checkpoint()
    {
        try
        {
            using var connection = OpenConnection(_readWrite);
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // The file is gone, or its disk is full: what was committed stays in the log and is found at the next start.
        }
    }

    private void Begin(Action open)
    {
        try
        {
            Refuse();
            open();
        }
        catch (Exception e)
        {
            Clear(_readWrite);
            throw e switch
            {
                SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_NOTADB } => new StorageUnavailableException(
                    $"The file '{File}' is no SQLite database.",
                    e
                ),
                IOException or UnauthorizedAccessException or SqliteException => Unusable(e),
                _ => e,
            };
        }
    }

    private void Create()
    {
        PrivateFile.CreateFolderOf(File);

        // An existing file is opened by SQLite alone: closing another handle of this process would drop the locks of its connections.
        if (!System.IO.File.Exists(File))
        {
            PrivateFile.Open(File, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
        }

        using var connection = OpenConnection(_readWrite);
        RefuseReadOnly(connection);
        if (Execute(connection, "PRAGMA journal_mode=WAL") is not "wal")
        {
            throw new StorageUnavailableException($"The file system of '{File}' does not allow SQLite's write-ahead log; use a local disk.");
        }
    }

    private void Check()
    {
        using var connection = OpenConnection(_readWrite);
        RefuseReadOnly(connection);
        Execute(connection, "SELECT count(*) FROM sqlite_schema");
    }

    // The log and its index come with the file's own mode; somebody may have changed that since.
    private void Refuse()
    {
        foreach (var file in new[] { File, File + "-wal", File + "-shm" })
        {
            if (PrivateFile.Refusal(file) is { } refusal)
            {
                throw new StorageUnavailableException(refusal);
            }
        }

        // SQLite would take something shorter for an empty database, and write over it.
        if (System.IO.File.Exists(File) && new FileInfo(File).Length is > 0 and < SmallestPage)
        {
            throw new StorageUnavailableException($"The file '{File}' is no SQLite database.");
        }
    }

    // SQLite opens a file that is write-protected for reading instead.
    private void RefuseReadOnly(SqliteConnection connection)
    {
        if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
        {
            throw new StorageUnavailableException($"The database file '{File}' cannot be written.");
        }
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteConnection OpenConnection(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = _pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
