using Masumi.Node.Settings;

namespace Masumi.Node.Setup;

/// <summary>Where the settings of a new node are to be, with the database beside them: a place where nothing of another node is.</summary>
internal sealed class SetupPlace
{
    private SetupPlace(string file)
    {
        File = file;
        DatabaseFile = Path.GetExtension(file) == ".db" ? $"{file}.db" : Path.ChangeExtension(file, ".db");
    }

    /// <summary>The settings' full path.</summary>
    public string File { get; }

    /// <summary>The database's.</summary>
    public string DatabaseFile { get; }

    /// <summary>Looks at a place. Throws <see cref="FormatException"/> when it is none for a file, or something is there.</summary>
    public static SetupPlace At(string file)
    {
        if (string.IsNullOrWhiteSpace(file) || file.Any(char.IsControl) || Path.EndsInDirectorySeparator(file))
        {
            throw new FormatException($"--config: the path of a file is needed, got {SettingsReader.Quoted(file)}");
        }

        var place = new SetupPlace(Path.GetFullPath(file));
        if (IsThere(place.File))
        {
            throw new FormatException($"{place.File} is there already");
        }

        // What a killed node left behind belongs to its database, and SQLite would put it into the new one.
        var database = DatabaseSettings.InFile(place.DatabaseFile);
        foreach (var other in new[] { database, database.For("registry") }.SelectMany(d => new[] { $"{d}", $"{d}-wal", $"{d}-shm", $"{d}-journal" }))
        {
            if (IsThere(other))
            {
                throw new FormatException($"{other} is there already, which another node's settings go with; another name is needed (--config)");
            }
        }

        return place;
    }

    /// <summary>Whether a file can be made here, which is found out by making one; it is gone afterwards. Throws <see cref="FormatException"/>.</summary>
    public void Try()
    {
        var made = Make([]);
        System.IO.File.Delete(File);
        Remove(made);
    }

    /// <summary>Writes the settings, once they have been looked at in their place; when that throws there is nothing of them.</summary>
    public void Write(byte[] text, Action look)
    {
        var made = MakeFolders();
        try
        {
            look();
            Make(text);
        }
        catch
        {
            Remove(made);
            throw;
        }
    }

    private List<string> Make(byte[] text)
    {
        var made = MakeFolders();
        try
        {
            using var stream = PrivateFile.Open(File, FileMode.CreateNew, FileShare.None);
            stream.Write(text);
            stream.Flush(flushToDisk: true);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(made);
            throw Unwritable(e);
        }
    }

    // Those that were not there, the innermost first.
    private List<string> MakeFolders()
    {
        var missing = new List<string>();
        for (var folder = Path.GetDirectoryName(File); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Add(folder);
        }

        try
        {
            PrivateFile.CreateFolderOf(File);
            return missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(missing);
            throw Unwritable(e);
        }
    }

    private static void Remove(List<string> folders)
    {
        try
        {
            folders.Where(Directory.Exists).ToList().ForEach(Directory.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else has put something there: it stays.
        }
    }

    private FormatException Unwritable(Exception e) => new($"{File} cannot be written: {e.Message.Split('\n')[0].TrimEnd('.')}", e);

    // A link that leads nowhere is there too.
    private static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
}
