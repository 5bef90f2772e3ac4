using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Registry;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>A listing is the program: what is read back from it has the same bytes.</summary>
public class ListingTests
{
    public static TheoryData<string, ContractBuild> Builds =>
        [.. ContractCatalog.Own.SelectMany(c => Enum.GetValues<ContractBuild>().Select(b => (c.Name, b)))];

    [Theory]
    [MemberData(nameof(Builds))]
    public void A_listing_reads_back_as_the_very_program(string name, ContractBuild build)
    {
        var contract = ContractCatalog.Own.Single(c => c.Name == name);
        var listing = contract.Listing(build);
        Assert.Equal(Convert.ToHexStringLower(Flat.Encode(contract.ProgramOf(build))), Convert.ToHexStringLower(Flat.Encode(ListingReader.Read(listing))));
        Assert.All(listing.Split('\n'), line => Assert.InRange(line.Length, 0, 240));
    }

    [Fact]
    public void The_optimised_listing_is_the_program_of_the_blueprint()
    {
        foreach (var contract in ContractCatalog.Own)
        {
            var script = ListingReader.Read(contract.Listing(ContractBuild.Release)).ToScript(ScriptLanguage.PlutusV3);
            var blueprint = JsonNode.Parse(contract.Blueprint)!;
            Assert.Equal((string)blueprint["validators"]![0]!["hash"]!, script.Hash.ToString());
            Assert.Equal((string)blueprint["preamble"]!["title"]!, contract.Title);
        }
    }

    [Fact]
    public void Every_rule_of_the_source_stands_in_both_stages()
    {
        foreach (var contract in ContractCatalog.Own)
        {
            var (written, optimised) = (Rules(contract.Listing(ContractBuild.Written)), Rules(contract.Listing(ContractBuild.Release)));
            Assert.NotEmpty(written);
            Assert.Equal(written, optimised);
            Assert.Equal(written, Rules(contract.Listing(ContractBuild.Traced)));
        }
    }

    [Fact]
    public void Every_build_of_a_contract_is_another_script_and_always_the_same()
    {
        var builds = Enum.GetValues<ContractBuild>();
        foreach (var contract in ContractCatalog.Own)
        {
            var instance = ContractCatalog.DefaultInstance(contract.Family, NetworkId.Testnet);
            var hashes = builds.Select(b => contract.Script(instance, b).Hash).ToList();
            Assert.Equal(builds.Length, hashes.Distinct().Count());
            // Compiled anew, not the one that is kept.
            foreach (var build in builds)
            {
                var options = new CompilerOptions(
                    build is ContractBuild.Release or ContractBuild.Traced,
                    build is ContractBuild.Traced or ContractBuild.WrittenTraced
                );
                var again =
                    contract.Kind == ContractKind.Escrow ? EscrowScript.Program(contract.Family, options) : RegistryScript.Program(contract.Family, options);
                Assert.Equal(Convert.ToHexStringLower(Flat.Encode(again)), Convert.ToHexStringLower(Flat.Encode(contract.ProgramOf(build))));
            }

            Assert.Equal(contract.Script(instance).Hash, hashes[0]);
        }
    }

    // What a listing has no form of its own for is shown as the very UPLC it is.
    [Fact]
    public void Odd_programs_are_shown_as_they_are()
    {
        var (x, y) = (new Variable("let"), new Variable("headList"));
        Expr head = new Expr.Builtin(BuiltinFunction.HeadList);
        Expr[] odd =
        [
            head,
            new Expr.Force(new Expr.Force(head)),
            new Expr.Delay(new Expr.Fail("")),
            new Expr.App(new Expr.Fail("quoted \"rule\" \\"), Expr.Integer(-1)),
            new Expr.Lam(x, new Expr.Lam(y, new Expr.App(new Expr.Var(x), new Expr.Var(y)))),
            Expr.Let(x, Expr.Call(BuiltinFunction.HeadList), new Expr.App(Expr.Call(BuiltinFunction.HeadList), new Expr.Var(x))),
            new Expr.Case(new Expr.Constr([]), Expr.Unit),
            new Expr.Constr([Expr.EmptyMap, Expr.EmptyList, Expr.Data(PlutusData.I(5)), Expr.Bytes(default)]),
            new Expr.Const(new Constant.Pair(new Constant.Integer(1), new Constant.String("a \"b\""))),
            Expr.Call(BuiltinFunction.IfThenElse, Expr.Bool(true), Expr.Bool(false)),
            new Expr.App(Expr.Let(x, Expr.Unit, new Expr.Lam(y, new Expr.Var(x))), Expr.If(Expr.Bool(true), Expr.Bool(true), new Expr.Fail("no"))),
            Expr.Call(BuiltinFunction.IfThenElse, Expr.If(Expr.Bool(true), Expr.Bool(false), Expr.Bool(false)), Expr.Bool(false), Expr.Bool(true)),
        ];
        foreach (var expr in odd)
        {
            // The compiler gives every binder a variable of its own and each name its index.
            var term = new Term<Unit>(expr);
            var options = new CompilerOptions(Optimise: false);
            var listing = Listing.Of(Compiler.Named(term, options));
            Assert.Equal(UplcText.Print(Compiler.Compile(term, options)), UplcText.Print(ListingReader.Read(listing)));
        }
    }

    private static SortedSet<string> Rules(string listing) =>
        new(
            listing
                .Split('\n')
                .Where(line =>
                    line.Contains("else \"", StringComparison.Ordinal)
                    || line.Contains("fail", StringComparison.Ordinal)
                    || line.Contains("else traced", StringComparison.Ordinal)
                )
                .SelectMany(line => line.Split('"').Where((_, i) => i % 2 == 1)),
            StringComparer.Ordinal
        );
}
