namespace Masumi.Architecture.Tests;

public class FoldersTests
{
    [Fact]
    public void The_folders_of_a_project_have_no_circles() => Exemptions.Judge(Rules.Circle, Rules.FoldersHaveNoCircles(Measured.House));

    [Fact]
    public void Folders_are_namespaces() => Exemptions.Judge(Rules.Namespace, Rules.FoldersAreNamespaces(Measured.House));
}
