using System.Text.RegularExpressions;

namespace Masumi.Architecture.Tests;

/// <summary>What the compiler's analyzers enforce, and that nobody switches it off in passing.</summary>
public partial class SourcesTests
{
    // The defaults of what people install, and the program's composition root; everything else is handed clock and chance.
    private static readonly string[] MayUseBannedMembers = ["src/Agents/AgentOptions.cs", "src/Client/Buyer.cs", "src/Node/Hosting/Chance.cs"];

    // Tables of our own, digits that were looked at one by one, and what an operator types into a question.
    private static readonly string[] MayReadNumbersThemselves =
    [
        "src/Plutus/Bls12381/Fp.cs",
        "src/Plutus/Bls12381/HashToCurve.cs",
        "src/Plutus/Costs/CostModel.cs",
        "src/Plutus/Syntax/Scanner.cs",
        "src/Protocol/Hashing/CanonicalJson.cs",
        "src/Storage/MigrationModule.cs",
    ];

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
    [InlineData("T:System.Threading.Timer")]
    [InlineData("T:System.Timers.Timer")]
    [InlineData("M:System.Threading.Tasks.Task.Wait(System.Int32)")]
    [InlineData("M:System.Threading.Tasks.Task.Wait(System.TimeSpan)")]
    [InlineData("M:System.Threading.SpinWait.SpinUntil(System.Func{System.Boolean},System.Int32)")]
    [InlineData("M:System.Threading.SpinWait.SpinUntil(System.Func{System.Boolean},System.TimeSpan)")]
    [InlineData("M:System.IO.Path.GetRandomFileName")]
    [InlineData("M:System.IO.Path.GetTempFileName")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)")]
    public void Clock_and_chance_are_injected(string member) =>
        Assert.Contains(Checkout.Read("BannedSymbols.txt").Split('\n'), line => line.StartsWith(member + ";", StringComparison.Ordinal));

    [Fact]
    public void Banned_members_are_used_only_where_the_real_ones_are_made() =>
        Assert.Equal(
            MayUseBannedMembers,
            Checkout.Sources().Where(source => source.Text.Contains("RS0030", StringComparison.Ordinal)).Select(source => source.Path)
        );

    [Fact]
    public void A_warning_is_switched_off_by_its_name_and_never_all_of_them() =>
        Assert.Empty(Checkout.Sources().Where(source => EveryWarning().IsMatch(source.Text)).Select(source => source.Path));

    [Theory]
    [InlineData("#pragma warning disable\n", true)]
    [InlineData("  #  pragma  warning  disable // all of them\r\n", true)]
    [InlineData("#pragma warning disable /* all */", true)]
    [InlineData("#pragma warning disable CA1031 // why\n", false)]
    [InlineData("#pragma warning restore\n", false)]
    public void All_warnings_switched_off_are_found(string text, bool isFound) => Assert.Equal(isFound, EveryWarning().IsMatch(text));

    // .NET's own reading passes over NUL characters at the end; numbers from outside are read by Digits.
    [Fact]
    public void Numbers_in_text_are_read_by_one_function() =>
        Assert.Equal(
            MayReadNumbersThemselves,
            Checkout.Sources().Where(source => source.Path != "src/Shared/Digits.cs" && NumberReading().IsMatch(source.Text)).Select(source => source.Path)
        );

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
    public void What_becomes_a_package_is_a_library_that_people_install() =>
        Assert.Subset(
            AllowedArrows.Installed.ToHashSet(),
            Checkout.Projects.Where(each => (string?)each.File.Descendants("IsPackable").SingleOrDefault() == "true").Select(each => each.Project).ToHashSet()
        );

    [Fact]
    public void The_rule_for_awaits_in_libraries_names_exactly_the_libraries_that_people_install()
    {
        var section = LibrarySection().Match(Checkout.Read(".editorconfig"));
        Assert.Equal(AllowedArrows.Installed.Order(StringComparer.Ordinal), section.Groups["projects"].Value.Split(',').Order(StringComparer.Ordinal));
        Assert.Contains("dotnet_diagnostic.MA0004.severity = warning", section.Groups["rules"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_fifteen_methods_are_too_long_or_too_complex_and_each_says_why()
    {
        var rules = Checkout.Read(".editorconfig");
        Assert.Contains("dotnet_diagnostic.CA1502.severity = warning", rules, StringComparison.Ordinal);
        Assert.Contains("CA1502(Method): 20", Checkout.Read("CodeMetricsConfig.txt"), StringComparison.Ordinal);
        Assert.Contains("dotnet_diagnostic.MA0051.severity = warning", rules, StringComparison.Ordinal);
        Assert.Contains("MA0051.maximum_lines_per_method = 70", rules, StringComparison.Ordinal);

        var sources = Checkout.Sources().ToList();
        Assert.DoesNotContain(sources, source => Pragma().IsMatch(source.Text));

        // Attributes that stand together belong to one method.
        var methods = sources.SelectMany(source => Exempt().Matches(source.Text).Select(match => (source.Path, Attributes: match.Value.Trim()))).ToList();
        Assert.All(methods, method => Assert.DoesNotContain(method.Attributes.Split('\n'), line => !Justified().IsMatch(line)));
        Assert.InRange(methods.Count, 1, 15);
    }

    [GeneratedRegex(@"#[ \t]*pragma[ \t]+warning[ \t]+disable[ \t]*(?:$|[\r\n/])", RegexOptions.CultureInvariant)]
    private static partial Regex EveryWarning();

    [GeneratedRegex(
        @"\b(?:s?byte|u?short|u?int|u?long|nu?int|decimal|double|float|Half|U?Int(?:16|32|64|128)|BigInteger)\.(?:Try)?Parse\(",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex NumberReading();

    [GeneratedRegex(@"#pragma warning disable[^\n]*(CA1502|MA0051)", RegexOptions.CultureInvariant)]
    private static partial Regex Pragma();

    [GeneratedRegex(@"(?:[^\n]*SuppressMessage\([^\n]*(?:CA1502|MA0051)[^\n]*\n)+", RegexOptions.CultureInvariant)]
    private static partial Regex Exempt();

    [GeneratedRegex(@"Justification = ""[^""]{20,}""", RegexOptions.CultureInvariant)]
    private static partial Regex Justified();

    [GeneratedRegex(@"\[src/\{(?<projects>[A-Za-z,]+)\}/\*\*\.cs\]\n(?<rules>(?:(?!\[).*\n)*)", RegexOptions.CultureInvariant)]
    private static partial Regex LibrarySection();
}
