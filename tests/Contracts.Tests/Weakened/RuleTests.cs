using System.Collections.Concurrent;
using System.Globalization;
using Masumi.Contracts.Tests.Scenarios;
using Masumi.OnChain.Language;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>
/// Each rule of each contract is left out in turn, and a case notices: that a rule is written is not enough. What no case can notice, because something else
/// rejects the same, is in <see cref="Excuses"/> with what doubles it.
/// </summary>
public class RuleTests
{
    [Theory]
    [InlineData(Validator.EscrowV1)]
    [InlineData(Validator.EscrowV2)]
    [InlineData(Validator.RegistryV1)]
    [InlineData(Validator.RegistryV2)]
    public void A_rule_that_is_left_out_is_noticed(Validator validator)
    {
        var source = Validators.Source(validator);
        var jury = new Jury(validator);
        Assert.Null(jury.Notices(source, null));

        var excused = Excuses.Of(validator);
        var rules = Rules.Of(source);
        Assert.Empty(excused.Select(e => e.Rule).Except(rules));
        var wrong = new ConcurrentBag<string>();
        var noticed = 0;
        Parallel.ForEach(
            rules,
            rule =>
            {
                var notice = jury.Notices(Rules.Without(source, rule), rule);
                var excuse = excused.SingleOrDefault(e => e.Rule == rule);
                Interlocked.Add(ref noticed, notice is null ? 0 : 1);
                if (notice is null && excuse is null)
                {
                    wrong.Add($"nobody notices without '{rule}'");
                }
                else if (notice is not null && excuse is not null)
                {
                    wrong.Add($"'{rule}' needs no excuse: {notice} notices");
                }
            }
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{validator}: {rules.Count} rules, {noticed} noticed, {excused.Length} excused; {jury.Count} cases, {jury.Runs} runs"
            )
        );
        Assert.True(wrong.IsEmpty, string.Join("\n", wrong.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void At_most_twenty_five_rules_are_excused() => Assert.InRange(Excuses.All.Length, 0, 25);

    public static TheoryData<Validator, string> Excused() => [.. Excuses.All.Select(e => (e.Validator, e.Rule))];

    [Theory]
    [MemberData(nameof(Excused))]
    public void What_doubles_an_excused_rule_does(Validator validator, string rule)
    {
        var excuse = Excuses.Of(validator).Single(e => e.Rule == rule);
        var jury = new Jury(validator);
        var without = Rules.Without(Validators.Source(validator), rule);
        if (excuse.DoubledBy is { } other)
        {
            Assert.NotNull(jury.Notices(Rules.Without(without, other), rule));
        }
        else if (excuse.Builtin is { } builtin)
        {
            // Every case that the rule rejects still fails, in that builtin or because there is nothing at all.
            var failures = jury.Failures(without, rule).ToList();
            Assert.NotEmpty(failures);
            Assert.All(
                failures,
                f =>
                    Assert.True(
                        f is EvaluationFailure.BuiltinFailed failed && (failed.Function == builtin || failed.Function == BuiltinFunction.HeadList),
                        $"{f}"
                    )
            );
        }
        else
        {
            Assert.Empty(jury.Failures(without, rule));
        }
    }
}
