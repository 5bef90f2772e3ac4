using System.Text.RegularExpressions;

namespace Masumi.Architecture.Tests;

public partial class ExemptionsTests
{
    private static readonly string[] Rebuilt = ["Api", "Node", "Payments", "Registry", "Settlement"];

    private const string List = "tests/Architecture/Exemptions.cs";

    // A list in the same file would be edited together with it; what was committed cannot be.
    [Fact]
    public void The_exemptions_only_become_fewer()
    {
        if (History.Before(List) is not { } before)
        {
            Assert.Skip("There is no git history to compare with: git, and a merge base with origin/main or a parent commit.");
            return;
        }

        Assert.Empty(More(before, Checkout.Read(List)));
        Assert.Equal(Exemptions.All.Count, Lines(Checkout.Read(List)).Count);
    }

    [Fact]
    public void An_exemption_that_is_added_or_moved_to_another_rule_is_found()
    {
        const string Before = """
            (13, Rules.Store, "A", "B"),
            (13, Rules.Store, "A", "C"),
            """;
        Assert.Empty(More(Before, """(13, Rules.Store, "A/Moved", "B"),"""));
        Assert.Equal(["13 Store: was 2 and is 3"], More(Before, Before + "\n" + """(13, Rules.Store, "A", "D"),"""));
        Assert.Equal(["13 Face"], More(Before, """(13, Rules.Face, "A", "B"),""").Select(m => m.Split(':')[0]));
        Assert.Equal(["14 Store"], More(Before, """(14, Rules.Store, "A", "B"),""").Select(m => m.Split(':')[0]));
    }

    // Files move, so it is the number for each issue and rule that never grows.
    private static List<string> More(string before, string now)
    {
        var was = Lines(before).CountBy(line => line).ToDictionary();
        return
        [
            .. Lines(now)
                .CountBy(line => line)
                .Where(line => line.Value > was.GetValueOrDefault(line.Key))
                .Select(line => $"{line.Key}: was {was.GetValueOrDefault(line.Key)} and is {line.Value}"),
        ];
    }

    private static List<string> Lines(string text) => [.. Line().Matches(text).Select(match => $"{match.Groups["issue"]} {match.Groups["rule"]}")];

    [GeneratedRegex(@"^\s*\((?<issue>[0-9]+), Rules\.(?<rule>\w+), """, RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Line();

    [Fact]
    public void Only_projects_that_are_rebuilt_have_exemptions() =>
        Assert.All(Exemptions.All, each => Assert.Contains(each.Violation.From.Split('/')[0], Rebuilt));

    [Fact]
    public void A_violation_that_is_not_exempt_fails()
    {
        var fault = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Exemptions.Judge("rule", [new Violation("rule", "Cardano", "Settlement")], []));
        Assert.Contains("forbidden (rule): Cardano -> Settlement", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exemption_that_nothing_needs_any_more_fails()
    {
        var fault = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() =>
            Exemptions.Judge("rule", [], [new Exemption(13, new Violation("rule", "Cardano", "Settlement"))])
        );
        Assert.Contains("no longer true", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exempt_violation_passes()
    {
        var known = new Violation("rule", "Cardano", "Settlement");
        Exemptions.Judge("rule", [known], [new Exemption(13, known), new Exemption(13, new Violation("another rule", "Cardano", "Settlement"))]);
    }
}
