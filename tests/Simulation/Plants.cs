using System.Collections.Immutable;

namespace Masumi.Simulation;

/// <summary>A protection taken out on purpose, which the simulator must notice.</summary>
/// <param name="Name">Its word on the command line; the finding it brings back.</param>
/// <param name="About">What is taken out.</param>
/// <param name="Kinds">Under which faults it bites.</param>
/// <param name="Behaviours">With which jobs; empty for all.</param>
/// <param name="Expected">
/// The invariants that may be found broken; the first is the rule. None where another layer protects from the same: then all must hold.
/// </param>
internal sealed record Plant(string Name, string About, ImmutableArray<string> Kinds, ImmutableArray<Behaviour> Behaviours, ImmutableArray<string> Expected);

/// <summary>All of them. Which function of the engine each replaces stands in <c>Nodes/EngineUnderTest</c>.</summary>
internal static class Plants
{
    /// <summary>The table.</summary>
    public static readonly ImmutableArray<Plant> All =
    [
        new("P1", "a deal is free as soon as its transaction is found in a block", [Faults.ListBehind], [Behaviour.Honest], ["I1"]),
        new("P1a", "as P1, but what is paid anew still excludes what was tried before", [Faults.ListBehind], [Behaviour.Honest], []),
        new("P1b", "what is paid anew excludes nothing, but what is found in a block keeps its deal", [Faults.ListBehind], [Behaviour.Honest], []),
        new("P2", "what a point claimed to cover is never looked at again", [Faults.Blind, Faults.Half], [Behaviour.Honest], ["End", "I6", "I1"]),
        new("P3", "any tip is believed at once", [Faults.Time], [Behaviour.Honest, Behaviour.Unpaid], ["I4", "End", "I6", "I5"]),
        new("P5", "witnesses of a foreign lock are not looked at", [Faults.Forged], [Behaviour.Unpaid, Behaviour.Honest], ["I6"]),
        new("P6", "a refusal ends an attempt", [Faults.Refused, Faults.Deposit], [Behaviour.Honest], ["I1"]),
        new("P6a", "as P6, but what is paid anew still excludes what was refused", [Faults.Refused, Faults.Deposit], [Behaviour.Honest], []),
        new("P11", "a point is appended whatever the newest stored one is", [Faults.Fork, Faults.Stall], [Behaviour.Honest], ["I6"]),
        new("P12", "a tip below what was stored means caught up", [Faults.ShortFork, Faults.Behind, Faults.TipBehind], [Behaviour.Honest], ["I1"]),
        new("P12a", "as P12, but a deal whose lock was found stays taken", [Faults.ShortFork, Faults.Behind, Faults.TipBehind], [Behaviour.Honest], []),
        new("P13", "what a round decided is not checked again before it is signed", [Faults.Fork], [Behaviour.Honest], ["I1"]),
        new("P13a", "as P13, but a deal whose lock was found stays taken, and what is paid anew excludes it", [Faults.Fork], [Behaviour.Honest], []),
        new("H2", "a wrong lock parks the deal", [], [Behaviour.StrangerFirst, Behaviour.StrangerTerms], ["End", "I5", "I6"]),
        new("H3", "whoever is second waits for a person", [], [Behaviour.Race], ["End", "I5"]),
        new("O1", "the wallet's own history is not searched before paying", [Faults.Restore], [Behaviour.Honest], ["I1"]),
        new("RESTORE", "a restored copy pays at once", [Faults.RestoreWaiting, Faults.Deposit], [Behaviour.Honest], ["I1"]),
        new("O3", "deals are taken in their order, affordable or not", [], [Behaviour.Unaffordable, Behaviour.Honest], ["I9"]),
    ];

    /// <summary>The plant of a name.</summary>
    public static Plant? Find(string name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
}
