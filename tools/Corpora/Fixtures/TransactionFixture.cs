using System.Text.Json.Nodes;
using Masumi.Cardano.Building;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;
using Masumi.Ledger.Rules;

namespace Masumi.Corpora.Fixtures;

/// <summary>One transaction against one state, in JSON, with the predicate it must break (amaru: <c>tests/data/transaction</c>).</summary>
internal sealed class TransactionFixture : LedgerFixture
{
    public const string Scenarios = "scenarios";

    private const string Pass = "accepted";
    private const string NotDecoded = "not decoded";

    // The fixtures spell some predicates in their own way (spec cardano.md 6).
    private static readonly Dictionary<string, string> Names = new()
    {
        ["MissingVerificationKeyWitnessesUTXOW"] = "MissingVKeyWitnessesUTXOW",
        ["WrongNetworkInTxOutput"] = "WrongNetwork",
        ["StakeKeyRegistered"] = "StakeKeyRegisteredDELEG",
        ["StakeKeyHasNonZeroAccountBalance"] = "StakeKeyHasNonZeroAccountBalanceDELEG",
        ["StakeCredentialInvalidPoolDelegation"] = "StakeKeyNotRegisteredDELEG",
        ["DelegateeDRepNotRegistered"] = "DelegateeDRepNotRegisteredDELEG",
        ["DelegateeStakePoolNotRegistered"] = "DelegateeStakePoolNotRegisteredDELEG",
        ["DRepAlreadyRegistered"] = "ConwayDRepAlreadyRegistered",
        ["CommitteeHasPreviouslyResigned"] = "ConwayCommitteeHasPreviouslyResigned",
        ["CommitteeIsUnknown"] = "ConwayCommitteeIsUnknown",
    };

    private readonly string _root;
    private readonly string _file;

    private TransactionFixture(string root, string file, string name)
        : base(name)
    {
        _root = root;
        _file = file;
    }

    public static IEnumerable<LedgerFixture> In(string root, string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(root, Scenarios), "*.json")
            .Order(StringComparer.Ordinal)
            .Select(f => new TransactionFixture(root, f, Path.GetRelativePath(folder, f)));

    private protected override FixtureResult JudgeContent(IScriptEvaluator evaluator)
    {
        var fixture = JsonNode.Parse(File.ReadAllText(_file))!.AsObject();
        var expected = Expected(fixture["expected"]!);
        Transaction transaction;
        try
        {
            transaction = Transaction.FromCbor(Convert.FromHexString((string)fixture["transaction"]!));
        }
        catch (CborFormatException e)
        {
            return Result(expected.Predicate == NotDecoded ? FixtureVerdict.Passed : FixtureVerdict.Failed, expected.ToString(), $"{NotDecoded}: {e.Message}");
        }

        if (Scope.GovernanceProcedures(transaction.Body).FirstOrDefault() is { } procedures)
        {
            return Result(FixtureVerdict.OutsideScope, expected.ToString(), $"the transaction has {procedures}");
        }

        var state = TransactionFixtureState.Read(fixture) with { Epoch = TransactionFixtureEnvironment.Epoch(fixture, _root) };
        var applied = Conway.Apply(state, TransactionFixtureEnvironment.Read(fixture, _root), transaction, evaluator);
        var failures = applied is ApplyResult.Refused refused ? refused.Failures : [];
        var agrees =
            expected.Predicate == Pass
                ? failures.IsEmpty
                : failures.Any(f =>
                    f.Predicate == expected.Predicate && (expected.Detail is not { } detail || f.Supplied.Contains(detail, StringComparison.Ordinal))
                );
        return Result(agrees ? FixtureVerdict.Passed : FixtureVerdict.Failed, expected.ToString(), failures.IsEmpty ? Pass : string.Join("; ", failures));
    }

    private static Expectation Expected(JsonNode expected)
    {
        if (expected is not JsonObject failure)
        {
            return new Expectation(Pass);
        }

        return failure["decodingFailure"] is not null
            ? new Expectation(NotDecoded)
            : new Expectation(
                (string)failure["predicate"]! is var name && Names.TryGetValue(name, out var known) ? known : name,
                (string?)failure["description"]
            );
    }

    private readonly record struct Expectation(string Predicate, string? Detail = null)
    {
        public override string ToString() => Detail is null ? Predicate : $"{Predicate} ({Detail})";
    }
}
