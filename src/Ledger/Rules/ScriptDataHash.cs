using Masumi.Cardano.Building;
using Masumi.Cardano.Crypto;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: body key 11 is the hash of redeemers, datums and the cost models of the languages used (spec cardano.md 4.1).</summary>
internal static class ScriptDataHash
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var languages = tx.NeededPlutus.Select(p => p.Script.Language).ToHashSet();
        var preimage = ScriptIntegrity.Preimage(tx.Transaction.RedeemerBytes, tx.Transaction.DatumBytes, languages, tx.Parameters);
        Cardano.ScriptDataHash? expected = preimage is null ? null : new Cardano.ScriptDataHash(Blake2b.Hash256(preimage));
        if (tx.Body.ScriptDataHash != expected)
        {
            // From protocol version 11 on the failure also says what should have been hashed, so that one can see which part differs.
            var named = tx.Parameters.ProtocolMajor >= 11;
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Utxow,
                    named ? "ScriptIntegrityHashMismatch" : "PPViewHashesDontMatch",
                    Show(tx.Body.ScriptDataHash),
                    Show(expected)
                )
                {
                    Detail =
                        !named ? null
                        : preimage is null ? "SNothing"
                        : $"SJust \"{Convert.ToHexStringLower(preimage)}\"",
                }
            );
        }

        static string Show(Cardano.ScriptDataHash? hash) => hash is { } value ? $"SJust {value}" : "SNothing";
    }
}
