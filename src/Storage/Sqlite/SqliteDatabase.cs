using System.Collections.Immutable;
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
    private const int IdleReaders = 8;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly OpenWork _work = new();
    private readonly WriteScope _scope = new();
    private readonly TimeProvider _time;
    private readonly KeptConnections _writers;
    private readonly KeptConnections _readers;
    private readonly string? _temporaryFolder;
    private readonly SqliteLook? _look;
    private ImmutableArray<string> _added = [];

    private SqliteDatabase(string file, TimeProvider time, string? temporaryFolder, bool isLook = false)
    {
        DapperTypes.EnsureRegistered();
        File = Path.GetFullPath(file);
        _time = time;
        _temporaryFolder = temporaryFolder;
        _look = isLook ? new SqliteLook(File) : null;
        var pragmas = $"PRAGMA busy_timeout={BusyMilliseconds}; PRAGMA synchronous={(temporaryFolder is null ? "FULL" : "OFF")}";
        _writers = new KeptConnections(Connect(SqliteOpenMode.ReadWrite), pragmas, 1);
        _readers = new KeptConnections(Connect(SqliteOpenMode.ReadOnly), pragmas, IdleReaders);

        string Connect(SqliteOpenMode mode) =>
            new SqliteConnectionStringBuilder
            {
                DataSource = File,
                Mode = mode,
                ForeignKeys = true,
                Pooling = false,
                DefaultTimeout = BusyMilliseconds / 1000,
            }.ToString();
    }

    /// <summary>The database's file.</summary>
    public string File { get; }

    private string Log => File + "-wal";

    private string Index => File + "-shm";

    private IEnumerable<string> Files => [File, Log, Index];

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
    /// Opens a file that exists, to look at what is in it; writing throws. Neither it nor the log of a process that was killed is changed, and no file is
    /// left beside it. Throws <see cref="StorageUnavailableException"/> when it could not be used afterwards, or is no database.
    /// </summary>
    public static SqliteDatabase OpenExisting(string file, TimeProvider time)
    {
        var database = new SqliteDatabase(file, time, null, isLook: true);
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
    public async Task MigrateAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(
                async (connection, transaction) =>
                {
                    await Migrator.ApplyAsync(connection, transaction, Dialect, modules, _time);
                    return true;
                },
                cancellation
            );
        }
        catch (MigrationException e) when (e.InnerException is SqliteException inner && IsOfTheDisk(inner))
        {
            throw Unusable(inner);
        }
    }

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
            // Whoever writes here is answered with plain READONLY: a bug, and shown as one.
            if (_look is not null)
            {
                await using var alone = _look.Open();
                await using var looked = alone.BeginTransaction(IsolationLevel.Serializable, deferred: true);
                return await read(alone);
            }

            using var lent = _readers.Lend();
            await using var snapshot = lent.Connection.Begin(deferred: true);
            var result = await read(lent.Connection);
            lent.IsSound = true;
            return result;
        }
        catch (SqliteException e) when (IsOfTheDisk(e) && e.SqliteExtendedErrorCode != SQLitePCL.raw.SQLITE_READONLY)
        {
            throw Unusable(e);
        }
        catch (SqliteException e) when (_look is not null)
        {
            // What was found says that it is ours, and yet our questions make no sense to it.
            throw new StorageUnavailableException($"The file '{File}' is no database of this service: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation)
    {
        if (_look is not null)
        {
            throw new InvalidOperationException("The database was opened to look at.");
        }

        using var scope = _scope.Enter();
        using var open = _work.Enter(this);
        await _writer.WaitAsync(cancellation);
        try
        {
            using var lent = _writers.Lend();

            // BEGIN IMMEDIATE: another process's write is waited for here, never in the middle of ours.
            await using var transaction = lent.Connection.Begin(deferred: false);
            var result = await write(lent.Connection, transaction);
            Commit(transaction);
            lent.IsSound = true;
            _added = [];
            return result;
        }
        catch (SqliteException e) when (IsOfTheDisk(e))
        {
            throw Unusable(e);
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
    /// <see cref="ObjectDisposedException"/>. Throws <see cref="StorageUnavailableException"/>, which says what is in which file, when that was not possible:
    /// nothing is lost then, and the next opening finds it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!await _work.EndAsync())
        {
            return;
        }

        // The log goes into the file when its last connection closes, but a connection that may only read cannot do it: readers first.
        _readers.Dispose();
        try
        {
            if (_temporaryFolder is null && _look is null)
            {
                Checkpoint();
            }
        }
        finally
        {
            _writers.Dispose();
            _writer.Dispose();
            TakeBack();
            if (_temporaryFolder is not null && Directory.Exists(_temporaryFolder))
            {
                Directory.Delete(_temporaryFolder, recursive: true);
            }
        }
    }

    // The file system's and the operator's troubles; anything else is a bug of ours.
    private static bool IsOfTheDisk(SqliteException e) =>
        e.SqliteErrorCode
            is SQLitePCL.raw.SQLITE_PERM
                or SQLitePCL.raw.SQLITE_BUSY
                or SQLitePCL.raw.SQLITE_READONLY
                or SQLitePCL.raw.SQLITE_IOERR
                or SQLitePCL.raw.SQLITE_CORRUPT
                or SQLitePCL.raw.SQLITE_FULL
                or SQLitePCL.raw.SQLITE_CANTOPEN
                or SQLitePCL.raw.SQLITE_PROTOCOL
                or SQLitePCL.raw.SQLITE_AUTH
                or SQLitePCL.raw.SQLITE_NOTADB;

    private StorageUnavailableException Unusable(Exception e) =>
        e is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_NOTADB }
            ? new($"The file '{File}' is no SQLite database.", e)
            : new($"The database file '{File}' cannot be used: {e.Message}", e);

    private void Commit(DbTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_IOERR)
        {
            // The log may have it all but for the word that it is on the disk.
            throw new CommitUnknownException($"The database file '{File}' failed while committing: {e.Message}", e);
        }
    }

    // Other processes may have the file open, so that this connection is not its last.
    private void Checkpoint()
    {
        string reason;
        try
        {
            using var connection = _writers.Lend();
            using var command = connection.Connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            using var row = command.ExecuteReader();
            if (!row.Read() || row.GetInt64(1) <= row.GetInt64(2))
            {
                return;
            }

            reason = "another process uses it";
        }
        catch (SqliteException e)
        {
            reason = e.Message.TrimEnd('.');
        }

        throw new StorageUnavailableException(
            $"The file '{File}' is not complete by itself ({reason}): what was committed is in it and in '{Log}'; copy both."
        );
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
            _writers.Dispose();
            TakeBack();
            if (e is IOException or UnauthorizedAccessException or SqliteException)
            {
                throw Unusable(e);
            }

            throw;
        }
    }

    // What opening made is of no use when nothing was ever written, but never touched while another process may use it.
    private void TakeBack()
    {
        if (!_added.Any(System.IO.File.Exists))
        {
            return;
        }

        try
        {
            using var alone = SqliteLook.OpenAlone(File);
            var isEmpty = _added.Contains(File) && Execute(alone, "SELECT count(*) FROM sqlite_schema") is 0L;
            foreach (var file in _added.Where(f => isEmpty || f == Index || (f == Log && new FileInfo(f) is { Exists: true, Length: 0 })))
            {
                System.IO.File.Delete(file);
            }
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            // Others have it open, or it cannot be deleted: the next start finds it all.
        }
    }

    private void Create()
    {
        PrivateFile.CreateFolderOf(File);
        _added = [.. Files.Where(f => !System.IO.File.Exists(f))];

        // An existing file is opened by SQLite alone: closing another handle of this process would drop the locks of its connections.
        if (!System.IO.File.Exists(File))
        {
            PrivateFile.Open(File, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
        }

        using var lent = _writers.Lend();
        RefuseReadOnly(lent.Connection.Inner);
        if (Execute(lent.Connection.Inner, "PRAGMA journal_mode=WAL") is not "wal")
        {
            throw new StorageUnavailableException($"The file system of '{File}' does not allow SQLite's write-ahead log; use a local disk.");
        }

        lent.IsSound = true;
    }

    private void Check()
    {
        if (_look!.Refusal() is { } refusal)
        {
            throw new StorageUnavailableException(refusal);
        }

        using var connection = _look.Open();
        Execute(connection, "SELECT count(*) FROM sqlite_schema");
    }

    // The log and its index come with the file's own mode; somebody may have changed that since.
    private void Refuse()
    {
        foreach (var file in Files)
        {
            if (PrivateFile.Refusal(file) is { } refusal)
            {
                throw new StorageUnavailableException(refusal);
            }
        }

        // SQLite would take something shorter for an empty database, and write over it.
        if (System.IO.File.Exists(File) && Target().Length is > 0 and < SmallestPage)
        {
            throw new StorageUnavailableException($"The file '{File}' is no SQLite database.");
        }
    }

    // The length of a link is that of the name it leads to.
    private FileInfo Target() => new FileInfo(File).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(File);

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
}
