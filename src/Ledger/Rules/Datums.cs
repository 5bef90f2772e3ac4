using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: datums of spent script outputs are known, and no datum is attached without a reason.</summary>
internal static class Datums
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var required = new HashSet<DatumHash>();
        var withoutDatum = new List<TxInput>();
        foreach (var (need, script) in tx.NeededPlutus)
        {
            switch (need.Spent?.Datum)
            {
                case TxDatum.ByHash byHash:
                    required.Add(byHash.Hash);
                    break;
                case null when need.Spent is not null && script.Language != ScriptLanguage.PlutusV3:
                    withoutDatum.Add(tx.SortedInputs[need.Pointer.Index]);
                    break;
            }
        }

        if (withoutDatum.Count > 0)
        {
            failures.Add(LedgerFailure.Of(LedgerRule.Utxow, "UnspendableUTxONoDatumHash", string.Join(", ", withoutDatum), "outputs with a datum"));
        }

        var attached = tx.Witnesses.Datums.Select(d => d.Hash).ToHashSet();
        var missing = required.Where(h => !attached.Contains(h)).Order().ToArray();
        if (missing.Length > 0)
        {
            failures.Add(
                new LedgerFailure(LedgerRule.Utxow, "MissingRequiredDatums", $"[{string.Join(", ", attached.Order())}]", $"[{string.Join(", ", missing)}]")
            );
        }

        var allowed = tx.AllOutputs.Concat(tx.Referenced.Values).Select(o => o.Datum).OfType<TxDatum.ByHash>().Select(d => d.Hash).ToHashSet();
        var supplemental = attached.Where(h => !required.Contains(h) && !allowed.Contains(h)).Order().ToArray();
        if (supplemental.Length > 0)
        {
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Utxow,
                    "NotAllowedSupplementalDatums",
                    $"[{string.Join(", ", supplemental)}]",
                    $"[{string.Join(", ", allowed.Order())}]"
                )
            );
        }
    }
}
