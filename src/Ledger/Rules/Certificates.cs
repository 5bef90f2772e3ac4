using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>CERTS: each certificate, in order, against the state that withdrawals and the certificates before it left.</summary>
internal static class Certificates
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Certificates.IsEmpty)
        {
            return;
        }

        var state = tx.State.Certs.Withdraw(tx.Body);
        foreach (var certificate in tx.Certificates)
        {
            StakeCertificates.Check(tx, state, certificate, failures);
            PoolCertificates.Check(tx, state, certificate, failures);
            GovernanceCertificates.Check(tx, state, certificate, failures);
            state = state.After(certificate, tx.Parameters);
        }
    }
}
