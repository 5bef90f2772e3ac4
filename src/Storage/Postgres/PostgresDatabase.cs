using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;

namespace Masumi.Storage.Postgres;

/// <summary>A PostgreSQL database that several nodes may share.</summary>
public sealed class PostgresDatabase : IDatabase
{
    private const int MaxAttempts = 10;

    // Any number no other program is likely to lock: "masumi" in ASCII.
    private const long MigrationLock = 0x6d_61_73_75_6d_69;
    private readonly NpgsqlDataSource _source;
    private readonly WriteScope _scope = new();
    private readonly TimeProvider _time;
    private readonly Random _jitter;

    /// <summary>Prepares a pool; connects at first use. Throws <see cref="ArgumentException"/> for a malformed connection string.</summary>
    public PostgresDatabase(string connectionString, TimeProvider time)
    {
        DapperTypes.EnsureRegistered();
        var options = new NpgsqlConnectionStringBuilder(connectionString);
        options.ApplicationName ??= "masumi";
        _source = NpgsqlDataSource.Create(options);
        _time = time;

        // Two instances only have to differ.
        _jitter = new Random(time.GetTimestamp().GetHashCode());
    }

    /// <summary>Why a text is no connection string, in one line without its values; null when it is one.</summary>
    public static string? Refusal(string connectionString)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // What follows the first line, or an inner exception, may repeat a value.
            return e.Message.Split('\n')[0].TrimEnd('.');
        }
    }

    /// <summary>Which database a connection string means, without user and password: <c>HOST:PORT/DATABASE</c>.</summary>
    public static string PlaceOf(string connectionString)
    {
        var options = new NpgsqlConnectionStringBuilder(connectionString);
        return string.Create(CultureInfo.InvariantCulture, $"{options.Host}:{options.Port}/{options.Database ?? options.Username}");
    }

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.Postgres;

    /// <inheritdoc/>
    public async Task MigrateAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);

        // Read committed: what another instance applied while this one waited for the lock must be seen.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await using (
            var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = MigrationLock } } }
        )
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }

        try
        {
            await Migrator.ApplyAsync(connection, transaction, Dialect, modules, _time);
        }
        catch (PostgresException e)
        {
            throw Foreign(e);
        }

        await CommitAsync(transaction);
    }

    /// <inheritdoc/>
    public async Task<bool> IsCurrentAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(
                async connection =>
                    await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('schema_migrations') IS NOT NULL")
                    && await Migrator.IsCurrentAsync(connection, hasTable: true, modules, besidesOthers: true),
                cancellation
            );
        }
        catch (PostgresException e)
        {
            throw Foreign(e);
        }
    }

    // Another program's tables of the same names, or a user who may not make or see ours.
    private static MigrationException Foreign(PostgresException e) =>
        new($"The PostgreSQL database is another program's, or its user may not use it: {e.MessageText}", e);

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using (var command = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection, transaction))
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }

        var result = await read(connection);
        await transaction.RollbackAsync(CancellationToken.None);
        return result;
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation)
    {
        using var scope = _scope.Enter();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(write, cancellation);
            }
            catch (PostgresException e) when (IsConflict(e) && attempt < MaxAttempts)
            {
                // Full jitter, so that two writers in conflict do not meet again.
                await Task.Delay(Jitter(Math.Min(1_000, 10 << attempt)), _time, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public bool IsUniqueViolation(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private TimeSpan Jitter(int limit)
    {
        lock (_jitter)
        {
            return TimeSpan.FromMilliseconds(_jitter.Next(1, limit));
        }
    }

    private static bool IsConflict(PostgresException e) => e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    // Besides a broken connection: a server that is told to stop (class 57P) may do so between the commit and its answer.
    private static bool IsLost(Exception e) =>
        e is IOException or TimeoutException or (NpgsqlException and not PostgresException)
        || (
            e is PostgresException { SqlState: var state }
            && (state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal) || state == "40003")
        );

    private static async Task CommitAsync(NpgsqlTransaction transaction)
    {
        try
        {
            // Not cancellable: a cancelled commit would leave its outcome unknown for nothing.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsLost(e))
        {
            throw new CommitUnknownException($"The connection was lost while committing: {e.Message}", e);
        }
    }

    private async Task<T> WriteOnceAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
        var result = await write(connection, transaction);
        await CommitAsync(transaction);
        return result;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellation);
        }
        catch (NpgsqlException e)
        {
            throw new StorageUnavailableException($"PostgreSQL cannot be reached: {e.Message}", e);
        }
    }
}
