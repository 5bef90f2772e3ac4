namespace Masumi.Ledger.Rules;

/// <summary>LEDGER: a transaction may refer to at most 200 KiB of scripts.</summary>
internal static class ReferenceScriptSize
{
    /// <summary>A constant of the ledger's code, not a protocol parameter.</summary>
    public const int MaxPerTransaction = 204_800;

    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        if (tx.ReferenceScriptBytes > MaxPerTransaction)
        {
            failures.Add(
                new LedgerFailure(LedgerRule.Ledger, "ConwayTxRefScriptsSizeTooBig", $"{tx.ReferenceScriptBytes}", $"{MaxPerTransaction}")
            );
        }
    }
}
