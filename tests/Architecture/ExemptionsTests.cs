namespace Masumi.Architecture.Tests;

public class ExemptionsTests
{
    private static readonly string[] Rebuilt = ["Api", "Node", "Payments", "Registry", "Settlement"];

    [Fact]
    public void The_exemptions_only_become_fewer() =>
        Assert.Equal(
            Exemptions.Left.OrderBy(pair => pair.Key),
            Exemptions.All.GroupBy(each => each.Issue).Select(group => KeyValuePair.Create(group.Key, group.Count())).OrderBy(pair => pair.Key)
        );

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
