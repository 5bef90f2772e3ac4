using System.Collections.Immutable;

namespace Masumi.Simulation.Suites;

/// <summary>Histories that once failed, as short as they could be made; they lie beside the program.</summary>
internal static class Kept
{
    /// <summary>Those of a plant: its name, or its name and a dash and more.</summary>
    public static ImmutableArray<Scenario> Of(string plant)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Kept");
        return !Directory.Exists(folder)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(folder, "*.txt")
                    .Where(f => Path.GetFileNameWithoutExtension(f) is var name && (name == plant || name.StartsWith($"{plant}-", StringComparison.Ordinal)))
                    .Order(StringComparer.Ordinal)
                    .SelectMany(f => File.ReadLines(f).Where(l => l.StartsWith('{')).Select(Scenario.Parse)),
            ];
    }
}
