using System.Xml.Linq;

namespace Masumi.Architecture.Tests;

/// <summary>The files of the checkout the tests were built from.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds <c>Masumi.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The projects of the product: the folder's name below <c>src</c>, and the project file.</summary>
    public static IReadOnlyList<(string Project, XDocument File)> Projects { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(Path.GetDirectoryName(path))!, XDocument.Load(path))),
    ];

    /// <summary>All sources of the product, as paths relative to the root with slashes, and their text.</summary>
    public static IEnumerable<(string Path, string Text)> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, Read(path)));

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Masumi.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside a checkout.");
        }
        return folder.FullName;
    }
}
