using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Plutus;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Catalog;

public sealed class CaseEncodingTests
{
    [Theory]
    [InlineData("[[[f a] b] c]", "(case (constr 0 a b c) f)")]
    [InlineData("[[f a] b]", "[[f a] b]")]
    [InlineData("[f a]", "[f a]")]
    [InlineData("(force (delay a))", "a")]
    [InlineData("(force (force (delay (delay a))))", "(force (delay a))")]
    [InlineData("[[[(force (delay f)) a] b] (force (delay c))]", "(case (constr 0 a b c) f)")]
    [InlineData("[[[f [[[a a] b] c]] b] c]", "(case (constr 0 (case (constr 0 a b c) a) b c) f)")]
    [InlineData("[(lam x [[[x a] b] c]) a]", "[(lam x (case (constr 0 a b c) x)) a]")]
    [InlineData("(case (constr 3 [[[f a] b] c] a) (delay [[[f a] b] c]))", "(case (constr 3 (case (constr 0 a b c) f) a) (delay (case (constr 0 a b c) f)))")]
    [InlineData("[[[[f a] b] c] a]", "(case (constr 0 a b c a) f)")]
    public void Functions_of_more_than_two_arguments_take_a_constructor_and_forced_delays_go(string source, string expected) =>
        Assert.Equal(UplcText.Print(Parse(expected)), UplcText.Print(CaseEncoding.Reencode(Parse(source))));

    [Fact]
    public void Parameters_join_the_application_that_is_the_whole_program()
    {
        var program = UplcText.Parse("(program 1.1.0 [(lam a (lam b (lam c [(lam x x) c]))) (con integer 1)])");
        var applied = CaseEncoding.Reencode(program.ApplyParameters(PlutusData.I(2), PlutusData.I(3)));
        var expected = "(program 1.1.0 (case (constr 0 (con integer 1) (con data (I 2)) (con data (I 3))) (lam a (lam b (lam c [(lam x x) c])))))";
        Assert.Equal(UplcText.Print(UplcText.Parse(expected)), UplcText.Print(applied));
    }

    [Fact]
    public void The_program_means_the_same()
    {
        var program = UplcText.Parse(
            "(program 1.1.0 [[[(lam a (lam b (lam c (force (delay [[(builtin subtractInteger) a] c]))))) (con integer 7)] (con integer 9)] (con integer 5)])"
        );
        Assert.Equal("(program 1.1.0 (con integer 2))", Run(program));
        Assert.Equal("(program 1.1.0 (con integer 2))", Run(CaseEncoding.Reencode(program)));
    }

    [Fact]
    public void Depth_is_no_limit()
    {
        Term deep = new Term.Error();
        for (var i = 0; i < 200_000; i++)
        {
            deep = new Term.Lam(new Term.Apply(new Term.Force(new Term.Delay(deep)), new Term.Var(1)));
        }

        Assert.IsType<Term.Lam>(CaseEncoding.Reencode(new UplcProgram(1, 1, 0, deep)).Term);
    }

    [Fact]
    public void Programs_without_constructors_are_refused() =>
        Assert.Throws<FormatException>(() => CaseEncoding.Reencode(UplcText.Parse("(program 1.0.0 (error))")));

    [Fact]
    public void The_deployed_scripts_are_known_by_every_value_of_the_table()
    {
        Assert.Equal((6320, 6323, 6326), Lengths(KnownDeployments.MainnetV1.EscrowCheck));
        Assert.Equal((10_000, 10_003, 10_006), Lengths(KnownDeployments.PreprodV2.EscrowCheck));
        Assert.NotEqual(KnownDeployments.MainnetV1.RegistryPolicy, KnownDeployments.PreprodV1.RegistryPolicy);
        Assert.Equal(KnownDeployments.MainnetV2.RegistryPolicy, KnownDeployments.PreprodV2.RegistryPolicy);
        var check = KnownDeployments.MainnetV2.EscrowCheck;
        Assert.Contains("expected: 10003", check.Failure(ContractCatalog.DefaultEscrow(EscrowFamily.V2)));
        Assert.Contains("sha256", check.Failure(new Script(ScriptLanguage.PlutusV3, new byte[10_003])));
        static (int, int, int) Lengths(ScriptCheck c) => (c.FlatBytes, c.CborBytes, c.DoubleCborBytes);
    }

    [Fact]
    public void The_V1_parameters_are_the_bytes_of_the_spec()
    {
        var parameters = ContractCatalog.Parameters(ContractKind.Escrow, KnownDeployments.MainnetV1.Contract).ToDictionary(p => p.Key, p => p.Value);
        Assert.Equal("1832", Convert.ToHexStringLower(parameters["fee_permille"].ToCbor()));
        Assert.Equal("1a000668a0", Convert.ToHexStringLower(parameters["cooldown_period"].ToCbor()));
        Assert.Equal(
            "d8799fd8799f581c13cedc5388c33ff6eac2f0d919a9fd5517910de8def01b11523995e4ffd8799fd8799fd8799f581cc447a7c9eae8438a852033e904952a1680dfd035166e1800e1505b96ffffffff",
            Convert.ToHexStringLower(parameters["fee_address"].ToCbor())
        );
    }

    // f, a, b and c are variables of lambdas around the term.
    private static UplcProgram Parse(string term) => UplcText.Parse($"(program 1.1.0 (lam f (lam a (lam b (lam c {term})))))");

    private static string Run(UplcProgram program)
    {
        var prices = ProtocolParameters.Mainnet;
        Assert.True(
            Evaluator
                .EvaluateToTerm(
                    program,
                    ScriptLanguage.PlutusV3,
                    prices.ProtocolMajor,
                    prices.CostModels[ScriptLanguage.PlutusV3],
                    prices.MaxTxExUnits,
                    out var term
                )
                .Succeeded
        );
        return UplcText.Print(program with { Term = term! });
    }
}
