using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation;

/// <summary>The faults that are on, and whether one bites a given call: by the fault's own dice.</summary>
internal sealed class Weather(Dice dice)
{
    private readonly List<On> _on = [];

    /// <summary>A fault begins. <paramref name="view"/>: the newest view then.</summary>
    public void Begin(Fault fault, int view) => _on.Add(new On(fault, view, new Actor(dice, $"bite {fault.Id}")));

    /// <summary>It is over.</summary>
    public void End(Fault fault) => _on.RemoveAll(o => o.Fault.Id == fault.Id);

    /// <summary>True while a fault of the kind is on at the node, whether it bites or not.</summary>
    public bool Has(int node, string kind) => _on.Exists(o => o.IsAt(node, kind));

    /// <summary>A fault of the kind that bites this call of the node; null when none does.</summary>
    public On? Bites(int node, string kind, string call)
    {
        foreach (var on in _on)
        {
            if (on.IsAt(node, kind) && (on.Fault.Rate >= 1 || on.Luck.Happens(call, on.Fault.Rate)))
            {
                return on;
            }
        }

        return null;
    }

    /// <summary>A fault that is on.</summary>
    /// <param name="Fault">Which.</param>
    /// <param name="View">The newest view when it began.</param>
    /// <param name="Luck">Its dice.</param>
    public sealed record On(Fault Fault, int View, Actor Luck)
    {
        public bool IsAt(int node, string kind) => Fault.Kind == kind && (Fault.Who < 0 || Fault.Who == node);
    }
}
