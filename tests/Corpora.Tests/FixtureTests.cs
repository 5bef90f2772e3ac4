using Masumi.Corpora.Fixtures;
using Masumi.Plutus;
using Masumi.Tests;

namespace Masumi.Corpora.Tests;

/// <summary>The whole-ledger fixtures of the amaru project: states, transactions, and what a Cardano node says to them.</summary>
public sealed class FixtureTests
{
    private static readonly Lazy<Dictionary<string, LedgerFixture>> Fixtures = new(() =>
        SharedData.TryFind("vectors", "amaru-ledger") is { } folder ? LedgerFixture.Below(folder).ToDictionary(f => f.Name) : []
    );

    private static readonly PlutusEvaluator Evaluator = new();

    public static TheoryData<string> Names => Fixtures.Value.Count > 0 ? [.. Fixtures.Value.Keys] : ["(no data)"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_ledger_says_what_a_node_says(string name)
    {
        SharedData.Require("vectors", "amaru-ledger");

        var result = Fixtures.Value[name].Judge(Evaluator);

        Assert.True(result.Verdict != FixtureVerdict.Failed, $"expected {result.Expected}, got {result.Actual}");
    }

    [Fact]
    public void Only_governance_procedures_put_a_fixture_outside_the_scope()
    {
        SharedData.Require("vectors", "amaru-ledger");

        var outside = Fixtures.Value.Values.Select(f => f.Judge(Evaluator)).Where(r => r.Verdict == FixtureVerdict.OutsideScope).ToList();

        Assert.All(outside, r => Assert.Matches(@"procedures \(body key (19|20)\)", r.Actual));
        Assert.Equal(249, outside.Count);
        Assert.Equal(560, Fixtures.Value.Count);
    }
}
