using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: the keys of spent inputs, collateral, withdrawals and certificates, and the required signers, have signed.</summary>
internal static class RequiredSignatures
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var required = new HashSet<Hash28>(tx.Body.RequiredSigners);
        foreach (var output in tx.Spent.Values.Concat(tx.Collateral.Values))
        {
            if (output.Address.Payment is { IsKey: true } credential)
            {
                required.Add(credential.Hash);
            }
            else if (output.Address.IsByron && ByronAddress.TryRead(output.Address.Bytes) is { } byron)
            {
                required.Add(byron.Root);
            }
        }

        required.UnionWith(tx.Body.Withdrawals.Select(w => w.Key.Stake).OfType<Credential>().Where(c => c.IsKey).Select(c => c.Hash));
        required.UnionWith(tx.Certificates.SelectMany(c => c.Signers));
        var missing = new HashSet<Hash28>(required);
        missing.ExceptWith(tx.Witnesses.VKeys.Select(w => Blake2b.Hash224(w.PublicKey.Span)));
        if (missing.Count > 0)
        {
            missing.ExceptWith(tx.Witnesses.Bootstrap.Select(ByronAddress.RootOf));
        }

        if (missing.Count > 0)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxow, "MissingVKeyWitnessesUTXOW", Show(missing), Show(required)));
        }

        static string Show(IEnumerable<Hash28> hashes) => string.Join(", ", hashes.Order().Select(h => $"KeyHash {h}"));
    }
}
