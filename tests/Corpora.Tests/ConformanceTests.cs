using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Corpora.Conformance;
using Masumi.Tests;

namespace Masumi.Corpora.Tests;

/// <summary>The conformance corpus of the Plutus project: result and budget of every case, in text and in flat.</summary>
public class ConformanceTests
{
    private static readonly ConformanceJudge Judge = new(ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3]);

    private static string? Corpus => SharedData.TryFind("plutus-conformance", "test-cases", "uplc");

    /// <summary>Every case of the corpus, or one row that says that it is absent.</summary>
    public static IEnumerable<TheoryDataRow<string>> Cases() =>
        Corpus is { } corpus
            ? ConformanceCase.NamesBelow(corpus).Select(n => new TheoryDataRow<string>(n))
            : [new TheoryDataRow<string>("") { Skip = "the conformance corpus is absent" }];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_the_expected_result_and_budget(string name)
    {
        var verdict = Judge.Judge(ConformanceCase.Load(Corpus!, name));
        Assert.True(verdict.Passed, string.Join('\n', verdict.Differences));
    }
}
