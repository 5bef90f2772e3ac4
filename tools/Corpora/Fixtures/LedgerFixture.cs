namespace Masumi.Corpora.Fixtures;

/// <summary>How a fixture ended.</summary>
public enum FixtureVerdict
{
    /// <summary>Everything was as expected.</summary>
    Passed,

    /// <summary>The ledger said something else.</summary>
    Failed,

    /// <summary>It turns on governance procedures, which this ledger does not judge; what comes before them was as expected.</summary>
    OutsideScope,
}

/// <summary>What judging a fixture gave.</summary>
/// <param name="Name">The fixture, as a path below the folder given.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Expected">What the fixture expects.</param>
/// <param name="Actual">What the ledger said; outside the scope, why it says nothing.</param>
public sealed record FixtureResult(string Name, FixtureVerdict Verdict, string Expected, string Actual);

/// <summary>A whole-ledger fixture: a state, transactions, and what a Cardano node says to them.</summary>
public abstract class LedgerFixture
{
    private protected LedgerFixture(string name)
    {
        Name = name;
    }

    /// <summary>Its path below the folder given.</summary>
    public string Name { get; }

    /// <summary>
    /// The fixtures of a folder laid out as the amaru project's ledger tests: <c>transaction</c> (JSON, one transaction each) and
    /// <c>rules-conformance</c> (CBOR, sequences from the Haskell ledger's own tests), or one of the two. Throws <see cref="IOException"/>.
    /// </summary>
    public static IReadOnlyList<LedgerFixture> Below(string folder)
    {
        var transactions = Either(folder, "transaction", TransactionFixture.Scenarios);
        var sequences = Either(folder, "rules-conformance", SequenceFixture.Eras);
        return [.. transactions is null ? [] : TransactionFixture.In(transactions, folder), .. sequences is null ? [] : SequenceFixture.In(sequences, folder)];
    }

    /// <summary>Judges it. Never throws for what a fixture contains: what cannot be read has failed.</summary>
    public FixtureResult Judge(Cardano.Building.IScriptEvaluator evaluator)
    {
        try
        {
            return JudgeContent(evaluator);
        }
        catch (Exception e)
            when (e
                    is FormatException
                        or System.Text.Json.JsonException
                        or System.Formats.Cbor.CborContentException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or ArgumentException
                        or OverflowException
                        or NullReferenceException
                        or FileNotFoundException
                        or DirectoryNotFoundException
            )
        {
            return Result(FixtureVerdict.Failed, "a fixture that can be read", e.Message);
        }
    }

    private protected abstract FixtureResult JudgeContent(Cardano.Building.IScriptEvaluator evaluator);

    private protected FixtureResult Result(FixtureVerdict verdict, string expected, string actual) => new(Name, verdict, expected, actual);

    private static string? Either(string folder, string name, string content)
    {
        var below = Path.Combine(folder, name);
        return Directory.Exists(Path.Combine(below, content)) ? below
            : Directory.Exists(Path.Combine(folder, content)) ? folder
            : null;
    }
}
