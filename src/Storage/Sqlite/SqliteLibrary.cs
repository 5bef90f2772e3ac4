using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Masumi.Storage;

/// <summary>Binds SQLite to the library the operating system provides.</summary>
internal static class SqliteLibrary
{
    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3", "sqlite3"];
    private static readonly Lazy<string?> Problem = new(Bind);

    /// <summary>Throws <see cref="StorageUnavailableException"/> with one line when the library is missing.</summary>
    public static void EnsureLoaded()
    {
        if (Problem.Value is { } problem)
        {
            throw new StorageUnavailableException(problem);
        }
    }

    private static string? Bind()
    {
        var handle = Find();
        if (handle == 0)
        {
            return $"SQLite is missing: none of {string.Join(", ", Names)} can be loaded. On Debian or Ubuntu: apt-get install libsqlite3-0";
        }

        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? handle : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();

        // ON CONFLICT (3.24) and RETURNING (3.35) are used throughout.
        return raw.sqlite3_libversion_number() < 3_035_000 ? $"SQLite {raw.sqlite3_libversion().utf8_to_string()} is too old: 3.35 or newer is needed." : null;
    }

    private static nint Find()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
