using System.Text.RegularExpressions;

namespace Masumi.Architecture.Tests;

/// <summary><c>docs/reliability.md</c> says of each fault what shows that it does no harm.</summary>
public partial class ReliabilityPageTests
{
    private static readonly string[] Findings =
    [
        .. Enumerable.Range(1, 15).Select(n => $"P{n}"),
        "H1",
        "H2",
        "H3",
        "H5",
        "H8",
        "O1",
        "O3",
        "O4",
        "O5",
        "O10",
        "R6",
        "R9",
        "R11",
    ];

    private static string Page { get; } = Checkout.Read("docs/reliability.md");

    [Fact]
    public void Every_test_it_names_exists()
    {
        var named = Named().Matches(Page);
        Assert.NotEmpty(named);
        Assert.Empty(named.Where(m => !Exists(m.Groups["project"].Value, m.Groups["test"].Value)).Select(m => m.Value).Distinct());
    }

    [Fact]
    public void Every_fault_and_finding_has_its_row()
    {
        var rows = Row().Matches(Page).SelectMany(m => m.Groups["id"].Captures.Select(c => c.Value)).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Enumerable.Range(1, 54).Select(n => $"F{n}").Concat(Findings).Except(rows));
    }

    // A row shows something, or says plainly that it does not.
    [Fact]
    public void A_row_without_a_test_says_so() =>
        Assert.DoesNotContain(
            Page.Split('\n'),
            line =>
                Row().IsMatch(line)
                && !Named().IsMatch(line)
                && !line.Contains("the same |", StringComparison.Ordinal)
                && !line.Contains("*later*", StringComparison.Ordinal)
                && !line.Contains("ot shown yet*", StringComparison.Ordinal)
        );

    private static bool Exists(string project, string test)
    {
        var (folder, parts) = (project == "Acceptance.Tests" ? "Acceptance" : project, test.Split('.'));
        return Directory
            .EnumerateFiles(Path.Combine(Checkout.Root, "tests", folder), "*.cs", SearchOption.AllDirectories)
            .Any(file =>
                File.ReadAllText(file) is var text && Regex.IsMatch(text, $@"class {parts[0]}\b") && text.Contains($" {parts[1]}(", StringComparison.Ordinal)
            );
    }

    [GeneratedRegex(@"`(?<project>\w+\.Tests)/(?<test>\w+\.\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| (?<id>[FPHOR]\d+)(, (?<id>[FPHOR]\d+))* ", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Row();
}
