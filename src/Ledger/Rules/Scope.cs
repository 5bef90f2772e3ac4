namespace Masumi.Ledger.Rules;

/// <summary>What this ledger does not implement is refused by name, never waved through.</summary>
internal static class Scope
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        Refuse(!tx.Body.Certificates.IsEmpty, "certificates (body key 4)");
        Refuse(!tx.Body.Withdrawals.IsEmpty, "withdrawals (body key 5)");
        Refuse(tx.Body.VotingProcedures is not null, "voting procedures (body key 19)");
        Refuse(tx.Body.ProposalProcedures is not null, "proposal procedures (body key 20)");

        void Refuse(bool present, string what)
        {
            if (present)
            {
                failures.Add(new LedgerFailure(LedgerRule.Ledger, LedgerFailure.OutsideScopePredicate, $"{what}: outside this ledger's scope"));
            }
        }
    }
}
