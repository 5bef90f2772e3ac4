using System.Reflection.Emit;
using Masumi.Arrows;

namespace Masumi.Architecture.Tests;

/// <summary>The rules see what they forbid: assemblies are made that break them.</summary>
public class ForbiddenArrowsTests
{
    private const string Engine = "Masumi.Settlement.Engine.SettlementEngine";

    [Fact]
    public void A_library_that_uses_the_engine_is_seen()
    {
        var settlement = new MadeAssembly("Settlement");
        var engine = settlement.Type(Engine);
        var cardano = new MadeAssembly("Cardano");
        cardano.Field(cardano.Type("Masumi.Cardano.Building.Fees"), engine);
        Assert.Equal(
            [new Violation(Rules.Project, "Cardano", "Settlement")],
            Rules.ProjectsUseOnlyWhatTheyMay(Measure(settlement, cardano), AllowedArrows.ByProject)
        );
    }

    [Fact]
    public void A_type_that_occurs_only_in_an_instruction_is_seen()
    {
        var settlement = new MadeAssembly("Settlement");
        var start = settlement.Method(settlement.Type(Engine), code => { });
        var ledger = new MadeAssembly("Ledger");
        ledger.Method(ledger.Type("Masumi.Ledger.Conway"), code => code.Emit(OpCodes.Call, start));
        Assert.Equal(
            [new Violation(Rules.Project, "Ledger", "Settlement")],
            Rules.ProjectsUseOnlyWhatTheyMay(Measure(settlement, ledger), AllowedArrows.ByProject)
        );
    }

    [Fact]
    public void A_circle_of_three_folders_is_seen()
    {
        var house = Measure(Line("Cardano", "Masumi.Cardano.Keys.A", "Masumi.Cardano.Addresses.B", "Masumi.Cardano.Cbor.C", "Masumi.Cardano.Keys.A"));
        Assert.Equal([new Violation(Rules.Circle, "Cardano", "Addresses Cbor Keys")], Rules.FoldersHaveNoCircles(house));
    }

    [Fact]
    public void Folders_that_point_one_way_are_no_circle()
    {
        var house = Measure(Line("Cardano", "Masumi.Cardano.Keys.A", "Masumi.Cardano.Addresses.B", "Masumi.Cardano.Cbor.C"));
        Assert.Equal(["Addresses -> Cbor", "Keys -> Addresses"], house.BetweenFolders("Cardano").Select(arrow => $"{arrow.From} -> {arrow.To}"));
        Assert.Empty(Rules.FoldersHaveNoCircles(house));
    }

    [Fact]
    public void A_page_that_uses_a_store_is_seen()
    {
        var payments = new MadeAssembly("Payments");
        var page = payments.Type("Masumi.Payments.Pages.DealPage");
        payments.Field(page, payments.Type("Masumi.Payments.Deals.DealStore"));
        payments.Field(page, typeof(Microsoft.AspNetCore.Http.HttpContext));
        Assert.Equal([new Violation(Rules.Face, "Payments/Pages/DealPage", "Payments/Deals/DealStore")], Rules.FacesSeeNoStores(Measure(payments)));
    }

    [Fact]
    public void An_endpoint_that_speaks_to_the_database_is_seen()
    {
        var payments = new MadeAssembly("Payments");
        var endpoint = payments.Type("Masumi.Payments.Deals.DealEndpoints");
        payments.Field(endpoint, typeof(System.Data.Common.DbConnection));
        payments.Field(endpoint, typeof(Microsoft.AspNetCore.Http.HttpContext));
        Assert.Equal([new Violation(Rules.Face, "Payments/Deals/DealEndpoints", "speaks to the database itself")], Rules.FacesSeeNoStores(Measure(payments)));
    }

    [Fact]
    public void A_store_that_knows_the_time_or_calls_a_rule_is_seen()
    {
        var contracts = new MadeAssembly("Contracts");
        var rule = contracts.Method(contracts.StaticType("Masumi.Contracts.Escrow.EscrowRules"), code => { });
        var payments = new MadeAssembly("Payments");
        var store = payments.Type("Masumi.Payments.Deals.DealStore");
        payments.Field(store, typeof(TimeProvider));
        payments.Method(store, code => code.Emit(OpCodes.Call, rule));
        Assert.Equal(
            [
                new Violation(Rules.Store, "Payments/Deals/DealStore", "Contracts/Escrow/EscrowRules"),
                new Violation(Rules.Store, "Payments/Deals/DealStore", "System.TimeProvider"),
            ],
            Rules.StoresDecideNothing(Measure(contracts, payments))
        );
    }

    private static House Measure(params MadeAssembly[] assemblies) =>
        House.Measure([.. assemblies.Select(each => AssemblyImage.Pretend(each.Project, each.Image()))]);

    // Each name's type has a field of the next name's type.
    private static MadeAssembly Line(string project, params string[] names)
    {
        var made = new MadeAssembly(project);
        var types = names.Distinct().ToDictionary(name => name, made.Type);
        foreach (var (name, next) in names.Zip(names.Skip(1)))
        {
            made.Field(types[name], types[next]);
        }
        return made;
    }
}
