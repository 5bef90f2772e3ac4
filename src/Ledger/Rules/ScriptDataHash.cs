using Masumi.Cardano;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: body key 11 is the hash of redeemers, datums and the cost models of the languages used (spec cardano.md 4.1).</summary>
internal static class ScriptDataHash
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var languages = tx.NeededPlutus.Select(p => p.Script.Language).ToHashSet();
        var expected = ScriptIntegrity.Hash(tx.Transaction.RedeemerBytes, tx.Transaction.DatumBytes, languages, tx.Parameters);
        if (tx.Body.ScriptDataHash != expected)
        {
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Utxow,
                    tx.Parameters.ProtocolMajor >= 11 ? "ScriptIntegrityHashMismatch" : "PPViewHashesDontMatch",
                    Show(tx.Body.ScriptDataHash),
                    Show(expected)
                )
            );
        }

        static string Show(Hash32? hash) => hash is { } value ? $"SJust {value}" : "SNothing";
    }
}
