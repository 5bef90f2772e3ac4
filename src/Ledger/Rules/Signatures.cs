using Masumi.Cardano.Crypto;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: every signature given, needed or not, is one of the transaction id.</summary>
internal static class Signatures
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var message = tx.Transaction.Id.ToArray();
        var invalid = tx
            .Witnesses.VKeys.Where(w => !Ed25519.Verify(w.PublicKey.Span, message, w.Signature.Span))
            .Select(w => w.PublicKey)
            .Concat(tx.Witnesses.Bootstrap.Where(w => !Ed25519.Verify(w.PublicKey.Span, message, w.Signature.Span)).Select(w => w.PublicKey))
            .Select(key => $"VKey {Convert.ToHexStringLower(key.Span)}")
            .ToArray();
        if (invalid.Length > 0)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxow, "InvalidWitnessesUTXOW", string.Join(", ", invalid), $"signatures of {tx.Transaction.Id}"));
        }
    }
}
