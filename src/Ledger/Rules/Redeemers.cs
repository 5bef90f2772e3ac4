using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXOW: exactly one redeemer for every purpose a Plutus script guards.</summary>
internal static class Redeemers
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var needed = tx.NeededPlutus.Select(p => p.Need.Pointer).ToHashSet();
        var given = tx.Witnesses.Redeemers.Select(r => r.Pointer).ToHashSet();
        Report("ExtraRedeemers", given.Where(p => !needed.Contains(p)));
        Report("MissingRedeemers", needed.Where(p => !given.Contains(p)));

        void Report(string predicate, IEnumerable<RedeemerPointer> pointers)
        {
            var all = string.Join(", ", pointers.Order());
            if (all.Length > 0)
            {
                failures.Add(LedgerFailure.Of(LedgerRule.Utxow, predicate, all, $"[{string.Join(", ", needed.Order())}]"));
            }
        }
    }
}
