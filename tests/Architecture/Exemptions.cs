namespace Masumi.Architecture.Tests;

/// <summary>
/// What breaks a rule today and in which issue it ends. Nothing is added here: a rule that is broken anew is a fault. A line whose violation is gone must go too,
/// and the number of its issue below is lowered with it.
/// </summary>
internal static class Exemptions
{
    /// <summary>How many lines each issue has left to empty. These numbers only fall.</summary>
    public static readonly IReadOnlyDictionary<int, int> Left = new Dictionary<int, int> { };

    /// <summary>The lines.</summary>
    public static readonly IReadOnlyList<Exemption> All = [.. Lines().Select(line => new Exemption(line.Issue, new Violation(line.Rule, line.From, line.To)))];

    /// <summary>Fails when something breaks the rule without an exemption, or an exemption of the rule is not needed any more.</summary>
    public static void Judge(string rule, IEnumerable<Violation> violations) => Judge(rule, [.. violations], All);

    /// <summary>The same against given exemptions.</summary>
    public static void Judge(string rule, IReadOnlyList<Violation> violations, IReadOnlyList<Exemption> exemptions)
    {
        var exempt = exemptions.Select(each => each.Violation).Where(each => each.Rule == rule).ToList();
        var news = violations.Distinct().Except(exempt).Select(each => $"forbidden ({rule}): {each.From} -> {each.To}");
        var stale = exempt.Except(violations).Select(each => $"no longer true, take it out of the exemptions ({rule}): {each.From} -> {each.To}");
        var faults = news.Concat(stale).Order(StringComparer.Ordinal).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static (int Issue, string Rule, string From, string To)[] Lines() =>
        [
        ];
}
