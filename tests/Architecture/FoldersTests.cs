using Masumi.Arrows;

namespace Masumi.Architecture.Tests;

public class FoldersTests
{
    [Fact]
    public void The_folders_of_a_project_have_no_circles() => Exemptions.Judge(Rules.Circle, Rules.FoldersHaveNoCircles(Measured.House));

    [Fact]
    public void Folders_are_namespaces() => Exemptions.Judge(Rules.Namespace, Rules.FoldersAreNamespaces(Measured.House.Places));

    [Theory]
    [InlineData("", "Masumi.Contracts", true)]
    [InlineData("Escrow/V1", "Masumi.Contracts.Escrow.V1", true)]
    [InlineData("Escrow/V1", "Masumi.Contracts.Escrow", false)]
    [InlineData("", "Masumi.Contracts.Escrow", false)]
    [InlineData("Escrow", "Masumi.Cardano.Escrow", false)]
    public void A_namespace_spells_project_and_folder(string folder, string space, bool right) =>
        Assert.Equal(right, !Rules.FoldersAreNamespaces([new Place("Contracts", folder, space, "EscrowRules", Static: true)]).Any());

    [Fact]
    public void Types_are_found_where_they_are_written()
    {
        // With methods, without methods, in several files, nested: their folders come from the symbols.
        Assert.Contains(Measured.House.Places, place => place is { Project: "Chain", Folder: "", Type: "IChain" });
        Assert.Contains(Measured.House.Places, place => place is { Project: "Settlement", Folder: "Deals", Type: "DealSide" });
        Assert.Contains(Measured.House.Places, place => place is { Project: "Node", Folder: "", Type: "Program" });
        Assert.DoesNotContain(Measured.House.Places, place => place.Type.Contains('<', StringComparison.Ordinal));
    }
}
