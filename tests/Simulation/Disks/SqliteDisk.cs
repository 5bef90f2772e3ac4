using System.Data.Common;
using Dapper;
using Masumi.Simulation.Scheduling;
using Masumi.Storage;
using Masumi.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Masumi.Simulation.Disks;

/// <summary>SQLite in memory, over one connection that all processes of a node share: a transaction is one step, so none waits for another.</summary>
internal sealed class SqliteDisk : IDisk
{
    private readonly KeptConnection _connection;

    static SqliteDisk()
    {
        // Each connection stays on its thread, and nobody asks how much memory there is: without these two all worlds meet at two locks of the library.
        Batteries_V2.Init();
        _ = raw.sqlite3_shutdown();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        _ = raw.sqlite3_initialize();
    }

    public SqliteDisk()
    {
        DapperTypes.EnsureRegistered();
        _connection = new KeptConnection(OpenMemory(), text => StepProfile.Current?.Note(text, TimeSpan.Zero));
        Run("PRAGMA foreign_keys=1; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY");
    }

    public SqlDialect Dialect => SqlDialect.Sqlite;

    public T Read<T>(Func<DbConnection, Task<T>> read) => Result(read(_connection));

    public T Write<T>(Func<DbConnection, DbTransaction, Task<T>> write, bool commit, bool twice)
    {
        if (twice)
        {
            Once(write, commit: false);
        }

        return Once(write, commit);
    }

    public void Migrate(IReadOnlyList<MigrationModule> modules)
    {
        foreach (var migration in modules.SelectMany(m => m.Migrations))
        {
            Run(migration.SqlFor(SqlDialect.Sqlite));
        }
    }

    public IDiskCopy Copy()
    {
        var copy = OpenMemory();
        _connection.Inner.BackupDatabase(copy);
        return new MemoryCopy(copy);
    }

    public void Restore(IDiskCopy copy)
    {
        _connection.Forget();
        ((MemoryCopy)copy).Connection.BackupDatabase(_connection.Inner);
    }

    public bool IsUniqueViolation(Exception exception) => exception is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 };

    public void Dispose() => _connection.Dispose();

    private T Once<T>(Func<DbConnection, DbTransaction, Task<T>> write, bool commit)
    {
        using var transaction = _connection.Begin(deferred: true);
        var result = Result(write(_connection, transaction));
        if (commit)
        {
            transaction.Commit();
        }
        else
        {
            transaction.Rollback();
        }

        return result;
    }

    private void Run(string sql) => _connection.Inner.Execute(sql);

    private static T Result<T>(Task<T> task) =>
        task.IsCompleted
            ? task.GetAwaiter().GetResult()
            : throw new SimulationBrokenException("Work inside a transaction awaited something else than the database.");

    private static SqliteConnection OpenMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        return connection;
    }

    private sealed class MemoryCopy(SqliteConnection connection) : IDiskCopy
    {
        public SqliteConnection Connection { get; } = connection;

        public void Dispose() => Connection.Dispose();
    }
}

/// <summary>Databases in memory. What several worlds begin with is made once on each thread.</summary>
internal sealed class SqliteDisks : IDiskMaker, IDisposable
{
    private readonly Dictionary<string, IDiskCopy> _begun = new(StringComparer.Ordinal);

    public IDisk Make(string name, IReadOnlyList<MigrationModule> modules, Action<IDisk> fill)
    {
        var disk = new SqliteDisk();
        if (_begun.TryGetValue(name, out var copy))
        {
            disk.Restore(copy);
        }
        else
        {
            disk.Migrate(modules);
            fill(disk);
            _begun[name] = disk.Copy();
        }

        return disk;
    }

    public void Dispose()
    {
        foreach (var copy in _begun.Values)
        {
            copy.Dispose();
        }
    }
}
