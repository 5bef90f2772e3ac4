namespace Masumi.Node.Market;

/// <summary>
/// Where a market is kept: one process at a time has it, from before anything in it is read until everything of the market has ended. Without a name it is
/// one that goes with the market.
/// </summary>
internal sealed class MarketFolder : IDisposable
{
    /// <summary>The plan's file.</summary>
    public const string PlanName = "market.json";

    /// <summary>The plan's file while it is written.</summary>
    public const string UnfinishedPlanName = PlanName + ".new";

    /// <summary>The chain's folder.</summary>
    public const string Devnet = "devnet";

    // It stays when the market has ended: were it removed, one process could lock the file that another one has just removed.
    private const string LockName = "market.lock";

    // As the chain writes it.
    private const string Chain = $"{Devnet}/chain.log";
    private readonly FileStream? _lock;

    private MarketFolder(string path, FileStream? held)
    {
        Root = path;
        _lock = held;
    }

    /// <summary>What has been written once the nodes have started: without one of them the others deliver nothing.</summary>
    public static IReadOnlyList<string> NodeParts { get; } = [Chain, "seller.db", "buyer.db", "registry.db"];

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>Whether it goes with the market.</summary>
    public bool IsTemporary => _lock is null;

    /// <summary>Whether a market has begun here.</summary>
    public bool HasPlan => IsThere(Root);

    /// <summary>
    /// Takes a folder, which is made when it is not there. Throws <see cref="FormatException"/> when it holds something else than a market, or when another
    /// process has it.
    /// </summary>
    /// <param name="told">Which; null: one that goes with the market.</param>
    public static MarketFolder Take(string? told)
    {
        if (told is null)
        {
            return new MarketFolder(Directory.CreateTempSubdirectory("masumi-up-").FullName, held: null);
        }

        // Before the lock's file lies among what is somebody else's.
        var folder = Path.GetFullPath(told);
        RefuseOthers(folder);
        var path = Path.Combine(folder, LockName);
        PrivateFile.CreateFolderOf(path);
        FileStream held;
        try
        {
            held = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new FormatException($"--state: the market in {folder} runs already, or is just being started; one at a time has a folder", e);
        }

        try
        {
            RefuseOthers(folder);
            return new MarketFolder(folder, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Where a part of the market is.</summary>
    public string PathOf(string part) => Path.Combine(Root, part);

    /// <summary>
    /// Throws <see cref="FormatException"/> when a part is missing: it would be begun anew, and all that the others remember of it would be wrong.
    /// </summary>
    /// <param name="parts">What there has been.</param>
    public void RefuseHoles(IReadOnlyCollection<string> parts)
    {
        // The chain is there before the nodes are, whatever was noted.
        var known = NodeParts.Any(p => File.Exists(PathOf(p))) ? parts.Append(Chain) : parts;
        var missing = known.Distinct(StringComparer.Ordinal).Where(IsMissing).ToList();
        if (missing.Count > 0)
        {
            throw new FormatException(
                $"--state: the market in {Root} is not whole: {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing; put back what was removed, or begin anew in another folder"
            );
        }
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        if (IsTemporary)
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    // Jobs are written when there are some; a chain and a database have a beginning.
    private bool IsMissing(string part) => new FileInfo(PathOf(part)) is var file && (!file.Exists || (file.Length == 0 && NodeParts.Contains(part)));

    private static void RefuseOthers(string folder)
    {
        if (
            Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any(f => Path.GetFileName(f) is not (LockName or UnfinishedPlanName))
            // Last: it may just have been written.
            && !IsThere(folder)
        )
        {
            throw new FormatException($"--state: {folder} holds something else than a market; an empty or a new folder is needed");
        }
    }

    // A link that leads nowhere counts: whoever made it meant a market.
    private static bool IsThere(string folder) =>
        new FileInfo(Path.Combine(folder, PlanName)) is var plan && (Path.Exists(plan.FullName) || plan.LinkTarget is not null);

    // The systems' own numbers for a file that somebody else holds: Windows, Linux, macOS.
    private static bool IsHeld(IOException e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;
}
