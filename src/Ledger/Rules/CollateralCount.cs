using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: at most maxCollateralInputs.</summary>
internal static class CollateralCount
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.Body.Collateral.Length > tx.Parameters.MaxCollateralInputs)
        {
            failures.Add(new LedgerFailure(LedgerRule.Utxo, "TooManyCollateralInputs", $"{tx.Body.Collateral.Length}", $"{tx.Parameters.MaxCollateralInputs}"));
        }
    }
}
