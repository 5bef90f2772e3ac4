using Masumi.Cardano.Addresses;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>GOVCERT: representatives and the constitutional committee's keys.</summary>
internal static class GovernanceCertificates
{
    public static void Check(RuleContext tx, CertState state, LedgerCertificate certificate, ICollection<LedgerFailure> failures)
    {
        switch (certificate)
        {
            case LedgerCertificate.RegisterDRep c:
                if (state.DReps.ContainsKey(c.DRep))
                {
                    FailPlainly("ConwayDRepAlreadyRegistered", LedgerFailure.Show(c.DRep), "a DRep not registered yet");
                }

                if (c.Deposit != tx.Parameters.DRepDeposit)
                {
                    Fail("ConwayDRepIncorrectDeposit", $"Coin {c.Deposit}", $"Coin {tx.Parameters.DRepDeposit}");
                }

                break;
            case LedgerCertificate.UnregisterDRep c:
                if (!state.DReps.TryGetValue(c.DRep, out var deposit))
                {
                    FailPlainly("ConwayDRepNotRegistered", LedgerFailure.Show(c.DRep), "a registered DRep");
                }
                else if (c.Refund != deposit)
                {
                    Fail("ConwayDRepIncorrectRefund", $"Coin {c.Refund}", $"Coin {deposit}");
                }

                break;
            case LedgerCertificate.UpdateDRep c when !state.DReps.ContainsKey(c.DRep):
                FailPlainly("ConwayDRepNotRegistered", LedgerFailure.Show(c.DRep), "a registered DRep");
                break;
            case LedgerCertificate.AuthorizeHot c:
                CheckMember(c.Cold);
                break;
            case LedgerCertificate.ResignCold c:
                CheckMember(c.Cold);
                break;
        }

        // Those a proposal in flight would elect count as members too; without governance there are none.
        void CheckMember(Credential cold)
        {
            var member = state.Committee.GetValueOrDefault(cold);
            if (member is { HasResigned: true })
            {
                FailPlainly("ConwayCommitteeHasPreviouslyResigned", LedgerFailure.Show(cold), "a member that has not resigned");
            }

            if (member is not { IsMember: true })
            {
                FailPlainly("ConwayCommitteeIsUnknown", LedgerFailure.Show(cold), "a member of the committee");
            }
        }

        void Fail(string predicate, string supplied, string expected) => failures.Add(new LedgerFailure(LedgerRule.GovCert, predicate, supplied, expected));

        void FailPlainly(string predicate, string supplied, string required) =>
            failures.Add(LedgerFailure.Of(LedgerRule.GovCert, predicate, supplied, required));
    }
}
