using System.Collections.Immutable;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Judges;

namespace Masumi.Simulation.Tests;

/// <summary>
/// The scenarios that are kept, one file for each plant and one for each fault the engine had: short histories in which something went wrong once. Whoever makes
/// a plant without effect, or a judge blind, fails here; and so does whoever brings the fault back. A history is its jobs and faults; how long each answer takes
/// is luck, which any change of the engine shifts, so that a plant is given a few lucks to do its harm.
/// </summary>
public sealed class KeptScenariosTests
{
    private const ulong Lucks = 24;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Kept");

    /// <summary>Plants that must be found.</summary>
    public static TheoryData<string> Found => [.. Plants.All.Where(p => !p.Expected.IsEmpty).Select(p => p.Name)];

    /// <summary>Every file.</summary>
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Found))]
    public void A_protection_that_is_taken_out_is_missed_in_its_kept_scenario_and_only_then(string plant)
    {
        var expected = Plants.Find(plant)!.Expected[0];

        var found = Enumerable
            .Range(0, (int)Lucks)
            .Select(luck => WithLuck(Read(plant), (ulong)luck))
            .FirstOrDefault(s => Run(s, plant, expected).Any(v => v.Kind == expected));

        Assert.NotNull(found);
        Assert.Empty(Run(found, null, null));
        foreach (var half in Plants.All.Where(p => p.Expected.IsEmpty && p.Name[..^1] == plant))
        {
            Assert.Empty(Run(found, half.Name, null));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_kept_scenario_holds_with_the_engine_as_it_is(string file) => Assert.Empty(Run(Read(file), null, null));

    private static Scenario WithLuck(Scenario scenario, ulong luck) => scenario with { Seed = scenario.Seed + luck };

    private static ImmutableArray<Violation> Run(Scenario scenario, string? plant, string? stopAt)
    {
        using var disks = new SqliteDisks();
        return World.Run(scenario, new WorldOptions(disks, plant, StopAt: stopAt)).Violations;
    }

    private static Scenario Read(string name) => Scenario.Parse(Assert.Single(File.ReadLines(Path.Combine(Folder, name + ".txt")), l => l.StartsWith('{')));
}
