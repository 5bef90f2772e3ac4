using Masumi.Cardano;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: inputs, mint, withdrawals and refunds equal outputs, fee, deposits and donation, asset by asset (spec cardano.md 5.4).</summary>
internal static class ValueConserved
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var consumed = Balance.Zero().Add(tx.Body.Mint);
        foreach (var output in tx.Spent.Values)
        {
            consumed.Add(output.Value);
        }

        foreach (var (_, amount) in tx.Body.Withdrawals)
        {
            consumed.Add(amount);
        }

        consumed.Add(Deposits.Refunded(tx));

        var produced = Balance.Zero().Add(tx.Body.Fee).Add(tx.Body.Donation ?? Lovelace.Zero).Add(Deposits.Paid(tx));
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
