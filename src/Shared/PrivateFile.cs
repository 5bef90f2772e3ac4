namespace Masumi;

/// <summary>Files that hold secrets, or what strangers pay for: only their owner may read and write them. On Windows nothing of this applies.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>
    /// Which file, its mode and what to do, in one line; null when there is none, or it is its owner's alone. A link that leads nowhere is refused too: whoever
    /// made it meant a file that is there.
    /// </summary>
    public static string? Refusal(string path)
    {
        if (path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal) && new FileInfo(path).LinkTarget is { } target && !LeadsSomewhere(path))
        {
            return $"{path} is a link to {target}, where there is nothing";
        }

        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return null;
        }

        var mode = File.GetUnixFileMode(path);
        return (mode & Others) == UnixFileMode.None
            ? null
            : $"{path} has mode 0{Convert.ToString((int)mode, 8)}, so others may use it; only its owner may: chmod 600 '{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    private static bool LeadsSomewhere(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: true) is { Exists: true };
        }
        catch (IOException)
        {
            // In a circle.
            return false;
        }
    }

    /// <summary>Opens a file, or creates it for its owner alone; throws <see cref="IOException"/> with <see cref="Refusal"/>, or what opening throws.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        if (Refusal(path) is { } refusal)
        {
            throw new IOException(refusal);
        }

        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Owner;
        }

        return new FileStream(path, options);
    }

    /// <summary>Creates the folder of a file, and those above it, for their owner alone; what exists stays as it is.</summary>
    public static void CreateFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
        }
    }
}
