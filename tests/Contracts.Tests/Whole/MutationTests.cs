using System.Globalization;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>
/// The compiled contracts and the rule tables written independently in C# (<see cref="EscrowTransactionRules"/>) say the same about whole transactions:
/// accepted ones, every single change of each, and random changes of one to three things until there are 10,000 per family.
/// <c>MASUMI_MUTATION_SEED</c> repeats a run, <c>MASUMI_MUTATIONS</c> sets how many.
/// </summary>
public class MutationTests
{
    private readonly PlutusEvaluator _evaluator = new();

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Every_whole_transaction_is_accepted_by_contract_and_model(EscrowFamily family) =>
        Assert.All(WholeTransactions.Of(family), whole => Assert.Equal((true, ""), Verdicts(whole.Contract, new Draft(whole))));

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Contract_and_model_agree_on_changed_transactions(EscrowFamily family)
    {
        var seed = Number("MASUMI_MUTATION_SEED") ?? Environment.TickCount;
        var count = Number("MASUMI_MUTATIONS") ?? 10_000;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var subjects = WholeTransactions.Of(family).Select(whole => (Whole: whole, Mutations: Mutations.Of(whole).ToList())).ToList();
        var done = 0;
        var accepted = 0;

        foreach (var (whole, mutations) in subjects)
        {
            foreach (var mutation in mutations)
            {
                Check(whole, [mutation]);
            }
        }

        while (done < count)
        {
            var (whole, mutations) = subjects[done % subjects.Count];
            Check(whole, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => mutations[random.Next(mutations.Count)])]);
        }

        // Both verdicts must occur often, or the changes say nothing.
        Assert.InRange(accepted, done / 20, done * 19 / 20);

        void Check(WholeTransaction whole, Mutation[] mutations)
        {
            var draft = new Draft(whole);
            try
            {
                foreach (var mutation in mutations)
                {
                    mutation.Apply(draft, random);
                }
            }
            catch (ArgumentOutOfRangeException)
            {
                // An earlier change took away what this one would change.
                return;
            }

            done++;
            var (verdict, disagreement) = Verdicts(whole.Contract, draft);
            accepted += verdict ? 1 : 0;
            Assert.True(disagreement.Length == 0, $"seed {seed}: {whole.Name}, {string.Join(", ", mutations.Select(m => m.Name))}: {disagreement}");
        }
    }

    private (bool Accepted, string Disagreement) Verdicts(EscrowContract contract, Draft draft)
    {
        var transaction = draft.ToTransaction();
        var spent = draft.Spent.ToDictionary(s => s.Input, s => s.Output);
        var evaluation = _evaluator.Evaluate(transaction, spent, WholeTransactions.Parameters, WholeTransactions.Slots);
        var contractAccepts = evaluation.Succeeded && evaluation.Executions.Length == draft.Escrows.Length;
        var refusals = EscrowTransactionRules.Check(transaction, spent, contract, WholeTransactions.Slots).Values.SelectMany(r => r).ToList();
        return contractAccepts == (refusals.Count == 0)
            ? (contractAccepts, "")
            : (
                contractAccepts,
                contractAccepts
                    ? $"the contract accepts, the model refuses: {string.Join("; ", refusals)}"
                    : $"the model accepts, the contract refuses: {evaluation.ContextFailure} {string.Join("; ", evaluation.Executions.Select(e => e.Failure))}"
            );
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
