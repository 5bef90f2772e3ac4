using System.Collections.Immutable;

namespace Masumi.Simulation.Judges;

/// <summary>Something that must never be, was.</summary>
/// <param name="Kind">The invariant: I1 to I9, D1, End, Always.</param>
/// <param name="Text">What was seen.</param>
/// <param name="At">When.</param>
/// <param name="Jobs">The jobs it is about.</param>
internal sealed record Violation(string Kind, string Text, DateTimeOffset At, ImmutableArray<int> Jobs);

/// <summary>Collects them; each kind once for each thing.</summary>
internal sealed class Verdicts(Func<DateTimeOffset> now, Action<string, string> tell)
{
    /// <summary>The gravest first.</summary>
    public static readonly ImmutableArray<string> Order = ["I1", "D1", "I3", "I4", "I8", "End", "I2", "I5", "I6", "I7", "I9", "Always"];

    private readonly List<Violation> _found = [];
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>What was found, the gravest first.</summary>
    public ImmutableArray<Violation> Found => [.. _found.OrderBy(v => Order.IndexOf(v.Kind)).ThenBy(v => v.At)];

    /// <summary>Notes one.</summary>
    public void Add(string kind, string about, string text, params ImmutableArray<int> jobs)
    {
        if (_said.Add($"{kind} {about}"))
        {
            _found.Add(new Violation(kind, text, now(), jobs));
            tell("judge", $"{kind}: {text}");
        }
    }
}
