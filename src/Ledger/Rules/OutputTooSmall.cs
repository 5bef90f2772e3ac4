using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: every output and the collateral return hold the least ADA for their bytes (spec cardano.md 5.3).</summary>
internal static class OutputTooSmall
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var small = tx
            .AllOutputs.Select((output, index) => (Index: index, Coin: output.Value.Coin, Required: Fees.MinUtxo(tx.Parameters, output)))
            .Where(o => o.Coin < o.Required)
            .ToArray();
        if (small.Length > 0)
        {
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Utxo,
                    "BabbageOutputTooSmallUTxO",
                    string.Join(", ", small.Select(o => $"output {o.Index}: Coin {o.Coin}")),
                    string.Join(", ", small.Select(o => $"output {o.Index}: Coin {o.Required}"))
                )
            );
        }
    }
}
