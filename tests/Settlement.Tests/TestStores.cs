using Dapper;
using Masumi.Storage;
using Masumi.Storage.Postgres;
using Masumi.Storage.Sqlite;
using Npgsql;

namespace Masumi.Settlement.Tests;

/// <summary>The stores that every test of behaviour runs on.</summary>
public enum StoreKind
{
    /// <summary>A file.</summary>
    Sqlite,

    /// <summary>A schema of its own in the server that MASUMI_TEST_POSTGRES names; skipped without one.</summary>
    Postgres,
}

internal static class TestStores
{
    public static async Task<IDatabase> OpenEmptyAsync(StoreKind kind)
    {
        if (kind == StoreKind.Sqlite)
        {
            return SqliteDatabase.Temporary(TimeProvider.System);
        }

        var configured = Environment.GetEnvironmentVariable("MASUMI_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(configured), "MASUMI_TEST_POSTGRES is not set: the PostgreSQL suite did not run");
        var schema = $"test_{Guid.NewGuid():N}";
        await using (var connection = new NpgsqlConnection(configured))
        {
            await connection.ExecuteAsync($"CREATE SCHEMA {schema}");
        }

        return new PostgresDatabase(new NpgsqlConnectionStringBuilder(configured) { SearchPath = schema }.ToString(), TimeProvider.System);
    }
}
