namespace Masumi.Tests;

/// <summary>
/// Finds the shared test data (vectors, conformance corpora, protocol parameters). The folder is named by the
/// environment variable <c>MASUMI_SHARED_DATA</c> and defaults to <c>../shared/data</c> beside the repository.
/// Tests that need it call <see cref="Require"/>, which skips them, visibly, when it is absent.
/// </summary>
internal static class SharedData
{
    private static readonly Lazy<string?> Root = new(Find);

    /// <summary>The full path of a file or folder below the shared data; skips the running test when it is absent.</summary>
    public static string Require(params string[] parts)
    {
        var path = TryFind(parts);
        Assert.SkipWhen(path is null, $"shared data not found: {Path.Combine(parts)}");
        return path!;
    }

    /// <summary>The full path, or null when the shared data is absent.</summary>
    public static string? TryFind(params string[] parts)
    {
        if (Root.Value is not { } root)
        {
            return null;
        }

        var path = Path.Combine([root, .. parts]);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MASUMI_SHARED_DATA") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Masumi.slnx")))
            {
                var beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }
}
