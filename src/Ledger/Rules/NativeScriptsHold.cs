using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Scripts;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: every needed native script at hand must accept the signers and the validity interval.</summary>
internal static class NativeScriptsHold
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        // Only ordinary signatures count: a bootstrap witness satisfies no native script.
        var signers = tx.Witnesses.VKeys.Select(w => new KeyHash(Blake2b.Hash224(w.PublicKey.Span))).ToHashSet();
        var failed = tx
            .Needed.Select(n => n.Hash)
            .Distinct()
            .Where(hash =>
                tx.FindScript(hash) is { Language: ScriptLanguage.Native } script
                && NativeScript.TryRead(script.Bytes)?.Accepts(signers, tx.Body.InvalidBefore, tx.Body.InvalidHereafter) != true
            )
            .Order()
            .ToArray();
        if (failed.Length > 0)
        {
            failures.Add(
                LedgerFailure.Of(
                    LedgerRule.Utxow,
                    "ScriptWitnessNotValidatingUTXOW",
                    string.Join(", ", failed),
                    "scripts that accept signers and validity interval"
                )
            );
        }
    }
}
