using System.Collections.Immutable;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Simulation;

/// <summary>
/// Which states the deals of a world were in while which faults were on: what was never tried together proves nothing. A fault meets a deal when it is the whole
/// world's, or its buyer's or seller's node's.
/// </summary>
internal sealed class Coverage
{
    /// <summary>Agreed on, and no lock of ours on chain.</summary>
    public const string Agreed = "Agreed";

    /// <summary>Locked, and the escrow is gone.</summary>
    public const string Over = "Over";

    /// <summary>All states, in the order of a deal's life.</summary>
    public static readonly ImmutableArray<string> States = [Agreed, .. Enum.GetNames<EscrowState>(), Over];

    // A fork or a deposit takes no time; what comes of it does.
    private const double Least = 60;

    private readonly ImmutableArray<Fault> _faults;
    private readonly Dictionary<int, (Job Job, List<(double At, string State)> States)> _deals;

    public Coverage(Scenario scenario)
    {
        _faults = scenario.Faults;
        _deals = scenario.Jobs.ToDictionary(j => j.Id, j => (j, new List<(double, string)> { (j.At, Agreed) }));
    }

    /// <summary>The chain shows another state of a job's deal.</summary>
    public void Note(int job, TimeSpan at, string state) => _deals[job].States.Add((at.TotalSeconds, state));

    /// <summary>Deals by 'state x fault'; a world without faults is quiet.</summary>
    public ImmutableSortedDictionary<string, int> Cells()
    {
        var cells = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (job, states) in _deals.Values)
        {
            foreach (var cell in (_faults.IsEmpty ? states.Select(s => $"{s.State} x quiet") : Met(job, states)).Distinct(StringComparer.Ordinal))
            {
                cells[cell] = cells.GetValueOrDefault(cell) + 1;
            }
        }

        return cells.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private IEnumerable<string> Met(Job job, List<(double At, string State)> states) =>
        from fault in _faults
        where fault.Who < 0 || fault.Who == job.Buyer || fault.Who == job.Seller
        from i in Enumerable.Range(0, states.Count)
        let until = i + 1 < states.Count ? states[i + 1].At : double.MaxValue
        where states[i].At < fault.At + Math.Max(fault.For, Least) && until > fault.At
        select $"{states[i].State} x {fault.Kind}";
}
