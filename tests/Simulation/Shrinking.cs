using System.Collections.Immutable;

namespace Masumi.Simulation;

/// <summary>Makes a failing scenario as short as it still fails: leaves out halves, quarters, ... single jobs and faults, then makes what is left smaller.</summary>
internal sealed class Shrinking(Func<Scenario, bool> fails, int most)
{
    /// <summary>How many scenarios were run.</summary>
    public int Runs { get; private set; }

    /// <summary>The shortest that was found.</summary>
    public Scenario Shrink(Scenario scenario)
    {
        while (Runs < most)
        {
            var before = scenario;
            scenario = Fewer(scenario, s => s.Faults, (s, faults) => s with { Faults = faults });
            scenario = Fewer(scenario, s => s.Jobs, (s, jobs) => s with { Jobs = jobs });
            scenario = Smaller(scenario);
            if (ReferenceEquals(before, scenario))
            {
                break;
            }
        }

        return scenario;
    }

    private Scenario Fewer<T>(Scenario scenario, Func<Scenario, ImmutableArray<T>> get, Func<Scenario, ImmutableArray<T>, Scenario> set)
    {
        for (var size = Math.Max(1, get(scenario).Length / 2); ; size = Math.Max(1, size / 2))
        {
            var removed = false;
            for (var at = get(scenario).Length - size; at > -size; at -= size)
            {
                var items = get(scenario);
                var from = Math.Max(0, at);
                var count = Math.Min(size, items.Length - from);
                if (count > 0 && Try(set(scenario, items.RemoveRange(from, count)), ref scenario))
                {
                    removed = true;
                }
            }

            if (size == 1 && !removed)
            {
                return scenario;
            }
        }
    }

    private Scenario Smaller(Scenario scenario)
    {
        for (var i = 0; i < scenario.Faults.Length; i++)
        {
            while (scenario.Faults[i].For > 1 && Try(With(scenario, i, f => f with { For = Math.Round(f.For / 2, 2) }), ref scenario)) { }

            while (scenario.Faults[i].Amount > 1 && Try(With(scenario, i, f => f with { Amount = f.Amount / 2 }), ref scenario)) { }

            if (scenario.Faults[i].Rate is > 0 and < 1)
            {
                Try(With(scenario, i, f => f with { Rate = 1 }), ref scenario);
            }
        }

        for (var i = 0; i < scenario.Jobs.Length; i++)
        {
            if (scenario.Jobs[i].Behaviour != Behaviour.Honest)
            {
                Try(scenario with { Jobs = scenario.Jobs.SetItem(i, scenario.Jobs[i] with { Behaviour = Behaviour.Honest }) }, ref scenario);
            }
        }

        var shape = scenario.Shape;
        foreach (var smaller in new[] { shape with { Instances = 1 }, shape with { Wallets = 1 } })
        {
            if (smaller != scenario.Shape)
            {
                Try(scenario with { Shape = smaller }, ref scenario);
            }
        }

        return scenario;
    }

    private static Scenario With(Scenario scenario, int fault, Func<Fault, Fault> change) =>
        scenario with
        {
            Faults = scenario.Faults.SetItem(fault, change(scenario.Faults[fault])),
        };

    private bool Try(Scenario candidate, ref Scenario best)
    {
        if (Runs >= most)
        {
            return false;
        }

        Runs++;
        if (!fails(candidate))
        {
            return false;
        }

        best = candidate;
        return true;
    }
}
