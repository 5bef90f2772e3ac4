using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Masumi.Node.Settings;

namespace Masumi.Node.Control;

/// <summary>
/// Where an engine's control socket is: beside its database, so that whoever knows the database finds it. A socket's path has few bytes; where they do not
/// suffice, and where the database is no file, it is in a folder of the user's own among the temporary ones, under a name derived from the database.
/// </summary>
internal static class ControlPlace
{
    // Linux has room for 107 bytes, macOS for 103.
    private const int MostBytes = 103;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The paths at which it may be, the first one first.</summary>
    public static ImmutableArray<string> Of(DatabaseSettings database)
    {
        if (database.File is { } file && Fits($"{file}.control"))
        {
            return [$"{file}.control"];
        }

        // A service and its operator's shell need not have the same environment.
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database.Identity)))[..24] + ".control";
        var user = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(System.Environment.UserName)))[..8];
        string?[] places = [System.Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Path.GetTempPath(), "/tmp"];
        return
        [
            .. places
                .Where(p => !string.IsNullOrEmpty(p) && Path.IsPathFullyQualified(p))
                .Select(p => Path.Combine(p!, $"masumi-{user}", name))
                .Where(Fits)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Makes the folder of a socket that is not beside its database. Throws <see cref="IOException"/> when others may use it.</summary>
    public static void Prepare(DatabaseSettings database, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (database.File is { } file && Path.GetDirectoryName(file) == folder)
        {
            return;
        }

        PrivateFile.CreateFolderOf(path);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(folder) != OwnerOnly)
        {
            throw new IOException($"{folder} has mode 0{Convert.ToString((int)File.GetUnixFileMode(folder), 8)}; 0700 is needed");
        }
    }

    private static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= MostBytes;
}
