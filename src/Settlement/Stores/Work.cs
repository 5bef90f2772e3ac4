using System.Data.Common;
using System.Globalization;
using System.Numerics;
using Dapper;
using Masumi.Storage;

namespace Masumi.Settlement.Stores;

/// <summary>
/// One database transaction (or, without one, one snapshot for reading), as the stores' statements see it: what several aggregates write together, they write
/// through one of these.
/// </summary>
internal class Work(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, DecodedTransactions decoded)
{
    private const int MostKeys = 256;

    /// <summary>Whose SQL.</summary>
    public SqlDialect Dialect => dialect;

    /// <summary>What needs not be decoded again.</summary>
    public DecodedTransactions Decoded => decoded;

    /// <summary>For what others add to the same transaction.</summary>
    public (DbConnection Connection, DbTransaction Transaction) Raw => (connection, transaction!);

    public Task<int> ExecuteAsync(string sql, object? args = null) => connection.ExecuteAsync(sql, args, transaction);

    public Task<int> ExecuteAsync(string sql, DynamicParameters args) => connection.ExecuteAsync(sql, args, transaction);

    public async Task<List<T>> QueryAsync<T>(string sql, object? args = null) => (await connection.QueryAsync<T>(sql, args, transaction)).AsList();

    public Task<T?> SingleAsync<T>(string sql, object? args = null) => connection.QuerySingleOrDefaultAsync<T>(sql, args, transaction);

    public async Task<long> CountAsync(string sql, object? args = null) => await connection.ExecuteScalarAsync<long>(sql, args, transaction);

    /// <summary>
    /// Rows of any of these keys; <c>@keys</c> in the statement stands for them within <c>IN (…)</c>, some hundreds at a time: the two stores know no list in
    /// common, and each bounds how many parameters a statement has. None for no key.
    /// </summary>
    public async Task<List<T>> QueryAsync<T>(IEnumerable<object> keys, string sql, object? args = null)
    {
        var rows = new List<T>();
        foreach (var some in keys.Chunk(MostKeys))
        {
            var parameters = new DynamicParameters(args);
            rows.AddRange(await connection.QueryAsync<T>(sql.Replace("@keys", List(parameters, some), StringComparison.Ordinal), parameters, transaction));
        }

        return rows;
    }

    // As many names as the next power of two, the last key more than once: few statements to prepare, however many keys there are.
    private static string List(DynamicParameters parameters, object[] keys)
    {
        var names = new string[(int)BitOperations.RoundUpToPowerOf2((uint)keys.Length)];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = string.Create(CultureInfo.InvariantCulture, $"@key{i}");
            parameters.Add(names[i], keys[Math.Min(i, keys.Length - 1)]);
        }

        return string.Join(", ", names);
    }

    /// <summary>
    /// Takes the lock of a row by its id: on PostgreSQL by a write that changes nothing; SQLite has one writer anyway. Tables are those of this layer.
    /// </summary>
    public Task LockRowAsync(string table, string id) =>
        dialect == SqlDialect.Postgres ? ExecuteAsync($"UPDATE {table} SET id = id WHERE id = @id", new { id }) : Task.CompletedTask;

    /// <summary>Whether a query has a row.</summary>
    public async Task<bool> AnyAsync(string sql, object? args = null) => await CountAsync($"SELECT COUNT(*) FROM ({sql}) found", args) > 0;
}

/// <summary>One transaction whose changes bear a time.</summary>
internal sealed class DatedWork(DbConnection connection, DbTransaction transaction, SqlDialect dialect, DecodedTransactions decoded, DateTimeOffset now)
    : Work(connection, transaction, dialect, decoded)
{
    /// <summary>To the millisecond, as columns hold it.</summary>
    public DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
}

/// <summary>Begins units of work on a database.</summary>
internal sealed class Works(IDatabase database)
{
    private readonly DecodedTransactions _decoded = new();

    public IDatabase Database => database;

    public Task<T> ReadAsync<T>(Func<Work, Task<T>> read, CancellationToken cancellation) =>
        database.ReadAsync(c => read(new Work(c, null, database.Dialect, _decoded)), cancellation);

    public Task<T> WriteAsync<T>(Func<Work, Task<T>> write, CancellationToken cancellation) =>
        database.WriteAsync((c, t) => write(new Work(c, t, database.Dialect, _decoded)), cancellation);

    public Task WriteAsync(Func<Work, Task> write, CancellationToken cancellation) =>
        WriteAsync(
            async work =>
            {
                await write(work);
                return true;
            },
            cancellation
        );

    /// <summary>Changes that bear a time: the caller's, who has the clock.</summary>
    public Task<T> WriteAsync<T>(DateTimeOffset now, Func<DatedWork, Task<T>> write, CancellationToken cancellation) =>
        database.WriteAsync((c, t) => write(new DatedWork(c, t, database.Dialect, _decoded, now)), cancellation);

    /// <summary>As <see cref="WriteAsync{T}(DateTimeOffset, Func{DatedWork, Task{T}}, CancellationToken)"/>, without a result.</summary>
    public Task WriteAsync(DateTimeOffset now, Func<DatedWork, Task> write, CancellationToken cancellation) =>
        WriteAsync(
            now,
            async work =>
            {
                await write(work);
                return true;
            },
            cancellation
        );
}
