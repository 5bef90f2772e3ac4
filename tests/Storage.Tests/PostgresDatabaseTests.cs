using Dapper;
using Masumi.Storage.Postgres;
using Npgsql;

namespace Masumi.Storage.Tests;

/// <summary>Runs when MASUMI_TEST_POSTGRES holds a connection string whose user may create schemas; each test has a schema of its own.</summary>
public sealed class PostgresCompliance : DatabaseCompliance
{
    protected override async Task<IDatabase> OpenEmptyAsync()
    {
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

public sealed class PostgresDatabaseTests
{
    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_in_one_line()
    {
        await using var database = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=x;Timeout=1", TimeProvider.System);
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT 1"), TestContext.Current.CancellationToken)
        );
        Assert.DoesNotContain('\n', failure.Message);
    }
}
