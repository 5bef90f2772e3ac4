using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>Results that are functions, as terms.</summary>
public class DischargeTests
{
    [Fact]
    public void What_a_result_captured_stands_in_place_of_its_variables() =>
        Assert.Equal("(lam x-0 [(builtin addInteger) (con integer 5) x-0])", Result("[(lam a (lam b [(builtin addInteger) a b])) (con integer 5)]"));

    [Fact]
    public void Captured_functions_bring_what_they_captured_themselves() =>
        Assert.Equal(
            "(delay (lam x-0 [(lam x-1 [x-1 (con integer 1)]) x-0]))",
            Result("[(lam f (delay (lam y [f y]))) [(lam one (lam g [g one])) (con integer 1)]]")
        );

    [Fact]
    public void A_value_captured_again_and_again_stays_one_part_of_the_term()
    {
        // Doubling sixty times: no text and no flat can hold it, the term can.
        var text = "(delay (error))";
        for (var i = 0; i < 60; i++)
        {
            text = $"[(lam v (constr 0 v v)) {text}]";
        }

        var outcome = Run(text, out var result);
        Assert.Null(outcome.Failure);
        Assert.Throws<FormatException>(() => UplcText.Print(result!, 100_000));
        var (left, right) = (((Term.Constr)result!).Fields[0], ((Term.Constr)result).Fields[1]);
        Assert.Same(left, right);
    }

    [Fact]
    public void A_chain_of_captures_as_long_as_the_program_ran_is_followed_without_the_hosts_stack()
    {
        // loop n f = n == 0 ? f : loop (n - 1) (\_ -> f), tied by self-application.
        const string Loop =
            "[(lam s [s s (con integer 50000) (con unit ())]) (lam s (lam n (lam f (force [(force (builtin ifThenElse)) "
            + "[(builtin equalsInteger) n (con integer 0)] (delay f) (delay [s s [(builtin subtractInteger) n (con integer 1)] (lam z f)])]))))]";
        string? text = null;
        var thread = new Thread(
            () =>
            {
                Run(Loop, out var result);
                text = UplcText.Print(result!);
            },
            256 * 1024
        );
        thread.Start();
        thread.Join();
        Assert.StartsWith("(lam x-0 (lam x-1 (lam x-2 ", text, StringComparison.Ordinal);
        Assert.EndsWith("(lam x-49999 (con unit ())" + new string(')', 50_000), text, StringComparison.Ordinal);
    }

    private static string Result(string term)
    {
        var outcome = Run(term, out var result);
        Assert.Null(outcome.Failure);
        return UplcText.Print(result!);
    }

    private static EvaluationOutcome Run(string term, out Term? result) =>
        Evaluator.EvaluateToTerm(
            UplcText.Parse($"(program 1.1.0 {term})"),
            ScriptLanguage.PlutusV3,
            11,
            ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3],
            new ExUnits(long.MaxValue, long.MaxValue),
            out result
        );
}
