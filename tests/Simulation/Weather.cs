using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation;

/// <summary>The faults that are on, and whether one bites a given call: by the fault's own dice.</summary>
/// <param name="dice">Whose luck.</param>
/// <param name="lines">How many providers a node has; a fault of a provider befalls one of them.</param>
internal sealed class Weather(Dice dice, int lines = 1)
{
    private readonly List<On> _on = [];

    /// <summary>A fault begins. <paramref name="view"/>: the newest view then.</summary>
    public void Begin(Fault fault, int view) => _on.Add(new On(fault, view, new Actor(dice, $"bite {fault.Id}")));

    /// <summary>It is over.</summary>
    public void End(Fault fault) => _on.RemoveAll(o => o.Fault.Id == fault.Id);

    /// <summary>True while a fault of the kind is on at the node, whether it bites or not.</summary>
    public bool Has(int node, string kind, int line = -1) => _on.Exists(o => o.IsAt(node, kind) && IsOn(o, line));

    /// <summary>A fault of the kind that is on at other nodes alone; null when there is none.</summary>
    public On? Elsewhere(int node, string kind) => _on.Find(o => o.Fault.Kind == kind && o.Fault.Who >= 0 && o.Fault.Who != node);

    /// <summary>A fault of the kind that bites this call of the node; null when none does.</summary>
    public On? Bites(int node, string kind, string call, int line = -1)
    {
        foreach (var on in _on)
        {
            if (on.IsAt(node, kind) && IsOn(on, line) && (on.Fault.Rate >= 1 || on.Luck.Happens(call, on.Fault.Rate)))
            {
                return on;
            }
        }

        return null;
    }

    private bool IsOn(On on, int line) => line < 0 || on.Fault.Id % lines == line;

    /// <summary>A fault that is on.</summary>
    /// <param name="Fault">Which.</param>
    /// <param name="View">The newest view when it began.</param>
    /// <param name="Luck">Its dice.</param>
    public sealed record On(Fault Fault, int View, Actor Luck)
    {
        public bool IsAt(int node, string kind) => Fault.Kind == kind && (Fault.Who < 0 || Fault.Who == node);
    }
}
