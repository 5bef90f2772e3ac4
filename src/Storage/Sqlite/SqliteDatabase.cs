using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Masumi.Storage.Sqlite;

/// <summary>
/// An embedded database in one file. Readers run beside the one writer (write-ahead log); every commit reaches the disk before it returns
/// (<c>synchronous=FULL</c>): a payment that was acknowledged survives a power cut.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    private const int BusyMilliseconds = 10_000;
    private readonly SemaphoreSlim _writer = new(1, 1);
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
        Create();

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
    /// Opens or creates the file (readable by its owner only) and its folder. Throws <see cref="StorageUnavailableException"/> when the file cannot be used.
    /// </summary>
    public static SqliteDatabase Open(string file, TimeProvider time) => new(file, time, null);

    /// <summary>An empty database in a new temporary folder that is deleted on disposal; not durable. For demonstrations and tests.</summary>
    public static SqliteDatabase Temporary(TimeProvider time)
    {
        var folder = Directory.CreateTempSubdirectory("masumi-").FullName;
        return new SqliteDatabase(Path.Combine(folder, "masumi.db"), time, folder);
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
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var connection = OpenConnection(_readOnly);
        await using var snapshot = connection.BeginTransaction(IsolationLevel.Serializable, deferred: true);
        return await read(connection);
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation)
    {
        using var scope = _scope.Enter();
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

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var pool in new[] { _readWrite, _readOnly })
        {
            using var connection = new SqliteConnection(pool);
            SqliteConnection.ClearPool(connection);
        }

        _writer.Dispose();
        if (_temporaryFolder is not null && Directory.Exists(_temporaryFolder))
        {
            Directory.Delete(_temporaryFolder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private void Create()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (new FileStream(File, options)) { }

            using var connection = OpenConnection(_readWrite);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            if (command.ExecuteScalar() is not "wal")
            {
                throw new StorageUnavailableException($"The file system of '{File}' does not allow SQLite's write-ahead log; use a local disk.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StorageUnavailableException($"The database file '{File}' cannot be used: {e.Message}", e);
        }
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
