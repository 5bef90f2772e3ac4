using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Masumi.Storage;

/// <summary>One numbered SQL file.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Name">What it does, from the file's name.</param>
/// <param name="Sql">
/// Its statements; <c>{{identity}}</c> stands for the column definition of an ascending 64-bit primary key, <c>{{transaction}}</c> for that of a column that
/// names the transaction which wrote the row, by which a reader on PostgreSQL knows whether an earlier one may still commit (0 on SQLite, which has one writer);
/// <c>{{clustered}}</c>, after a table of small rows, keeps them in the order of their primary key without a second copy of it (SQLite; nothing on PostgreSQL).
/// </param>
public sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the text with line feeds only, in hex.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    internal string SqlFor(SqlDialect dialect) =>
        Sql.Replace(
                "{{identity}}",
                dialect == SqlDialect.Postgres ? "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY" : "INTEGER PRIMARY KEY AUTOINCREMENT",
                StringComparison.Ordinal
            )
            .Replace(
                "{{transaction}}",
                dialect == SqlDialect.Postgres ? "XID8 NOT NULL DEFAULT pg_current_xact_id()" : "BIGINT NOT NULL DEFAULT 0",
                StringComparison.Ordinal
            )
            .Replace("{{clustered}}", dialect == SqlDialect.Postgres ? "" : "WITHOUT ROWID", StringComparison.Ordinal);
}

/// <summary>The tables of one feature: its migrations in order, numbered 1, 2, 3, ... without a gap.</summary>
public sealed partial record MigrationModule
{
    /// <summary>A module from migrations in memory. Throws <see cref="ArgumentException"/> when the numbers are not 1..n.</summary>
    public MigrationModule(string name, IEnumerable<Migration> migrations)
    {
        Name = name;
        Migrations = [.. migrations.OrderBy(m => m.Number)];
        for (var i = 0; i < Migrations.Length; i++)
        {
            if (Migrations[i].Number != i + 1)
            {
                throw new ArgumentException(
                    $"Migrations of '{name}' must be numbered 1, 2, 3, ...; expected {i + 1}, found {Migrations[i].Number}.",
                    nameof(migrations)
                );
            }
        }
    }

    /// <summary>The module's name, its key in <c>schema_migrations</c>.</summary>
    public string Name { get; }

    /// <summary>In order.</summary>
    public ImmutableArray<Migration> Migrations { get; }

    /// <summary>
    /// The embedded resources named <c>{assembly name}.{folder}.001_name.sql</c>, that is the files <c>folder/001_name.sql</c> of a project
    /// with <c>&lt;EmbeddedResource Include="**/*.sql" /&gt;</c>; folders below each other are joined with dots.
    /// </summary>
    public static MigrationModule FromAssembly(string module, Assembly assembly, string folder = "Migrations")
    {
        var prefix = $"{assembly.GetName().Name}.{folder}.";
        var migrations = new List<Migration>();
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(r => r.StartsWith(prefix, StringComparison.Ordinal) && r.EndsWith(".sql", StringComparison.Ordinal))
        )
        {
            var match = FileName().Match(resource[prefix.Length..]);
            if (!match.Success)
            {
                throw new ArgumentException($"A migration is named 001_name.sql, not '{resource[prefix.Length..]}'.", nameof(folder));
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            migrations.Add(
                new Migration(int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["name"].Value, reader.ReadToEnd())
            );
        }

        return migrations.Count > 0
            ? new MigrationModule(module, migrations)
            : throw new ArgumentException($"No embedded resource is named {prefix}001_name.sql.", nameof(folder));
    }

    [GeneratedRegex(@"^(?<number>[0-9]{3})_(?<name>[A-Za-z0-9_]+)\.sql$", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex FileName();
}
