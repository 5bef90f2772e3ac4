using System.Text.RegularExpressions;

namespace Masumi.Architecture.Tests;

/// <summary>What the compiler's analyzers enforce, and that nobody switches it off in passing.</summary>
public partial class SourcesTests
{
    // The defaults of what people install, and the program's composition root; everything else is handed clock and chance.
    private static readonly string[] MayUseBannedMembers = ["src/Agents/AgentOptions.cs", "src/Client/Buyer.cs", "src/Node/Hosting/Chance.cs"];

    [Fact]
    public void Members_are_banned_in_all_of_src()
    {
        var props = Checkout.Read("Directory.Build.props");
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", props, StringComparison.Ordinal);
        Assert.Contains("BannedSymbols.txt", props, StringComparison.Ordinal);
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", props, StringComparison.Ordinal);
        Assert.All(Checkout.Projects, each => Assert.DoesNotContain("RS0030", each.File.ToString(), StringComparison.Ordinal));
        Assert.All(Checkout.Projects, each => Assert.DoesNotContain("<TreatWarningsAsErrors", each.File.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("RS0030", Checkout.Read(".editorconfig"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P:System.DateTime.Now")]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("M:System.Guid.NewGuid")]
    [InlineData("P:System.Random.Shared")]
    [InlineData("T:System.Diagnostics.Stopwatch")]
    [InlineData("M:System.Security.Cryptography.RandomNumberGenerator.GetBytes(System.Int32)")]
    [InlineData("M:System.Threading.CancellationTokenSource.#ctor(System.TimeSpan)")]
    [InlineData("M:System.Threading.CancellationTokenSource.CancelAfter(System.TimeSpan)")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)")]
    public void Clock_and_chance_are_injected(string member) =>
        Assert.Contains(Checkout.Read("BannedSymbols.txt").Split('\n'), line => line.StartsWith(member + ";", StringComparison.Ordinal));

    [Fact]
    public void Banned_members_are_used_only_where_the_real_ones_are_made() =>
        Assert.Equal(MayUseBannedMembers, Checkout.Sources().Where(source => source.Text.Contains("RS0030", StringComparison.Ordinal)).Select(source => source.Path));

    [Fact]
    public void Awaits_in_programs_and_services_have_no_ConfigureAwait() =>
        Assert.Empty(
            Checkout
                .Sources()
                .Where(source => !AllowedArrows.Installed.Contains(source.Path.Split('/')[1]))
                .Where(source => source.Text.Contains("ConfigureAwait(", StringComparison.Ordinal))
                .Select(source => source.Path)
        );

    [Fact]
    public void The_rule_for_awaits_in_libraries_names_exactly_the_libraries_that_people_install()
    {
        var section = LibrarySection().Match(Checkout.Read(".editorconfig"));
        Assert.Equal(AllowedArrows.Installed.Order(StringComparer.Ordinal), section.Groups["projects"].Value.Split(',').Order(StringComparer.Ordinal));
        Assert.Contains("dotnet_diagnostic.MA0004.severity = warning", section.Groups["rules"].Value, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[src/\{(?<projects>[A-Za-z,]+)\}/\*\*\.cs\]\n(?<rules>(?:(?!\[).*\n)*)", RegexOptions.CultureInvariant)]
    private static partial Regex LibrarySection();
}
