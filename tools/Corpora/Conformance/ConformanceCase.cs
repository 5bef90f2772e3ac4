namespace Masumi.Corpora.Conformance;

/// <summary>One case of a corpus that is laid out as the Plutus project's: a program in text, perhaps also in flat, what it evaluates to and what that costs.</summary>
/// <param name="Name">Path of the text below the corpus, without its extension.</param>
/// <param name="Text">The program.</param>
/// <param name="Expected">The resulting program, <c>evaluation failure</c> or <c>parse/decode error</c>.</param>
/// <param name="Budget">The units, or why there are none.</param>
/// <param name="Flat">The program in flat, when the case has one.</param>
/// <param name="FlatExpected">The result in flat, or why there is none.</param>
public sealed record ConformanceCase(
    string Name,
    string Text,
    string Expected,
    string Budget,
    ReadOnlyMemory<byte>? Flat = null,
    ReadOnlyMemory<byte>? FlatExpected = null
)
{
    /// <summary>The names of the cases below a folder, in order.</summary>
    public static IReadOnlyList<string> NamesBelow(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.uplc", SearchOption.AllDirectories)
                .Select(f => Path.ChangeExtension(Path.GetRelativePath(folder, f), null))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Reads a case by its name.</summary>
    public static ConformanceCase Load(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var flat = File.Exists(path + ".flat");
        return new ConformanceCase(
            name,
            File.ReadAllText(path + ".uplc"),
            File.ReadAllText(path + ".uplc.expected"),
            File.ReadAllText(path + ".budget.expected"),
            flat ? (ReadOnlyMemory<byte>?)File.ReadAllBytes(path + ".flat") : null,
            flat ? (ReadOnlyMemory<byte>?)File.ReadAllBytes(path + ".flat.expected") : null
        );
    }
}
