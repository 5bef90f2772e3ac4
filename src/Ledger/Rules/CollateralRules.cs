using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: with redeemers, enough key-locked ADA stands for a phase-2 failure (spec cardano.md 5.5).</summary>
internal static class CollateralRules
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Witnesses.Redeemers.IsEmpty)
        {
            return;
        }

        var scriptLocked = tx.Collateral.Where(c => c.Value.Address.Payment is not { IsKey: true } && !c.Value.Address.IsByron).ToArray();
        if (scriptLocked.Length > 0)
        {
            Fail(
                "ScriptsNotPaidUTxO",
                string.Join(", ", scriptLocked.Select(c => $"{c.Key}").Order(StringComparer.Ordinal)),
                "outputs locked by keys",
                saysSuppliedOnly: true
            );
        }

        var balance = Balance.Zero();
        foreach (var output in tx.Collateral.Values)
        {
            balance.Add(output.Value);
        }

        if (tx.Body.CollateralReturn is { } change)
        {
            balance.Subtract(change.Value);
        }

        if (!balance.IsAdaOnly)
        {
            Fail("CollateralContainsNonADA", $"{balance}", "ADA only", saysSuppliedOnly: true);
        }

        var required = Fees.MinCollateral(tx.Parameters, tx.Body.Fee);
        if (balance.Coin < required.Amount)
        {
            Fail("InsufficientCollateral", $"DeltaCoin {balance.Coin}", $"Coin {required}");
        }

        if (tx.Body.TotalCollateral is { } total && balance.Coin != total.Exact)
        {
            Fail("IncorrectTotalCollateralField", $"Coin {total}", $"DeltaCoin {balance.Coin}");
        }

        // The ledger counts those that exist; the others are BadInputsUTxO as well.
        if (tx.Collateral.Count == 0)
        {
            Fail("NoCollateralInputs", "no collateral inputs", "at least one", saysSuppliedOnly: true);
        }

        void Fail(string predicate, string supplied, string expected, bool saysSuppliedOnly = false) =>
            failures.Add(new LedgerFailure(LedgerRule.Utxo, predicate, supplied, expected) { SaysSuppliedOnly = saysSuppliedOnly });
    }
}
