using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>LEDGER: a transaction may refer to at most 200 KiB of scripts.</summary>
internal static class ReferenceScriptSize
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var limit = tx.Environment.MaxReferenceScriptBytes;
        if (tx.ReferenceScriptBytes > limit)
        {
            failures.Add(new LedgerFailure(LedgerRule.Ledger, "ConwayTxRefScriptsSizeTooBig", $"{tx.ReferenceScriptBytes}", $"{limit}"));
        }
    }
}
