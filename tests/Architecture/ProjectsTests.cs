using Masumi.Arrows;

namespace Masumi.Architecture.Tests;

public class ProjectsTests
{
    [Fact]
    public void A_project_uses_only_what_its_row_allows() =>
        Exemptions.Judge(Rules.Project, Rules.ProjectsUseOnlyWhatTheyMay(Measured.House, AllowedArrows.ByProject));

    [Fact]
    public void Every_project_has_a_row_and_every_row_a_project() =>
        Assert.Equal(Checkout.Projects.Select(each => each.Project), AllowedArrows.Rows.Select(row => row.Project).Order(StringComparer.Ordinal));

    [Fact]
    public void A_row_names_only_rows_above_it()
    {
        var above = new List<string>();
        foreach (var (project, mayUse) in AllowedArrows.Rows)
        {
            Assert.All(mayUse, used => Assert.Contains(used, above));
            above.Add(project);
        }
    }

    [Fact]
    public void A_project_file_references_exactly_the_projects_that_its_code_uses()
    {
        var used = Measured.House.BetweenProjects().Select(arrow => $"{arrow.From} -> {arrow.To}");
        var referenced = Checkout.Projects.SelectMany(each =>
            each.File.Descendants("ProjectReference").Select(reference => $"{each.Project} -> {reference.Attribute("Include")!.Value.Split('/')[^2]}")
        );
        Assert.Equal(used.Order(StringComparer.Ordinal), referenced.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_projects_that_serve_HTTP_reference_ASP_NET_Core()
    {
        Assert.Equal(AllowedArrows.Web, Checkout.Projects.Where(each => each.File.Descendants("FrameworkReference").Any()).Select(each => each.Project));
        Assert.All(Checkout.Projects, each => Assert.Equal("Microsoft.NET.Sdk", each.File.Root!.Attribute("Sdk")!.Value));
        Assert.DoesNotContain("FrameworkReference", Checkout.Read("Directory.Build.props"), StringComparison.Ordinal);

        // Packages could bring it in as well.
        Assert.Empty(
            Measured
                .House.ForeignUses.Where(use =>
                    use.Assembly.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && !AllowedArrows.Web.Contains(use.From.Project)
                )
                .Select(use => $"{use.From} uses {use.Type}")
        );
    }

    [Fact]
    public void The_guide_shows_the_arrows_that_really_are() =>
        Assert.Contains($"```mermaid\n{Picture.Mermaid(Measured.House.BetweenProjects())}```\n", Checkout.Read("docs/guide.md"), StringComparison.Ordinal);
}
