using System.Collections.Immutable;
using System.Globalization;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation;

/// <summary>Makes scenarios from seeds.</summary>
internal static class Scenarios
{
    private const int MostKinds = 4;
    private const int MostOfAKind = 6;

    private static readonly Behaviour[] Drawn =
    [
        Behaviour.Honest,
        Behaviour.Honest,
        Behaviour.Honest,
        Behaviour.Honest,
        Behaviour.NeverDelivers,
        Behaviour.LateResult,
        Behaviour.DisputeThenAgree,
        Behaviour.DisputeThenRelease,
        Behaviour.EarlyRefund,
        Behaviour.Race,
        Behaviour.Dust,
        Behaviour.Unpaid,
        Behaviour.SecondLock,
        Behaviour.StrangerFirst,
        Behaviour.StrangerTerms,
        Behaviour.Unaffordable,
        Behaviour.AtDeadline,
        Behaviour.Ransom,
    ];

    /// <summary>
    /// The world of a number. Each draws one to four kinds of the faults, and how many and how strong they are: a fault that only bites with a second one is
    /// found where both are frequent.
    /// </summary>
    public static Scenario World(ulong seed, int number, int payments, ImmutableArray<string> kinds, ImmutableArray<Behaviour> behaviours, bool isQuiet)
    {
        var dice = new Dice(seed).Of("world", number);
        var actor = new Actor(dice, "scenario");
        var nodes = actor.Whole("nodes", 2, 4);

        // Who stands still does harm where another goes on meanwhile.
        var pairs = kinds.Contains(Faults.Stall) && kinds.Length < 5 ? 0.8 : 0.15;
        var shape = new Shape(nodes, Instances: !isQuiet && actor.Happens("instances", pairs) ? 2 : 1, Wallets: actor.Whole("wallets", 1, 2), BlockSeconds: 20)
        {
            Providers = !isQuiet && actor.Happens("providers", 0.25) ? actor.Whole("lines", 2, 3) : 1,
        };
        var jobs = Jobs(dice, actor, payments, nodes, behaviours);
        var faults = isQuiet || kinds.IsEmpty ? [] : Swarm(dice, actor, kinds, nodes, jobs);
        return new Scenario(dice.Seed, shape, jobs, faults);
    }

    private static ImmutableArray<Job> Jobs(Dice dice, Actor actor, int payments, int nodes, ImmutableArray<Behaviour> behaviours)
    {
        var jobs = ImmutableArray.CreateBuilder<Job>();
        var group = actor.Whole("group", 1, 10);
        var gap = actor.Whole("gap", 5, 90);
        var at = 60.0;
        for (var i = 0; i < payments; i++)
        {
            var luck = new Actor(dice, $"draw job {i}");
            at += i % group == 0 ? gap * (0.5 + luck.Fraction("gap")) : luck.Fraction("gap") * 2;
            var buyer = luck.Whole("buyer", 0, nodes - 1);
            var behaviour = behaviours.IsEmpty
                ? Drawn[luck.Whole("behaviour", 0, Drawn.Length - 1)]
                : behaviours[luck.Whole("behaviour", 0, behaviours.Length - 1)];
            jobs.Add(
                new Job(
                    i,
                    Math.Round(at, 2),
                    buyer,
                    (buyer + luck.Whole("seller", 1, nodes - 1)) % nodes,
                    luck.Happens("family", 0.35) ? "V1" : "V2",
                    behaviour == Behaviour.Unaffordable ? 1_000_000 : luck.Whole("ada", 5, 60),
                    behaviour
                )
            );
        }

        return jobs.ToImmutable();
    }

    private static ImmutableArray<Fault> Swarm(Dice dice, Actor actor, ImmutableArray<string> kinds, int nodes, ImmutableArray<Job> jobs)
    {
        var chosen = kinds
            .OrderBy(k => dice.Number(k, "choose", 0))
            .Take(Math.Min(kinds.Length, actor.Whole("kinds", 1, MostKinds)))
            .ToHashSet(StringComparer.Ordinal);
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var last = jobs.Length == 0 ? 60 : jobs[^1].At;
        foreach (var kind in Faults.All.Where(k => chosen.Contains(k.Name)))
        {
            var count = actor.Whole("count", 1, kind.IsOfTheWorld ? 3 * MostOfAKind : MostOfAKind);
            for (var i = 0; i < count; i++)
            {
                // Most of them where most happens: while jobs are agreed and paid; others until their ends.
                var late = dice.Fraction(kind.Name, "late", i) < 0.3;
                var fault = Faults.Draw(kind, dice, faults.Count, nodes, late ? last : 30, late ? last + 7000 : last + 120);
                faults.Add(!late && !jobs.IsEmpty && dice.Fraction(kind.Name, "meets", i) < 0.6 ? Meeting(fault, dice, jobs) : fault);
            }
        }

        return faults.ToImmutable();
    }

    // Chance alone seldom has a copy taken in the seconds between an agreement and its lock, and a coin come in before it is restored: such faults meet a job, and
    // often the same one.
    private static Fault Meeting(Fault fault, Dice dice, ImmutableArray<Job> jobs)
    {
        var luck = new Actor(dice, string.Create(CultureInfo.InvariantCulture, $"meeting {fault.Id}"));
        var favourite = new Actor(dice, "favourite").Whole("job", 0, jobs.Length - 1);
        var job = jobs[luck.Happens("the same", 0.5) ? favourite : luck.Whole("job", 0, jobs.Length - 1)];
        var (least, most) = fault.Kind switch
        {
            Faults.Restore or Faults.RestoreWaiting => (0, 15),
            Faults.Deposit => (4, 100),
            Faults.Delayed or Faults.Refused or Faults.Swallowed => (-20, 10),
            _ => (-20, 70),
        };
        return fault with
        {
            At = Math.Round(Math.Max(20, job.At + least + ((most - least) * Math.Pow(luck.Fraction("after"), 2))), 2),
            Amount = fault.Kind == Faults.Deposit ? Math.Max(fault.Amount, 2_000) : fault.Amount,
            For = fault.Kind == Faults.Restore ? Math.Round(5 + ((fault.For - 5) * Math.Pow(luck.Fraction("soon"), 2)), 2) : fault.For,
            Who =
                fault.Who < 0 ? -1
                : luck.Happens("buyer", 0.7) ? job.Buyer
                : job.Seller,
        };
    }
}
