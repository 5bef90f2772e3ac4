using System.Text.RegularExpressions;
using Masumi.Storage;
using Masumi.Storage.Postgres;
using Masumi.Storage.Sqlite;

namespace Masumi.Node.Settings;

/// <summary>Where tables are kept: one SQLite file, or a PostgreSQL database by its connection string.</summary>
internal sealed partial record DatabaseSettings
{
    private const string Allowed = "the path of a file, or a PostgreSQL connection string (Host=...;Database=...;Username=...)";

    private DatabaseSettings(string? file, string? connectionString)
    {
        File = file;
        ConnectionString = connectionString;
    }

    /// <summary>The file's full path; null with PostgreSQL.</summary>
    public string? File { get; }

    /// <summary>It may hold a password.</summary>
    private string? ConnectionString { get; }

    /// <summary>A SQLite file; a link to one is the file it leads to, so that its log and the lock of its engine are beside that, whoever comes by which link.</summary>
    public static DatabaseSettings InFile(string path) => new(Target(Path.GetFullPath(path)), null);

    /// <summary>A PostgreSQL database.</summary>
    public static DatabaseSettings Postgres(string connectionString) => new(null, connectionString);

    /// <summary>Reads the setting; null when something is wrong, which is noted.</summary>
    /// <param name="reader">The section.</param>
    /// <param name="name">The setting's name; <c>File</c> behind it names a file with a connection string.</param>
    /// <param name="otherwise">Where it is left out; null: it must be there.</param>
    public static DatabaseSettings? Read(SettingsReader reader, string name, DatabaseSettings? otherwise = null)
    {
        var text = otherwise is null ? reader.Secret(name, Allowed) : reader.OptionalSecret(name, Allowed);
        if (text is null)
        {
            return otherwise;
        }

        // It may hold a password: nothing of it is shown.
        if (text.Contains("://", StringComparison.Ordinal))
        {
            reader.Refuse(name, $"{Allowed} is needed, got an address (a URL)");
            return null;
        }

        if (!LooksLikeConnectionString().IsMatch(text))
        {
            if (RefuseFile(text) is not { } refusal)
            {
                return InFile(text);
            }

            reader.Refuse(name, refusal);
            return null;
        }

        if (PostgresDatabase.Refusal(text) is { } wrong)
        {
            reader.Refuse(name, $"the connection string cannot be used: {wrong}");
            return null;
        }

        return Postgres(text);
    }

    /// <summary>Opens it, or creates the file.</summary>
    public IDatabase Open(TimeProvider time) => File is { } file ? SqliteDatabase.Open(file, time) : new PostgresDatabase(ConnectionString!, time);

    /// <summary>Opens what exists, to look at it; null when there is nothing yet.</summary>
    public IDatabase? OpenExisting(TimeProvider time) =>
        File is not { } file ? new PostgresDatabase(ConnectionString!, time)
        : System.IO.File.Exists(file) ? SqliteDatabase.OpenExisting(file, time)
        : null;

    /// <summary>The same place for another service: a file beside this one, named after it, or the same PostgreSQL database.</summary>
    public DatabaseSettings For(string service) =>
        File is { } file
            ? InFile(Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}-{service}{Path.GetExtension(file)}"))
            : this;

    /// <summary>What tells it from every other database, without a password.</summary>
    public string Identity => File ?? PostgresDatabase.PlaceOf(ConnectionString!);

    /// <summary>Without a password.</summary>
    public override string ToString() => File ?? "the PostgreSQL database";

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z ]*=", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex LooksLikeConnectionString();

    private static string Target(string path)
    {
        try
        {
            return System.IO.File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever opens it says what is wrong.
            return path;
        }
    }

    private static string? RefuseFile(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Any(char.IsControl))
        {
            return $"{Allowed} is needed, got {SettingsReader.Quoted(path)}";
        }

        var full = Path.GetFullPath(path);
        var shown = SettingsReader.Quoted(full);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(full))
        {
            return $"{shown} is a directory; a file is needed";
        }

        var folder = Path.GetDirectoryName(full)!;
        return Directory.Exists(folder) ? PrivateFile.Refusal(full)
            : System.IO.File.Exists(folder) ? $"{SettingsReader.Quoted(folder)} is a file; a directory is needed"
            : $"the directory {SettingsReader.Quoted(folder)} does not exist (mkdir -m 700)";
    }
}
