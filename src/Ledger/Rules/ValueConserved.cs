using Masumi.Cardano;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: inputs and mint equal outputs, fee and donation, asset by asset (spec cardano.md 5.4).</summary>
internal static class ValueConserved
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var consumed = Balance.Zero().Add(tx.Body.Mint);
        foreach (var output in tx.Spent.Values)
        {
            consumed.Add(output.Value);
        }

        var produced = Balance.Zero().Add(tx.Body.Fee).Add(tx.Body.Donation ?? Lovelace.Zero);
        foreach (var output in tx.Body.Outputs)
        {
            produced.Add(output.Value);
        }

        if (!consumed.SameAs(produced))
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "ValueNotConservedUTxO", $"{consumed}", $"{produced}"));
        }
    }
}
