using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Machine;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

/// <summary>Two machines run programs: compiled code on the host's stack, and the CEK machine on its own. Nothing may tell them apart.</summary>
public class StrategyTests
{
    private static readonly ExUnits Plenty = new(long.MaxValue, long.MaxValue);

    private static CostModel Costs(ScriptLanguage language = ScriptLanguage.PlutusV3, int protocolMajor = 11) =>
        CostModel.Resolve(language, protocolMajor, ProtocolParameters.Mainnet.CostModels[language]);

    [Fact]
    public void Both_machines_agree_on_random_programs_under_any_budget()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var succeeded = 0;
        for (var i = 0; i < 4000; i++)
        {
            var term = RandomTerms.Closed(random, 40);
            var costs = i % 2 == 0 ? Costs() : Costs(ScriptLanguage.PlutusV2, 9);
            var limit = i % 3 == 0 ? new ExUnits(random.Next(20_000), random.Next(4_000_000)) : new ExUnits(400_000, 200_000_000);
            var expected = new CekMachine(costs, limit).Run(Node.Compile(term));
            var actual = new CodeMachine(costs, limit).Run(CodeBuilder.Compile(term), out _);
            Assert.True(
                Alike(expected, actual),
                $"seed {seed}, program {i}: {expected.Failure} {expected.Units} {expected.Result} against {actual.Failure} {actual.Units} {actual.Result}\n{term}"
            );
            var flat = Flat.Encode(new UplcProgram(1, 1, 0, term));
            var decoded = new CodeMachine(costs, limit).Run(CodeReader.Read(flat, out _), out _);
            Assert.True(Alike(expected, decoded), $"seed {seed}, program {i}, from flat: {decoded.Failure} {decoded.Units}");
            succeeded += expected.Succeeded ? 1 : 0;
        }

        Assert.InRange(succeeded, 400, 3600);
    }

    [Fact]
    public void Both_machines_agree_on_the_benchmark_validators()
    {
        foreach (var file in Directory.EnumerateFiles(SharedData.Require("plutus-benchmarks", "validation"), "*.flat"))
        {
            var flat = File.ReadAllBytes(file);
            var expected = new CekMachine(Costs(), Plenty).Run(Node.Compile(Flat.Decode(flat).Term));
            Assert.True(Alike(expected, new CodeMachine(Costs(), Plenty).Run(CodeReader.Read(flat, out _), out _)), file);
        }
    }

    [Fact]
    public void Deep_programs_end_in_a_value_on_a_thread_with_little_stack()
    {
        Term term = new Term.Const(new Constant.Integer(1));
        for (var i = 0; i < 100_000; i++)
        {
            term = i % 2 == 0 ? new Term.Force(new Term.Delay(term)) : new Term.Apply(new Term.Lam(new Term.Var(1)), term);
        }

        EvaluationOutcome? outcome = null;
        var flat = Flat.Encode(new UplcProgram(1, 1, 0, term));
        var thread = new Thread(
            () => outcome = Evaluator.EvaluateFlat(flat, ScriptLanguage.PlutusV3, 11, ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3], Plenty),
            256 * 1024
        );
        thread.Start();
        thread.Join();
        Assert.Equal(new Constant.Integer(1), outcome!.Result);
    }

    [Fact]
    public void An_endless_program_runs_out_of_budget_on_a_thread_with_little_stack()
    {
        // (\x -> x x) (\x -> x x), and the same through delays.
        Term twice = new Term.Lam(new Term.Apply(new Term.Var(1), new Term.Var(1)));
        Term nested = new Term.Lam(new Term.Force(new Term.Delay(new Term.Apply(new Term.Force(new Term.Delay(new Term.Var(1))), new Term.Var(1)))));
        foreach (var half in new[] { twice, nested })
        {
            EvaluationOutcome? outcome = null;
            var thread = new Thread(
                () =>
                    outcome = Evaluator.Evaluate(
                        new UplcProgram(1, 1, 0, new Term.Apply(half, half)),
                        ScriptLanguage.PlutusV3,
                        11,
                        ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3],
                        new ExUnits(14_000_000, 10_000_000_000)
                    ),
                256 * 1024
            );
            thread.Start();
            thread.Join();
            Assert.IsType<EvaluationFailure.OutOfBudget>(outcome!.Failure);
        }
    }

    // What remains when the budget runs out is not the same to the step; that it did is. Functions have no form to compare.
    private static bool Alike(EvaluationOutcome a, EvaluationOutcome b) =>
        (a.Failure is EvaluationFailure.OutOfBudget && b.Failure is EvaluationFailure.OutOfBudget)
        || (a.Units == b.Units && Equals(a.Failure, b.Failure) && a.Logs.SequenceEqual(b.Logs) && Bytes(a.Result).SequenceEqual(Bytes(b.Result)));

    private static byte[] Bytes(Constant? constant) => constant is null ? [] : Flat.Encode(new UplcProgram(1, 1, 0, new Term.Const(constant)));
}
