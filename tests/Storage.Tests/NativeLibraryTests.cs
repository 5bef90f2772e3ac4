using System.Diagnostics;
using Masumi.Cardano.Crypto;
using Masumi.Storage.Secrets;
using Masumi.Storage.Sqlite;

namespace Masumi.Storage.Tests;

public sealed class NativeLibraryTests
{
    [Fact]
    public async Task Sqlite_and_libsodium_come_with_the_program_and_not_from_the_operating_system()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "macOS does not list a process's libraries");
        _ = Blake2b.Hash256("x"u8);
        _ = Argon2id.Derive("password"u8, "somesaltsomesalt"u8, new Argon2Cost(1, 8), 32);
        await using var database = SqliteDatabase.Temporary(TimeProvider.System);

        using var process = Process.GetCurrentProcess();
        var loaded = process.Modules.Cast<ProcessModule>().Select(m => m.FileName).Where(IsOne).Distinct().ToList();

        Assert.Equal(2, loaded.Count);
        Assert.All(loaded, file => Assert.StartsWith(AppContext.BaseDirectory, file, StringComparison.Ordinal));
    }

    private static bool IsOne(string file) =>
        Path.GetFileName(file) is var name
        && (name.Contains("sodium", StringComparison.OrdinalIgnoreCase) || name.Contains("sqlite3", StringComparison.OrdinalIgnoreCase))
        && !name.StartsWith("SQLitePCLRaw", StringComparison.Ordinal);
}
