using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>Something that a certificate did to an account.</summary>
internal sealed record AccountEvent(CertificateContent Certificate, TransactionRecord Transaction, Lovelace Deposit);

/// <summary>What the certificates and withdrawals on chain made of an account.</summary>
internal sealed record AccountState
{
    private static readonly AccountState New = new();

    public bool Registered { get; private init; }

    public Hash28? Pool { get; private init; }

    public string? DRep { get; private init; }

    public ImmutableList<AccountEvent> Events { get; private init; } = [];

    public ImmutableList<(TransactionRecord Transaction, Lovelace Amount)> Withdrawals { get; private init; } = [];

    /// <summary>Every account that a certificate or withdrawal names.</summary>
    public static Dictionary<Credential, AccountState> All(DevnetView view, ProtocolParameters parameters)
    {
        var accounts = new Dictionary<Credential, AccountState>();
        foreach (var record in view.Find(t => t.IsValid && (!t.Body.Certificates.IsEmpty || !t.Body.Withdrawals.IsEmpty)))
        {
            foreach (var (account, amount) in record.Transaction.Body.Withdrawals)
            {
                var state = accounts.GetValueOrDefault(account.Stake!.Value, New);
                accounts[account.Stake.Value] = state with { Withdrawals = state.Withdrawals.Add((record, amount)) };
            }

            foreach (var certificate in CertificateEndpoints.CertificatesOf(record.Transaction))
            {
                // Kinds from 14 on are about committee members and DReps.
                if (certificate is { Credential: { } credential, Kind: <= 13 })
                {
                    accounts[credential] = accounts.GetValueOrDefault(credential, New).After(certificate, record, parameters);
                }
            }
        }

        return accounts;
    }

    private AccountState After(CertificateContent certificate, TransactionRecord record, ProtocolParameters parameters) =>
        this with
        {
            Registered = !certificate.Deregisters && (Registered || certificate.Registers),
            Pool = certificate.Deregisters ? null : certificate.Pool ?? Pool,
            DRep = certificate.Deregisters ? null : certificate.DRep ?? DRep,
            Events = Events.Add(new AccountEvent(certificate, record, certificate.Deposit ?? parameters.KeyDeposit)),
        };
}
