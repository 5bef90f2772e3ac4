using Masumi.Cardano;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: needed scripts are attached or referenced; nothing else is attached, and nothing both attached and referenced.</summary>
internal static class ScriptWitnesses
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var neededInWitnesses = tx.Needed.Select(n => n.Hash).Where(h => !tx.ReferenceScripts.ContainsKey(h)).ToHashSet();
        Report("MissingScriptWitnessesUTXOW", neededInWitnesses.Where(h => !tx.WitnessScripts.ContainsKey(h)));
        Report("ExtraneousScriptWitnessesUTXOW", tx.WitnessScripts.Keys.Where(h => !neededInWitnesses.Contains(h)));

        void Report(string predicate, IEnumerable<ScriptHash> hashes)
        {
            var all = string.Join(", ", hashes.Order());
            if (all.Length > 0)
            {
                failures.Add(LedgerFailure.Of(LedgerRule.Utxow, predicate, all, $"[{string.Join(", ", neededInWitnesses.Order())}]"));
            }
        }
    }
}
