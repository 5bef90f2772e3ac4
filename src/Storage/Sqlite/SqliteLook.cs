using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Masumi.Storage.Sqlite;

/// <summary>Connections that read a database's file and leave everything beside it as it is: nothing is added, moved into the file or cleared away.</summary>
internal sealed partial class SqliteLook(string file)
{
    private const int NoCheckpointOnClose = 1006;
    private const int Execute = 1;
    private const int Write = 2;
    private const int LogHeader = 32;

    private string Log => file + "-wal";

    private string Index => file + "-shm";

    /// <summary>Which of the files, or that their folder, cannot be written, in one line; null when all can, and on Windows, where opening tells.</summary>
    public string? Refusal()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        foreach (var part in new[] { file, Log, Index }.Where(File.Exists))
        {
            if (Access(part, Write) != 0)
            {
                return $"The database file '{part}' cannot be written.";
            }
        }

        // Where a link leads, the log is kept.
        var folder = Path.GetDirectoryName(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file)!;
        return Access(folder, Write | Execute) == 0 ? null : $"The folder '{folder}' of the database file cannot be written; SQLite keeps its log there.";
    }

    /// <summary>Opens it. Throws <see cref="SqliteException"/>.</summary>
    public SqliteConnection Open()
    {
        var log = new FileInfo(Log);
        return log.Exists && File.Exists(Index)
                ? (log.Length == LogHeader ? OpenAlone() : null) ?? Connect(Reference("readonly_shm=1"), SqliteOpenMode.ReadOnly)
            : log is { Exists: true, Length: > 0 } ? OpenAlone(file)
            // Without a log nobody has it open, and SQLite need not make one.
            : Connect(Reference("immutable=1"), SqliteOpenMode.ReadOnly);
    }

    // Who was killed between a log's header and its first page leaves one that SQLite cannot read beside the dead index: it takes the header for news from
    // another process, and waits for it until it gives up. A living process has the index right, and is not to be kept out.
    private SqliteConnection? OpenAlone()
    {
        try
        {
            return OpenAlone(file);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
        {
            return null;
        }
    }

    /// <summary>
    /// Opens it when no other process has it open, and keeps them out; the log's index is kept in memory, the log stays as it is. Throws
    /// <see cref="SqliteException"/>.
    /// </summary>
    public static SqliteConnection OpenAlone(string file)
    {
        var connection = Connect(file, SqliteOpenMode.ReadWrite);
        try
        {
            SQLitePCL.raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);

            // One by one: behind a statement that returns rows, the next one's error would not be heard.
            foreach (var sql in new[] { "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA query_only=1", "SELECT count(*) FROM sqlite_schema" })
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                command.ExecuteScalar();
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = source,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = 1,
            }.ToString()
        );
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string Reference(string how) => $"file:///{string.Join('/', file.Replace('\\', '/').TrimStart('/').Split('/').Select(Uri.EscapeDataString))}?{how}";

    // There is no other way to ask without trying.
    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
