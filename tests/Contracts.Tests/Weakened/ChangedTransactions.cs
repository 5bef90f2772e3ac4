using System.Collections.Immutable;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Tests.Whole;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>A few hundred whole transactions, changed in one to three things, always the same ones, with what the rule model says about them.</summary>
internal static class ChangedTransactions
{
    private const int Count = 300;
    private const int Seed = 20260101;

    private static readonly Lazy<ImmutableArray<(Draft Draft, bool IsAccepted)>> V1 = new(() => Make(EscrowFamily.V1));
    private static readonly Lazy<ImmutableArray<(Draft Draft, bool IsAccepted)>> V2 = new(() => Make(EscrowFamily.V2));

    public static ImmutableArray<(Draft Draft, bool IsAccepted)> Of(EscrowFamily family) => family == EscrowFamily.V1 ? V1.Value : V2.Value;

    private static ImmutableArray<(Draft, bool)> Make(EscrowFamily family)
    {
        var random = new Random(Seed);
        var subjects = WholeTransactions.Of(family).Select(whole => (Whole: whole, Mutations: Mutations.Of(whole).ToList())).ToList();
        var made = ImmutableArray.CreateBuilder<(Draft, bool)>();
        while (made.Count < Count)
        {
            var (whole, mutations) = subjects[made.Count % subjects.Count];
            var draft = new Draft(whole);
            try
            {
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    mutations[random.Next(mutations.Count)].Apply(draft, random);
                }
            }
            catch (ArgumentOutOfRangeException)
            {
                // An earlier change took away what this one would change.
                continue;
            }

            var spent = draft.Spent.ToDictionary(s => s.Input, s => s.Output);
            var refusals = EscrowTransactionRules.Check(draft.ToTransaction(), spent, whole.Contract, WholeTransactions.Slots);
            made.Add((draft, refusals.Values.All(r => r.IsEmpty)));
        }

        return made.ToImmutable();
    }
}
