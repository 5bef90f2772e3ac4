using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>Something that a certificate did to an account.</summary>
internal sealed record AccountEvent(CertificateContent Certificate, TransactionRecord Transaction, Lovelace Deposit);

/// <summary>What certificates and withdrawals on chain did to an account. What came of it is in the ledger's state.</summary>
internal sealed record AccountHistory
{
    private static readonly AccountHistory New = new();

    public ImmutableList<AccountEvent> Events { get; private init; } = [];

    public ImmutableList<(TransactionRecord Transaction, Lovelace Amount)> Withdrawals { get; private init; } = [];

    /// <summary>Of one account; null when nothing names it.</summary>
    public static AccountHistory? Of(Credential account, DevnetView view, ProtocolParameters parameters)
    {
        var history = New;
        foreach (var record in view.Find(t => t.IsValid && (!t.Body.Certificates.IsEmpty || !t.Body.Withdrawals.IsEmpty)))
        {
            foreach (var (_, amount) in record.Transaction.Body.Withdrawals.Where(w => w.Key.Stake == account))
            {
                history = history with { Withdrawals = history.Withdrawals.Add((record, amount)) };
            }

            // Kinds from 14 on are about committee members and DReps.
            foreach (var certificate in CertificateEndpoints.CertificatesOf(record.Transaction).Where(c => c.Credential == account && c.Kind <= 13))
            {
                history = history with { Events = history.Events.Add(new AccountEvent(certificate, record, certificate.Deposit ?? parameters.KeyDeposit)) };
            }
        }

        return history == New ? null : history;
    }
}
