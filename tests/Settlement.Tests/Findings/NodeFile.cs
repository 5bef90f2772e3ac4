using Masumi.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>A node's database as a file, and the copy of it that somebody made and puts back one day.</summary>
internal sealed class NodeFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-findings-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "node.db");

    private string CopyPath => System.IO.Path.Combine(_folder, "copy.db");

    public SqliteDatabase Open() => SqliteDatabase.Open(Path, TimeProvider.System);

    public SqliteDatabase OpenCopy() => SqliteDatabase.Open(CopyPath, TimeProvider.System);

    /// <summary>As it stands now.</summary>
    public void Copy()
    {
        using var connection = new SqliteConnection($"Data Source={Path};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"VACUUM INTO '{CopyPath}'";
        command.ExecuteNonQuery();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(CopyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
