using System.Collections.Concurrent;
using System.Globalization;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.OnChain.Language;
using Masumi.Plutus;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>
/// Random programs do the same in every build: verdict, value, the builtin that fails and the traces, in order. <c>MASUMI_PROGRAMS</c> sets how many (60,000 is a
/// thorough run), <c>MASUMI_PROGRAM_SEED</c> repeats a run; what fails names the seed of the one program.
/// </summary>
public class RandomProgramTests
{
    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;

    [Fact]
    public void The_optimiser_and_traces_change_nothing_that_a_program_does()
    {
        var seed = Number("MASUMI_PROGRAM_SEED") ?? Environment.TickCount;
        var count = Number("MASUMI_PROGRAMS") ?? 5_000;
        var (runs, succeeded, dear) = (0, 0, 0);
        var differences = new ConcurrentBag<string>();
        Parallel.For(
            0,
            count,
            i =>
            {
                var own = unchecked(seed + i);
                var program = RandomProgram.Of(own);
                UplcProgram[] builds =
                [
                    Compiler.Compile(program, new(Optimise: true)),
                    Compiler.Compile(program, new(Optimise: false)),
                    Compiler.Compile(program, new(Optimise: true, Traces: true)),
                    Compiler.Compile(program, new(Optimise: false, Traces: true)),
                ];
                var random = new Random(own);
                for (var argument = 0; argument < 3; argument++)
                {
                    var data = RandomProgram.Argument(random);
                    var outcomes = builds.Select(b => Run(b, data)).ToArray();
                    if (outcomes.Any(o => o.Failure is EvaluationFailure.OutOfBudget))
                    {
                        // The optimiser is there to make programs cheaper.
                        Interlocked.Increment(ref dear);
                        continue;
                    }

                    Interlocked.Increment(ref runs);
                    Interlocked.Add(ref succeeded, outcomes[0].Succeeded ? 1 : 0);
                    if (
                        outcomes.Select(o => (o.Result, $"{o.Failure}")).Distinct().Count() > 1
                        || !outcomes[0].Logs.SequenceEqual(outcomes[1].Logs)
                        || !outcomes[2].Logs.SequenceEqual(outcomes[3].Logs)
                    )
                    {
                        differences.Add($"seed {own}, argument {argument}: {string.Join(" | ", outcomes.Select(Show))}");
                    }
                }
            }
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {count} programs, {runs} runs, {succeeded} of them with a value, {dear} too dear")
        );
        Assert.True(differences.IsEmpty, $"{differences.Count} differences\n{string.Join("\n", differences.Take(10))}");

        // Both ends must occur often, or the programs say nothing.
        Assert.InRange(succeeded, runs / 10, runs * 9 / 10);
        Assert.InRange(dear, 0, count / 20);
    }

    private static EvaluationOutcome Run(UplcProgram program, PlutusData argument) =>
        Evaluator.Evaluate(
            program.ApplyParameters(argument),
            ScriptLanguage.PlutusV3,
            Parameters.ProtocolMajor,
            Parameters.CostModels[ScriptLanguage.PlutusV3],
            Parameters.MaxTxExUnits
        );

    private static string Show(EvaluationOutcome outcome) => $"{outcome.Result} {outcome.Failure} [{string.Join("; ", outcome.Logs)}]";

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
