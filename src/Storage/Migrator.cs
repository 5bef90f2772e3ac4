using System.Data;
using System.Data.Common;
using Dapper;

namespace Masumi.Storage;

/// <summary>Applies what is missing, inside the transaction it is given; the caller holds the lock that keeps other processes out.</summary>
internal static class Migrator
{
    /// <summary>The table that says what was applied.</summary>
    public const string TableName = "schema_migrations";

    private const string OfAnother = "The database holds the tables of another program.";

    private const string Table = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            module     TEXT   NOT NULL,
            number     BIGINT NOT NULL,
            name       TEXT   NOT NULL,
            applied_at BIGINT NOT NULL,
            checksum   TEXT   NOT NULL,
            PRIMARY KEY (module, number))
        """;

    public static async Task ApplyAsync(
        DbConnection connection,
        DbTransaction transaction,
        SqlDialect dialect,
        IReadOnlyList<MigrationModule> modules,
        TimeProvider time
    )
    {
        await connection.ExecuteAsync(Table, transaction: transaction);
        foreach (var module in modules)
        {
            var applied = (
                await connection.QueryAsync<Applied>(
                    "SELECT module, number, name, checksum FROM schema_migrations WHERE module = @module ORDER BY number",
                    new { module = module.Name },
                    transaction
                )
            ).AsList();
            Check(module, applied);
            foreach (var migration in module.Migrations.Skip(applied.Count))
            {
                await ApplyAsync(connection, transaction, dialect, module.Name, migration, time);
            }
        }
    }

    /// <summary>Whether everything is applied already. Throws <see cref="MigrationException"/> when it cannot be, or when there is anything else.</summary>
    public static async Task<bool> IsCurrentAsync(DbConnection connection, bool hasTable, IReadOnlyList<MigrationModule> modules, bool besidesOthers = false)
    {
        if (!hasTable)
        {
            throw new MigrationException(OfAnother);
        }

        var applied = await AppliedAsync(connection);
        var isCurrent = true;
        var known = modules.ToDictionary(m => m.Name);
        foreach (var done in applied.GroupBy(a => a.Module).Where(a => !besidesOthers || known.ContainsKey(a.Key)))
        {
            Check(
                known.GetValueOrDefault(done.Key)
                    ?? throw new MigrationException($"The database holds the tables of '{done.Key}', which this service does not use."),
                [.. done]
            );
            isCurrent &= done.Count() == known[done.Key].Migrations.Length;
            known.Remove(done.Key);
        }

        return isCurrent && known.Count == 0;
    }

    // Other programs have a table of that name too.
    private static async Task<List<Applied>> AppliedAsync(DbConnection connection)
    {
        await using (var reader = await connection.ExecuteReaderAsync("SELECT * FROM schema_migrations WHERE 1 = 0"))
        {
            var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToHashSet(StringComparer.Ordinal);
            if (!columns.IsSupersetOf(["module", "number", "name", "applied_at", "checksum"]))
            {
                throw new MigrationException(OfAnother);
            }
        }

        try
        {
            var applied = await connection.QueryAsync<Applied>("SELECT module, number, name, checksum FROM schema_migrations ORDER BY module, number");
            return applied.AsList() is var rows && rows.TrueForAll(a => a.Module is not null) ? rows : throw new MigrationException(OfAnother);
        }
        catch (Exception e) when (e is DataException or InvalidOperationException)
        {
            // Columns of other types.
            throw new MigrationException(OfAnother, e);
        }
    }

    private static void Check(MigrationModule module, List<Applied> applied)
    {
        if (applied.Count > module.Migrations.Length)
        {
            throw new MigrationException(
                $"The tables of '{module.Name}' are at migration {applied.Count}, this program knows {module.Migrations.Length}: the database was used by a newer version."
            );
        }

        foreach (var (known, done) in module.Migrations.Zip(applied))
        {
            if (done.Number != known.Number || done.Checksum != known.Checksum)
            {
                throw new MigrationException(
                    $"The database was made by another build, whose tables differ (migration {known.Number:D3}_{known.Name} of '{module.Name}'); it is not converted: begin with a new file."
                );
            }
        }
    }

    private static async Task ApplyAsync(
        DbConnection connection,
        DbTransaction transaction,
        SqlDialect dialect,
        string module,
        Migration migration,
        TimeProvider time
    )
    {
        try
        {
            await connection.ExecuteAsync(migration.SqlFor(dialect), transaction: transaction);
        }
        catch (DbException e)
        {
            throw new MigrationException($"Migration {migration.Number:D3}_{migration.Name} of '{module}' failed: {e.Message}", e);
        }

        await connection.ExecuteAsync(
            "INSERT INTO schema_migrations (module, number, name, applied_at, checksum) VALUES (@module, @number, @name, @appliedAt, @checksum)",
            new
            {
                module,
                number = (long)migration.Number,
                name = migration.Name,
                appliedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
                checksum = migration.Checksum,
            },
            transaction
        );
    }

    private sealed record Applied(string Module, long Number, string Name, string Checksum);
}
