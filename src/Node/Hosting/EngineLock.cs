using Masumi.Node.Settings;

namespace Masumi.Node.Hosting;

/// <summary>
/// One engine at a time works on a database file: two would each pay what the other is about to pay. The lock is a file beside it, held as long as the engine
/// runs and gone afterwards; what a killed process left behind holds nobody up.
/// </summary>
internal sealed class EngineLock : IDisposable
{
    private readonly FileStream? _file;

    private EngineLock(FileStream? file) => _file = file;

    /// <summary>Takes it, or throws <see cref="SettingsException"/>. In PostgreSQL nothing is locked yet.</summary>
    public static EngineLock Take(DatabaseSettings database)
    {
        if (database.File is not { } file)
        {
            return new EngineLock(null);
        }

        var path = $"{file}.lock";
        try
        {
            PrivateFile.CreateFolderOf(path);
            return new EngineLock(
                new FileStream(
                    path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.OpenOrCreate,
                        Access = FileAccess.ReadWrite,
                        Share = FileShare.None,
                        Options = FileOptions.DeleteOnClose,
                    }
                )
            );
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new SettingsException([new("database", $"another node is running on {file}; one at a time works on a database")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([new("database", $"the lock beside {file} cannot be made: {e.Message.TrimEnd('.')}")]);
        }
    }

    // The systems' own numbers for a file that somebody else holds: Windows, Linux, macOS. Anything else says nothing about another node.
    private static bool IsHeld(IOException e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;

    /// <summary>Gives it back.</summary>
    public void Dispose() => _file?.Dispose();
}
