using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: attributes of Byron addresses in outputs are at most 64 bytes.</summary>
internal static class BootstrapAttributes
{
    private const int MaxSize = 64;

    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        foreach (var output in tx.AllOutputs)
        {
            if (output.Address.IsByron && ByronAddress.TryRead(output.Address.Bytes) is { AttributesSize: > MaxSize } byron)
            {
                failures.Add(new LedgerFailure(LedgerRule.Utxo, "OutputBootAddrAttrsTooBig", $"{byron.AttributesSize} bytes", $"{MaxSize} bytes"));
            }
        }
    }
}
