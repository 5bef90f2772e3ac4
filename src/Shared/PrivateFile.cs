namespace Masumi;

/// <summary>Files that hold secrets, or what strangers pay for: only their owner may read and write them. On Windows nothing of this applies.</summary>
internal static class PrivateFile
{
    private const int MostBytes = 16 * 1024 * 1024;
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
    public static string? Refusal(string path) =>
        RefuseLink(path) ?? (OperatingSystem.IsWindows() || !File.Exists(path) ? null : RefuseMode(path, File.GetUnixFileMode(path)));

    /// <summary>
    /// Reads what a path names: a file that is its owner's alone, or a pipe, whoever may use it. Answers why not, in one line, or null; throws what opening
    /// and reading throw.
    /// </summary>
    /// <param name="path">Where it is.</param>
    /// <param name="bytes">What is in it.</param>
    public static string? Read(string path, out byte[] bytes)
    {
        bytes = [];
        if (Directory.Exists(path))
        {
            return $"{path} is a directory; a file is needed";
        }

        // Opened once: what a pipe gave is gone. Only files have a place to seek, and devices have no length.
        using var stream = OpenToRead(path, out var nowhere);
        if (stream is null)
        {
            return nowhere;
        }

        if (!OperatingSystem.IsWindows() && stream.CanSeek && stream.Length > 0 && RefuseMode(path, File.GetUnixFileMode(stream.SafeFileHandle)) is { } refusal)
        {
            return refusal;
        }

        using var all = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = stream.Read(buffer)) > 0; )
        {
            all.Write(buffer, 0, read);
            if (all.Length > MostBytes)
            {
                return $"{path} has more than {MostBytes} bytes";
            }
        }

        bytes = all.ToArray();
        return null;
    }

    private static string? RefuseLink(string path) =>
        path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal) && new FileInfo(path).LinkTarget is { } target && !LeadsSomewhere(path)
            ? Nowhere(path, target)
            : null;

    // What a link such as /dev/fd/7 says it leads to need not have a name: only opening it tells.
    private static FileStream? OpenToRead(string path, out string? nowhere)
    {
        nowhere = null;
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException && new FileInfo(path).LinkTarget is not null)
        {
            nowhere = Nowhere(path, new FileInfo(path).LinkTarget!);
            return null;
        }
    }

    private static string Nowhere(string path, string target) => $"{path} is a link to {target}, where there is nothing";

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

    private static string? RefuseMode(string path, UnixFileMode mode) =>
        (mode & Others) == UnixFileMode.None
            ? null
            : $"{path} has mode 0{Convert.ToString((int)mode, 8)}, so others may use it; only its owner may: chmod 600 '{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

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
            // One by one: the system would make those above for everybody.
            CreateFolderOf(folder);
            Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
        }
    }
}
