using System.Data.Common;
using System.Globalization;
using Dapper;
using Masumi.Storage;
using Masumi.Storage.Postgres;
using Npgsql;

namespace Masumi.Simulation.Disks;

/// <summary>
/// A schema of a PostgreSQL server. Each transaction runs to its end within its step, this thread waiting for the pool's: the order stays the simulator's, and
/// the server is a function. What must come out is what SQLite says, to the bit of the trace.
/// </summary>
internal sealed class PostgresDisk : IDisk
{
    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _admin;
    private readonly string _schema;
    private int _copies;

    public PostgresDisk(string connection, string schema)
    {
        _schema = schema;
        _admin = new NpgsqlConnection(connection);
        _admin.Open();
        _admin.Execute($"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        var options = new NpgsqlConnectionStringBuilder(connection)
        {
            SearchPath = schema,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,

            // What it keeps is thrown away at the end.
            Options = "-c synchronous_commit=off",
        };
        _database = new PostgresDatabase(options.ToString(), TimeProvider.System);
    }

    public SqlDialect Dialect => SqlDialect.Postgres;

    public T Read<T>(Func<DbConnection, Task<T>> read) => Wait(_database.ReadAsync(c => Direct(c, read), CancellationToken.None));

    public T Write<T>(Func<DbConnection, DbTransaction, Task<T>> write, bool commit, bool twice)
    {
        if (twice)
        {
            Undone(write);
        }

        return commit ? Wait(_database.WriteAsync((c, t) => Direct(c, w => write(w, t)), CancellationToken.None)) : Undone(write);
    }

    public void Migrate(IReadOnlyList<MigrationModule> modules) => Wait(Task(_database.MigrateAsync(modules, CancellationToken.None)));

    public IDiskCopy Copy()
    {
        var copy = string.Create(CultureInfo.InvariantCulture, $"{_schema}_copy{++_copies}");
        _admin.Execute($"DROP SCHEMA IF EXISTS {copy} CASCADE; CREATE SCHEMA {copy}");
        foreach (var table in Tables())
        {
            _admin.Execute($"CREATE TABLE {copy}.{table} AS TABLE {_schema}.{table}");
        }

        return new SchemaCopy(_admin, copy);
    }

    public void Restore(IDiskCopy copy)
    {
        var from = ((SchemaCopy)copy).Schema;
        var tables = Tables();
        using var transaction = _admin.BeginTransaction();
        _admin.Execute("SET LOCAL session_replication_role = replica", transaction: transaction);
        _admin.Execute($"TRUNCATE {string.Join(", ", tables.Select(t => $"{_schema}.{t}"))} CASCADE", transaction: transaction);
        foreach (var table in tables)
        {
            _admin.Execute($"INSERT INTO {_schema}.{table} OVERRIDING SYSTEM VALUE TABLE {from}.{table}", transaction: transaction);
            foreach (
                var column in _admin
                    .Query<string>(
                        "SELECT column_name FROM information_schema.columns WHERE table_schema = @s AND table_name = @t AND is_identity = 'YES'",
                        new { s = _schema, t = table },
                        transaction
                    )
                    .ToList()
            )
            {
                _admin.Execute(
                    $"SELECT setval(pg_get_serial_sequence('{_schema}.{table}', '{column}'), (SELECT COALESCE(MAX({column}), 0) + 1 FROM {_schema}.{table}), false)",
                    transaction: transaction
                );
            }
        }

        transaction.Commit();
    }

    public bool IsUniqueViolation(Exception exception) => _database.IsUniqueViolation(exception);

    public void Dispose()
    {
        Wait(Task(_database.DisposeAsync().AsTask()));
        _admin.Execute($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
        _admin.Dispose();
    }

    private List<string> Tables() =>
        [.. _admin.Query<string>("SELECT table_name FROM information_schema.tables WHERE table_schema = @s ORDER BY table_name", new { s = _schema })];

    private T Undone<T>(Func<DbConnection, DbTransaction, Task<T>> write)
    {
        var kept = default(T);
        try
        {
            Wait(
                _database.WriteAsync<bool>(
                    async (c, t) =>
                    {
                        kept = await Direct(c, w => write(w, t));
                        throw new UndoneException();
                    },
                    CancellationToken.None
                )
            );
        }
        catch (UndoneException) { }

        return kept!;
    }

    private static async Task<T> Direct<T>(DbConnection connection, Func<DbConnection, Task<T>> work)
    {
        await using var waiting = new WaitingConnection(connection);
        return await work(waiting);
    }

    private static async Task<bool> Task(Task work)
    {
        await work;
        return true;
    }

    // The pool's threads do the work, and nothing of the simulation goes on there.
    private static T Wait<T>(Task<T> work) => work.GetAwaiter().GetResult();

    private sealed class UndoneException : Exception;

    private sealed class SchemaCopy(NpgsqlConnection admin, string schema) : IDiskCopy
    {
        public string Schema { get; } = schema;

        public void Dispose() => admin.Execute($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
    }
}

/// <summary>Schemas of one server.</summary>
internal sealed class PostgresDisks(string connection, string prefix) : IDiskMaker
{
    private int _made;

    public IDisk Make(string name, IReadOnlyList<MigrationModule> modules, Action<IDisk> fill)
    {
        var disk = new PostgresDisk(connection, string.Create(CultureInfo.InvariantCulture, $"{prefix}_{++_made}"));
        disk.Migrate(modules);
        fill(disk);
        return disk;
    }
}
