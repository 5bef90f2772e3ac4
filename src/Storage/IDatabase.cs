using System.Data.Common;

namespace Masumi.Storage;

/// <summary>
/// Where a node keeps its tables. Features put their SQL on it directly (Dapper), in the part of SQL that SQLite and PostgreSQL share:
/// TEXT (hashes and blobs in hex), BIGINT (lovelace, Unix milliseconds, 0/1), <c>ON CONFLICT</c>, <c>RETURNING</c>, named parameters <c>@name</c>.
/// </summary>
/// <remarks>
/// Writes are serialisable on both stores: what a write reads still holds when it commits. SQLite runs one at a time; PostgreSQL may run the
/// work again after a conflict, so it must contain database calls only and build its result afresh each time.
/// </remarks>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Which of the two stores this is.</summary>
    SqlDialect Dialect { get; }

    /// <summary>
    /// Brings every module's tables up to date, all in one transaction, before anything else uses them. Throws <see cref="MigrationException"/>
    /// when an applied file has changed since or when the database was made by a newer program.
    /// </summary>
    Task MigrateAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation);

    /// <summary>
    /// Whether <see cref="MigrateAsync"/> has nothing to do; false where there is nothing yet. Changes nothing. Throws <see cref="MigrationException"/> when it
    /// could not do it, or when a file holds anything but these modules' tables (a PostgreSQL database may hold those of another service too).
    /// </summary>
    Task<bool> IsCurrentAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation);

    /// <summary>Runs read-only statements that all see the same snapshot. Writing in it throws.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation);

    /// <summary>
    /// Runs statements in one transaction that is committed when the work returns and rolled back when it throws. Throws
    /// <see cref="CommitUnknownException"/> when the answer to the commit was lost. A write within a write of the same database throws.
    /// </summary>
    Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation);

    /// <summary>As <see cref="WriteAsync{T}"/>, without a result.</summary>
    Task WriteAsync(Func<DbConnection, DbTransaction, Task> write, CancellationToken cancellation) =>
        WriteAsync(
            async (connection, transaction) =>
            {
                await write(connection, transaction);
                return true;
            },
            cancellation
        );

    /// <summary>True when a statement failed because a row with the same unique key exists.</summary>
    bool IsUniqueViolation(Exception exception);
}

/// <summary>The two stores; the few differences in their SQL that queries meet.</summary>
public enum SqlDialect
{
    /// <summary>SQLite, embedded.</summary>
    Sqlite,

    /// <summary>PostgreSQL.</summary>
    Postgres,
}
