using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: body key 7 and the auxiliary data belong together; scripts inside are well formed.</summary>
internal static class AuxiliaryDataHash
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        switch (tx.Body.AuxiliaryDataHash, tx.Transaction.AuxiliaryData)
        {
            case (null, null):
                return;
            case ({ } hash, null):
                failures.Add(LedgerFailure.Of(LedgerRule.Utxow, "MissingTxMetadata", $"{hash}", "auxiliary data of this hash"));
                return;
            case (null, { } data):
                failures.Add(LedgerFailure.Of(LedgerRule.Utxow, "MissingTxBodyMetadataHash", $"{data.Hash}", "this hash in the body"));
                return;
            case ({ } supplied, { } data):
                var expected = data.Hash;
                if (supplied != expected)
                {
                    failures.Add(new LedgerFailure(LedgerRule.Utxow, "ConflictingMetadataHash", $"{supplied}", $"{expected}"));
                }

                // Over-long metadata does not decode in Conway, so only scripts are left to look at.
                if (data.Scripts.Any(s => !MalformedScripts.IsWellFormed(s, tx.Parameters)))
                {
                    failures.Add(LedgerFailure.Of(LedgerRule.Utxow, "InvalidMetadata", "a script in the auxiliary data is malformed", "well-formed scripts"));
                }

                return;
        }
    }
}
