namespace Masumi.Architecture.Tests;

/// <summary>
/// What breaks a rule today and in which issue it ends. Nothing is added here: a rule that is broken anew is a fault, and the list is held
/// against what it was (<see cref="ExemptionsTests"/>). A line whose violation is gone must go too.
/// </summary>
internal static class Exemptions
{
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
            // 15. Keys that cannot overspend.
            (15, Rules.Store, "Payments/Keys/ApiKeyStore", "System.TimeProvider"),
            // 18. The registry service.
            (18, Rules.Face, "Registry/Agents/AgentQueries", "Registry/RegistryStore"),
            (18, Rules.Face, "Registry/Keys/KeyEndpoints", "Registry/Keys/RegistryKeys"),
            (18, Rules.Face, "Registry/RegistryApi", "Registry/Keys/RegistryKeys"),
            (18, Rules.Face, "Registry/RegistryApi", "Registry/RegistryStore"),
            (18, Rules.Face, "Registry/RegistryApi", "Storage/IDatabase"),
            (18, Rules.Store, "Registry/Keys/RegistryKeys", "System.TimeProvider"),
            (18, Rules.Store, "Registry/RegistryStore", "System.TimeProvider"),
            (18, Rules.Circle, "Registry", ". Agents"),
        ];
}
