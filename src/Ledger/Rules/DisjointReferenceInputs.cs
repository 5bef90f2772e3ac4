using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO, protocol versions 9 and 10: nothing is both spent and referenced. From 11 on only V3 contexts refuse that.</summary>
internal static class DisjointReferenceInputs
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Parameters.ProtocolMajor is not (9 or 10))
        {
            return;
        }

        var both = tx.Body.ReferenceInputs.Intersect(tx.Body.Inputs).Order().ToArray();
        if (both.Length > 0)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxo, "BabbageNonDisjointRefInputs", string.Join(", ", both), "no output both spent and referenced"));
        }
    }
}
