using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;
using Masumi.Ledger.Rules;
using Masumi.Ledger.State;

namespace Masumi.Corpora.Fixtures;

/// <summary>
/// A sequence of transactions and passing time, in CBOR, from the Haskell ledger's own tests (amaru: <c>tests/data/rules-conformance</c>):
/// <c>[config, initial state, final state, events, title]</c>. Each transaction says whether the ledger accepted it, without a predicate; the final state is compared too.
/// </summary>
/// <remarks>
/// A transaction with governance procedures is not judged. When the ledger refused it, the state is as before and the sequence goes on;
/// when it accepted it, all that follows rests on it, so the fixture ends there, outside the scope.
/// </remarks>
internal sealed class SequenceFixture : LedgerFixture
{
    public const string Eras = "eras";

    private const int TransactionEvent = 0;
    private const string AllAgree = "the ledger's verdict on every transaction";

    private readonly string _root;
    private readonly string _file;

    private SequenceFixture(string root, string file, string name)
        : base(name)
    {
        _root = root;
        _file = file;
    }

    public static IEnumerable<LedgerFixture> In(string root, string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(root, Eras), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(f => new SequenceFixture(root, f, Path.GetRelativePath(folder, f)));

    private protected override FixtureResult JudgeContent(IScriptEvaluator evaluator)
    {
        var reader = new CborReader(File.ReadAllBytes(_file), CborConformanceMode.Lax);
        reader.ReadStartArray();
        var world = SequenceFixtureState.Read(reader, _root);
        var final = SequenceFixtureState.ReadFinal(reader);
        var events = ReadTransactions(reader);
        string? unjudged = null;
        var verdicts = new List<string>();
        var (state, environment) = (world.State, world.Environment);
        for (var i = 0; i < events.Count; i++)
        {
            var (cbor, accepted, slot) = events[i];
            state = state.AtEpoch(world.EpochOf(slot));
            environment = environment with { Slot = slot };
            var place = $"transaction {i + 1} of {events.Count}";
            var expected = $"{place} {(accepted ? "accepted" : "refused")}";
            Transaction transaction;
            try
            {
                transaction = Transaction.FromCbor(cbor);
            }
            catch (CborFormatException e)
            {
                if (accepted)
                {
                    return Result(FixtureVerdict.Failed, expected, $"not decoded: {e.Message}");
                }

                verdicts.Add("not decoded");
                continue;
            }

            if (Scope.GovernanceProcedures(transaction.Body).FirstOrDefault() is { } procedures)
            {
                unjudged ??= $"{place} has {procedures}";
                if (accepted)
                {
                    return Result(FixtureVerdict.OutsideScope, AllAgree, $"{unjudged}; what comes before agrees");
                }

                continue;
            }

            var result = Conway.Apply(state, environment, transaction, evaluator);
            if (result is ApplyResult.Applied != accepted)
            {
                return Result(FixtureVerdict.Failed, expected, result is ApplyResult.Refused refused ? string.Join("; ", refused.Failures) : "accepted");
            }

            if (result is ApplyResult.Refused { Failures: var failures })
            {
                verdicts.Add(string.Join(" and ", failures.Select(f => f.Predicate)));
            }
            else
            {
                state = ((ApplyResult.Applied)result).State;
                verdicts.Add("accepted");
            }
        }

        if (Differences(world.State, state, final) is { Count: > 0 } differences)
        {
            return Result(FixtureVerdict.Failed, "the ledger's final state", $"differences in {string.Join("; ", differences)}");
        }

        return unjudged is null
            ? Result(FixtureVerdict.Passed, AllAgree, string.Join(", ", verdicts))
            : Result(FixtureVerdict.OutsideScope, AllAgree, $"{unjudged}; all others and the final state agree");
    }

    // Treasury and, over an epoch's end, fees also take part in the rewards, which are not computed here.
    private static List<string> Differences(LedgerState initial, LedgerState actual, LedgerState expected)
    {
        var differences = new List<string>();
        Compare("unspent outputs", actual.Utxos, expected.Utxos);
        Compare("accounts", actual.Certs.Accounts, expected.Certs.Accounts);
        Compare("pools", actual.Certs.Pools, expected.Certs.Pools);
        Compare("representatives", actual.Certs.DReps, expected.Certs.DReps);
        Compare("committee", actual.Certs.Committee, expected.Certs.Committee);
        Check("epoch", $"{actual.Epoch}", $"{expected.Epoch}");
        Check("donations", $"{actual.Donations}", $"{expected.Donations}");
        if (actual.Epoch == initial.Epoch)
        {
            Check("fees", $"{actual.FeePot}", $"{expected.FeePot}");
            Check("treasury", $"{actual.Treasury}", $"{expected.Treasury}");
        }

        return differences;

        void Compare<TKey, TValue>(string what, ImmutableDictionary<TKey, TValue> mine, ImmutableDictionary<TKey, TValue> theirs)
            where TKey : notnull =>
            Check(
                what,
                string.Join(", ", mine.Where(m => !theirs.TryGetValue(m.Key, out var value) || !Equals(value, m.Value))),
                string.Join(", ", theirs.Where(t => !mine.TryGetValue(t.Key, out var value) || !Equals(value, t.Value)))
            );

        void Check(string what, string mine, string theirs)
        {
            if (mine != theirs)
            {
                differences.Add($"{what}: expected {theirs}, got {mine}");
            }
        }
    }

    // Time passes in events of its own, but each transaction says its slot.
    private static List<(byte[] Cbor, bool Accepted, Slot Slot)> ReadTransactions(CborReader reader)
    {
        var transactions = new List<(byte[], bool, Slot)>();
        for (reader.ReadStartArray(); reader.PeekState() != CborReaderState.EndArray; reader.ReadEndArray())
        {
            reader.ReadStartArray();
            if (reader.ReadInt32() != TransactionEvent)
            {
                reader.SkipValue();
                continue;
            }

            transactions.Add((reader.ReadByteString(), reader.ReadBoolean(), new Slot(reader.ReadInt64())));
        }

        return transactions;
    }
}
