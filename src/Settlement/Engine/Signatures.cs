using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Engine;

/// <summary>Whose doing a transaction is.</summary>
internal static class Signatures
{
    /// <summary>Whether every signature of a transaction holds, and one is of this key.</summary>
    public static bool Hold(Transaction transaction, KeyHash key)
    {
        var body = transaction.Id.ToArray();
        var signed = false;
        foreach (var witness in transaction.Witnesses.VKeys)
        {
            if (!Ed25519.Verify(witness.PublicKey.Span, body, witness.Signature.Span))
            {
                return false;
            }

            signed |= new KeyHash(Blake2b.Hash224(witness.PublicKey.Span)) == key;
        }

        return signed;
    }
}
