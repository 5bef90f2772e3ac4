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
        var required = new HashSet<KeyHash>(tx.Body.RequiredSigners);
        foreach (var output in tx.Spent.Values.Concat(tx.Collateral.Values))
        {
            if (output.Address.Payment?.AsKey is { } key)
            {
                required.Add(key);
            }
            else if (output.Address.IsByron && ByronAddress.TryRead(output.Address.Bytes) is { } byron)
            {
                // The ledger counts the root of a Byron address as a key hash, and so a bootstrap witness's.
                required.Add(new KeyHash(byron.Root));
            }
        }

        required.UnionWith(tx.Body.Withdrawals.Select(w => w.Key.Stake).OfType<Credential>().Where(c => c.IsKey).Select(c => c.AsKey!.Value));
        required.UnionWith(tx.Certificates.SelectMany(c => c.Signers));
        var missing = new HashSet<KeyHash>(required);
        missing.ExceptWith(tx.Witnesses.VKeys.Select(w => new KeyHash(Blake2b.Hash224(w.PublicKey.Span))));
        if (missing.Count > 0)
        {
            missing.ExceptWith(tx.Witnesses.Bootstrap.Select(w => new KeyHash(ByronAddress.RootOf(w))));
        }

        if (missing.Count > 0)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxow, "MissingVKeyWitnessesUTXOW", Show(missing), Show(required)));
        }

        static string Show(IEnumerable<KeyHash> hashes) => string.Join(", ", hashes.Order().Select(h => $"KeyHash {h}"));
    }
}
