using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>
/// Deposits a transaction pays and gets back (spec cardano.md 5.4), by the state before it. These count what the certificates ask for;
/// whether they may is the certificate rules' business.
/// </summary>
internal static class Deposits
{
    public static BigInteger Paid(RuleContext tx)
    {
        var sum = BigInteger.Zero;
        var newPools = new HashSet<Hash28>();
        foreach (var certificate in tx.Certificates)
        {
            sum += certificate switch
            {
                LedgerCertificate.Register => tx.Parameters.KeyDeposit.Exact,
                LedgerCertificate.RegisterDRep => tx.Parameters.DRepDeposit.Exact,
                LedgerCertificate.RegisterPool c when !tx.State.Certs.Pools.ContainsKey(c.Pool) && newPools.Add(c.Pool) => tx.Parameters.PoolDeposit.Exact,
                _ => 0,
            };
        }

        return sum;
    }

    public static BigInteger Refunded(RuleContext tx)
    {
        var sum = BigInteger.Zero;
        var registeredHere = new HashSet<Credential>();
        var drepsHere = new Dictionary<Credential, Lovelace>();
        foreach (var certificate in tx.Certificates)
        {
            switch (certificate)
            {
                case LedgerCertificate.Register c:
                    registeredHere.Add(c.Account);
                    break;
                case LedgerCertificate.Unregister c when registeredHere.Remove(c.Account):
                    sum += tx.Parameters.KeyDeposit.Exact;
                    break;
                case LedgerCertificate.Unregister c when tx.State.Certs.Accounts.TryGetValue(c.Account, out var account):
                    sum += account.Deposit.Exact;
                    break;
                case LedgerCertificate.RegisterDRep c:
                    drepsHere[c.DRep] = c.Deposit;
                    break;
                case LedgerCertificate.UnregisterDRep c when drepsHere.Remove(c.DRep, out var paid) || tx.State.Certs.DReps.TryGetValue(c.DRep, out paid):
                    sum += paid.Exact;
                    break;
            }
        }

        return sum;
    }
}
