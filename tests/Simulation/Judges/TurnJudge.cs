using System.Globalization;
using Masumi.Simulation.Parties;

namespace Masumi.Simulation.Judges;

/// <summary>
/// I9: what is affordable gets its turn soon. A purchase in quiet times is offered within two windows and the round under way; one that was hindered has its turn
/// once nothing hinders any more and there is time left to pay.
/// </summary>
internal sealed class TurnJudge(Scenario scenario, Verdicts verdicts)
{
    /// <summary>Two windows of a second each, the round under way and its own: each up to dozens of calls of up to 0.4 s.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    /// <summary>Who buys at the last moment buys in the calm, where the simulator itself lets blocks and looks be minutes apart (Calm).</summary>
    private static readonly TimeSpan SoonInTheCalm = TimeSpan.FromMinutes(6.5);

    /// <summary>The longest that anything pauses after a fault: a circuit, a retry, the hold of a copy, an attempt that must expire first.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(15);

    /// <summary>A lock is made until this long before the time to pay is over.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(6);

    private readonly Dictionary<int, DateTimeOffset> _offered = [];

    /// <summary>A node offers a lock for these jobs.</summary>
    public void Offered(IEnumerable<int> jobs, DateTimeOffset now)
    {
        foreach (var job in jobs)
        {
            _offered.TryAdd(job, now);
        }
    }

    /// <summary>Judges a job that its buyer took at a time. <paramref name="isKnown"/>: the buyer's node knows it still, and nothing but its own decision holds it back.</summary>
    public void Judge(Agreement agreement, DateTimeOffset bought, bool isKnown)
    {
        var job = agreement.Job;
        if (job.Behaviour is Behaviour.Unaffordable or Behaviour.Unpaid or Behaviour.Ransom)
        {
            return;
        }

        DateTimeOffset? offered = _offered.TryGetValue(job.Id, out var at) ? at : null;
        var last = agreement.Deadlines.PayBy - Margin;
        var trouble = Hindered(job, bought, last);
        var turn = trouble is { } until ? until + Recovery : bought;
        var latest = turn + (job.Behaviour == Behaviour.AtDeadline ? SoonInTheCalm : Soon);
        if (latest < last && (offered ?? DateTimeOffset.MaxValue) > latest && (offered is not null || isKnown))
        {
            verdicts.Add(
                "I9",
                $"{job.Id}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"job {job.Id} ({job.Behaviour}) was taken at {bought:HH:mm:ss}, nothing hindered it since {turn:HH:mm:ss}, and it was {(offered is { } o ? $"offered at {o:HH:mm:ss}" : "never offered")}"
                ),
                job.Id
            );
        }
    }

    // When the last fault that could hinder it ends; null when there is none. Faults follow one upon the other as long as less than a recovery lies between them.
    private DateTimeOffset? Hindered(Job job, DateTimeOffset bought, DateTimeOffset last)
    {
        DateTimeOffset? until = null;
        foreach (var fault in scenario.Faults.Where(f => f.Who < 0 || f.Who == job.Buyer).OrderBy(f => f.At))
        {
            var (from, to) = (Nodes.Materials.Start.AddSeconds(fault.At), Nodes.Materials.Start.AddSeconds(fault.At + fault.For));
            if (from < last && to + Recovery > (until ?? bought))
            {
                until = until is { } known && known > to ? known : to;
            }
        }

        return until;
    }
}
