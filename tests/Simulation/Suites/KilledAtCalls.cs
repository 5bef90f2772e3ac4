using System.Collections.Immutable;

namespace Masumi.Simulation.Suites;

/// <summary>One payment, over and over: each time a process of the buyer, or of the seller, dies at a later call, while it waits for the answer.</summary>
internal static class KilledAtCalls
{
    // A life that was killed makes more calls than one that was not, at its end.
    private const double More = 1.1;

    private static readonly string[] Families = ["V2", "V1"];

    /// <summary>The scenarios; <paramref name="every"/>: which calls. <paramref name="run"/> finds out how many calls there are.</summary>
    public static ImmutableArray<Scenario> Scenarios(ulong seed, int every, Func<Scenario, WorldResult> run)
    {
        var scenarios = ImmutableArray.CreateBuilder<Scenario>();
        foreach (var family in Families)
        {
            var payment = new Scenario(
                new Scheduling.Dice(seed).Of("killed", 1).Seed,
                new Shape(2, 1, 1, 20),
                [new Job(0, 60, 0, 1, family, 25, Behaviour.Honest)],
                []
            );
            var calls = run(payment).Calls;
            for (var node = 0; node < calls.Length; node++)
            {
                for (var call = 1; call <= calls[node] * More; call += every)
                {
                    scenarios.Add(payment with { Faults = [new Fault(0, Faults.KillAt, 0, 5, node, call, 1)] });
                }
            }
        }

        return scenarios.ToImmutable();
    }
}
