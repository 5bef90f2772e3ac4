using System.Collections.Concurrent;
using System.Globalization;
using Masumi.Contracts.Tests.Scenarios;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>The contracts with one small thing otherwise (<see cref="Operands"/>): a case notices, or <see cref="Survivors"/> says why none can.</summary>
public class OperandTests
{
    [Theory]
    [InlineData(Validator.EscrowV1)]
    [InlineData(Validator.EscrowV2)]
    [InlineData(Validator.RegistryV1)]
    [InlineData(Validator.RegistryV2)]
    public void A_change_within_a_rule_is_noticed(Validator validator)
    {
        var jury = new Jury(validator);
        var mutants = Operands.Of(Validators.Source(validator)).ToList();
        var survivors = new ConcurrentBag<string>();
        Parallel.ForEach(
            mutants,
            mutant =>
            {
                if (jury.Notices(mutant.Program, mutant.Rule) is null)
                {
                    survivors.Add(mutant.Name);
                }
            }
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{validator}: {mutants.Count} changes, {survivors.Count} not noticed, {jury.Runs} runs")
        );
        var excused = Survivors.Of(validator);
        Assert.True(
            survivors.ToHashSet().SetEquals(excused),
            string.Join(
                "\n",
                survivors
                    .Except(excused)
                    .Select(s => $"nobody notices {s}")
                    .Concat(excused.Except(survivors).Select(s => $"needs no excuse: {s}"))
                    .Order(StringComparer.Ordinal)
            )
        );
    }
}
