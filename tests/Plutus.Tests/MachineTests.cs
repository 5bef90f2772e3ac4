using Masumi.Cardano.Scripts;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

public class MachineTests
{
    private static readonly Term.Const One = new(new Constant.Integer(1));

    [Fact]
    public void A_hundred_thousand_nested_applications_evaluate_without_overflowing_the_stack()
    {
        // (\x -> 1 + x) applied to itself applied ... to 1
        Term increment = new Term.Lam(new Term.Apply(new Term.Apply(new Term.Builtin(BuiltinFunction.AddInteger), One), new Term.Var(1)));
        Term term = One;
        for (var i = 0; i < 100_000; i++)
        {
            term = new Term.Apply(increment, term);
        }

        var program = new UplcProgram(1, 1, 0, term);
        var again = Flat.Decode(Flat.Encode(program));
        var outcome = Run(again);
        Assert.Null(outcome.Failure);
        Assert.Equal(new Constant.Integer(100_001), outcome.Result);
    }

    [Fact]
    public void A_budget_that_does_not_suffice_says_what_was_there_and_what_was_needed()
    {
        var outcome = Run(new UplcProgram(1, 1, 0, One), new ExUnits(150, 1_000_000));
        var failure = Assert.IsType<EvaluationFailure.OutOfBudget>(outcome.Failure);
        Assert.Equal(150, failure.Supplied.Memory);
        Assert.True(failure.Needed.Memory > 150);
    }

    [Fact]
    public void An_unbound_variable_is_refused_before_anything_runs() =>
        Assert.IsType<EvaluationFailure.Malformed>(Run(new UplcProgram(1, 1, 0, new Term.Lam(new Term.Var(2)))).Failure);

    [Fact]
    public void Mutated_programs_end_in_a_format_error_or_an_outcome()
    {
        const int Seed = 42;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var flat = Flat.Encode(
            new UplcProgram(
                1,
                1,
                0,
                new Term.Case(
                    new Term.Constr(1, [One, new Term.Const(new Constant.Data(PlutusData.C(1, PlutusData.I(5), PlutusData.B(new byte[70]))))]),
                    [new Term.Error(), new Term.Lam(new Term.Lam(new Term.Apply(new Term.Builtin(BuiltinFunction.UnConstrData), new Term.Var(1))))]
                )
            )
        );
        for (var i = 0; i < 3000; i++)
        {
            var copy = (byte[])flat.Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                _ = Run(Flat.Decode(copy), new ExUnits(1_000_000, 1_000_000_000));
            }
            catch (FormatException)
            {
                // The only way to say no.
            }
        }
    }

    private static EvaluationOutcome Run(UplcProgram program, ExUnits? limit = null) =>
        Evaluator.Evaluate(
            program,
            ScriptLanguage.PlutusV3,
            11,
            MainnetCostModels.Of(ScriptLanguage.PlutusV3),
            limit ?? new ExUnits(long.MaxValue, long.MaxValue)
        );
}
