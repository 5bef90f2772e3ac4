using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>What this ledger does not implement is refused by name, never waved through.</summary>
internal static class Scope
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        foreach (var procedures in GovernanceProcedures(tx.Body))
        {
            failures.Add(
                LedgerFailure.Of(
                    LedgerRule.Ledger,
                    LedgerFailure.OutsideScopePredicate,
                    $"{procedures}: outside this ledger's scope",
                    "no governance procedures"
                )
            );
        }
    }

    /// <summary>Which governance procedures the transaction carries.</summary>
    public static IEnumerable<string> GovernanceProcedures(Cardano.Transactions.TransactionBody body)
    {
        if (body.VotingProcedures is not null)
        {
            yield return "voting procedures (body key 19)";
        }

        if (body.ProposalProcedures is not null)
        {
            yield return "proposal procedures (body key 20)";
        }
    }
}
