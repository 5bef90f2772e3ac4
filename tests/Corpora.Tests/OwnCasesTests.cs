using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Corpora.Conformance;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Corpora.Tests;

/// <summary>Cases of our own, which need no corpus: what a program of version 1.1.0 evaluates to, and its units at mainnet's prices.</summary>
public class OwnCasesTests
{
    private static readonly ConformanceJudge Judge = new(ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3]);

    /// <summary>Name, term, result or null for a failure, cpu, mem.</summary>
    public static TheoryData<string, string, string?, long, long> Cases() =>
        new()
        {
            { "unit", "(con unit ())", "(con unit ())", 16100, 200 },
            { "identity", "[(lam x x) (con integer 7)]", "(con integer 7)", 64100, 500 },
            { "shadowing", "[(lam x [(lam x x) (con integer 2)]) (con integer 1)]", "(con integer 2)", 112100, 800 },
            { "captured variable", "[(lam x (lam y x)) (con integer 42)]", "(lam x-0 (con integer 42))", 64100, 500 },
            { "captured twice", "[(lam x (lam y [x x])) (lam z z)]", "(lam x-0 [(lam x-1 x-1) (lam x-1 x-1)])", 64100, 500 },
            {
                "captured function",
                "[(lam f (delay [f (con integer 3)])) [(lam k (lam z k)) (con bool True)]]",
                "(delay [(lam x-0 (con bool True)) (con integer 3)])",
                112100,
                800
            },
            { "forced delay", """(force (delay (con string "late")))""", """(con string "late")""", 48100, 400 },
            { "delay keeps an error", "(delay (error))", "(delay (error))", 16100, 200 },
            { "error", "(error)", null, 0, 0 },
            { "error in an argument", "[(lam x (con unit ())) (error)]", null, 0, 0 },
            { "applied constant", "[(con integer 1) (con integer 2)]", null, 0, 0 },
            { "forced constant", "(force (con integer 1))", null, 0, 0 },
            { "addition", "[(builtin addInteger) (con integer 20) (con integer 22)]", "(con integer 42)", 181308, 602 },
            { "partial addition", "[(builtin addInteger) (con integer 20)]", "[(builtin addInteger) (con integer 20)]", 48100, 400 },
            { "forced partial builtin", "[(force (builtin ifThenElse)) (con bool True)]", "[(force (builtin ifThenElse)) (con bool True)]", 64100, 500 },
            { "builtin forced too often", "(force (builtin addInteger))", null, 0, 0 },
            { "builtin applied before forced", "[(builtin ifThenElse) (con bool True)]", null, 0, 0 },
            { "floored division", "[(builtin divideInteger) (con integer -7) (con integer 2)]", "(con integer -4)", 212441, 601 },
            { "truncated division", "[(builtin quotientInteger) (con integer -7) (con integer 2)]", "(con integer -3)", 212441, 601 },
            { "division by zero", "[(builtin modInteger) (con integer 1) (con integer 0)]", null, 0, 0 },
            { "type error", "[(builtin addInteger) (con integer 1) (con bytestring #01)]", null, 0, 0 },
            {
                "large product",
                "[(builtin multiplyInteger) (con integer 340282366920938463463374607431768211456) (con integer -340282366920938463463374607431768211456)]",
                "(con integer -115792089237316195423570985008687907853269984665640564039457584007913129639936)",
                175205,
                606
            },
            { "bytes", "[(builtin appendByteString) (con bytestring #00FF) (con bytestring #0a)]", "(con bytestring #00ff0a)", 81446, 602 },
            {
                "slice clamps",
                "[(builtin sliceByteString) (con integer -3) (con integer 99) (con bytestring #010203)]",
                "(con bytestring #010203)",
                132568,
                804
            },
            { "no byte", "[(builtin consByteString) (con integer 256) (con bytestring #)]", null, 0, 0 },
            { "text", """[(builtin appendString) (con string "\"\1234") (con string "")]""", """(con string "\"Ӓ")""", 81100, 604 },
            { "no utf-8", "[(builtin decodeUtf8) (con bytestring #ff)]", null, 0, 0 },
            { "trace", """[(force (builtin trace)) (con string "seen") (con integer 1)]""", "(con integer 1)", 155598, 732 },
            { "list", "[(force (builtin mkCons)) (con integer 1) (con (list integer) [2, 3])]", "(con (list integer) [1, 2, 3])", 168462, 732 },
            { "list of another type", "[(force (builtin mkCons)) (con integer 1) (con (list bool) [])]", null, 0, 0 },
            { "head of nothing", "[(force (builtin headList)) (con (list integer) [])]", null, 0, 0 },
            {
                "pair",
                "[(force (force (builtin sndPair))) (con (pair integer (list bool)) (1, [True, False]))]",
                "(con (list bool) [True, False])",
                222092,
                632
            },
            { "array", "[(force (builtin indexArray)) (con (array bytestring) [#00, #01]) (con integer 1)]", "(con bytestring #01)", 328110, 732 },
            {
                "data",
                "[(builtin unConstrData) (con data (Constr 3 [I -1, B #00, List [], Map [(I 1, B #)]]))]",
                "(con (pair integer (list data)) (3, [I -1, B #00, List [], Map [(I 1, B #)]]))",
                72688,
                432
            },
            { "data of another shape", "[(builtin unIData) (con data (List [I 1]))]", null, 0, 0 },
            { "constructor", "(constr 7 (con integer 1) [(lam x x) (con integer 2)])", "(constr 7 (con integer 1) (con integer 2))", 96100, 700 },
            { "case", "(case (constr 1 (con integer 5) (con integer 3)) (error) (builtin subtractInteger))", "(con integer 2)", 181308, 602 },
            { "case without a branch", "(case (constr 2) (con unit ()))", null, 0, 0 },
            { "case on a boolean", "(case (con bool False) (con integer 0) (con integer 1))", "(con integer 0)", 48100, 400 },
            { "case on an integer", "(case (con integer 2) (error) (error) (con unit ()))", "(con unit ())", 48100, 400 },
            { "case on a list", "(case (con (list integer) [9, 8]) (lam h (lam t t)) (error))", "(con (list integer) [8])", 80100, 600 },
            { "case on text", """(case (con string "") (con unit ()))""", null, 0, 0 },
            {
                "value",
                "[(builtin insertCoin) (con bytestring #aa) (con bytestring #) (con integer -5) (con value [(#, [(#, 10)])])]",
                "(con value [(#, [(#, 10)]), (#aa, [(#, -5)])])",
                537850,
                1087
            },
            { "value sum cancels", "[(builtin unionValue) (con value [(#aa, [(#, 10)])]) (con value [(#aa, [(#, -10)])])]", "(con value [])", 436372, 666 },
            { "value overflow", "[(builtin scaleValue) (con integer 2) (con value [(#aa, [(#, 170141183460469231731687303715884105727)])])]", null, 0, 0 },
            {
                "hash",
                "[(builtin blake2b_224) (con bytestring #616263)]",
                "(con bytestring #9bd237b02a29e43bdd6738afa5b53ff0eee178d6210b618e4511aec8)",
                264026,
                404
            },
            {
                "zero of G1",
                "[(builtin bls12_381_G1_compress) (con bls12_381_G1_element 0xc00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000)]",
                "(con bytestring #c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000)",
                2828778,
                406
            },
            { "comments and names", "{- a {- nested -} comment -} [(lam x'_1-23 -- to the end\n x'_1-23) (con bool True)]", "(con bool True)", 64100, 500 },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_expected_result_and_budget(string name, string term, string? result, long cpu, long mem)
    {
        var text = $"(program 1.1.0 {term})";
        var verdict = Judge.Judge(Case(name, text, result is null ? "evaluation failure" : $"(program 1.1.0 {result})", cpu, mem));
        Assert.True(verdict.Passed, string.Join('\n', verdict.Differences));

        // The judge must be able to say no: a unit more or less is a difference, and so is the other ending.
        if (result is not null)
        {
            Assert.False(Judge.Judge(Case(name, text, $"(program 1.1.0 {result})", cpu + 1, mem)).Passed);
            Assert.False(Judge.Judge(Case(name, text, $"(program 1.1.0 {result})", cpu, mem - 1)).Passed);
            Assert.False(Judge.Judge(Case(name, text, "(program 1.1.0 (lam x [x x x]))", cpu, mem)).Passed);
        }

        Assert.False(Judge.Judge(Case(name, text, result is null ? "(program 1.1.0 (con unit ()))" : "evaluation failure", cpu, mem)).Passed);
        Assert.False(Judge.Judge(Case(name, text, "parse/decode error", cpu, mem)).Passed);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_flat_form_gives_the_same(string name, string term, string? result, long cpu, long mem)
    {
        Assert.SkipWhen(term.Contains("0xc", StringComparison.Ordinal), "flat carries no group elements");
        var program = UplcText.Parse($"(program 1.1.0 {term})");
        var expected = result is null ? System.Text.Encoding.ASCII.GetBytes("evaluation failure") : Flat.Encode(UplcText.Parse($"(program 1.1.0 {result})"));
        var flat = Case(name, UplcText.Print(program), result is null ? "evaluation failure" : $"(program 1.1.0 {result})", cpu, mem) with
        {
            Flat = Flat.Encode(program),
            FlatExpected = expected,
        };
        var verdict = Judge.Judge(flat);
        Assert.True(verdict.Passed, string.Join('\n', verdict.Differences));
        Assert.False(Judge.Judge(flat with { FlatExpected = new byte[] { 1, 1, 0, 0x61 } }).Passed);
        Assert.False(Judge.Judge(flat with { Flat = Flat.Encode(UplcText.Parse("(program 1.1.0 (con integer 123456))")) }).Passed);
    }

    private static ConformanceCase Case(string name, string text, string expected, long cpu, long mem) =>
        new(name, text, expected, $"({{cpu: {cpu}\n| mem: {mem}}})");
}
