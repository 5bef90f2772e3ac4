using System.Collections.Immutable;
using Masumi.Simulation.Nodes;

namespace Masumi.Simulation;

/// <summary>
/// When nothing happens for a while: no job is agreed on and no fault is on, just before or just after. Then blocks and looks may be minutes apart; nine tenths of
/// a world would else be rounds in which nothing is.
/// </summary>
internal sealed class Calm
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(7);

    private readonly ImmutableArray<(DateTimeOffset From, DateTimeOffset To)> _busy;
    private int _next;

    public Calm(Scenario scenario) => _busy = Busy(scenario);

    /// <summary>Whether it is calm now; asked in the order of time.</summary>
    public bool IsAt(DateTimeOffset now)
    {
        while (_next < _busy.Length && _busy[_next].To <= now)
        {
            _next++;
        }

        return _next == _busy.Length || now < _busy[_next].From;
    }

    private static ImmutableArray<(DateTimeOffset From, DateTimeOffset To)> Busy(Scenario scenario)
    {
        var busy = ImmutableArray.CreateBuilder<(DateTimeOffset From, DateTimeOffset To)>();
        var happenings = scenario.Jobs.Select(j => (From: j.At, To: j.At)).Concat(scenario.Faults.Select(f => (From: f.At, To: f.At + f.For)));
        foreach (var (from, to) in happenings.Select(h => (Materials.Start.AddSeconds(h.From) - Ahead, Materials.Start.AddSeconds(h.To) + Behind)).Order())
        {
            if (busy.Count > 0 && from <= busy[^1].To)
            {
                busy[^1] = (busy[^1].From, to > busy[^1].To ? to : busy[^1].To);
            }
            else
            {
                busy.Add((from, to));
            }
        }

        return busy.ToImmutable();
    }
}
