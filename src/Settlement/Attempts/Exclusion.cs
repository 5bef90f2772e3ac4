using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Attempts;

/// <summary>What replacing earlier attempts takes (ADR 3, decision 1).</summary>
public abstract record Exclusion
{
    private Exclusion() { }

    /// <summary>Spend these as well, and no chain can hold both an earlier transaction and the new one.</summary>
    public sealed record Spending(ImmutableArray<Utxo> Inputs, ImmutableArray<AttemptRival> Rivals) : Exclusion;

    /// <summary>Nothing spendable would exclude <paramref name="Attempt"/>; it is beyond every possible rollback only after <paramref name="DeadAfter"/>.</summary>
    public sealed record NotYet(TransactionId Attempt, Slot DeadAfter) : Exclusion;

    /// <summary>
    /// How to replace transactions that did not reach the chain as we see it. A fork that we do not see may hold one of them, and become the chain: a lock
    /// built anew from other coins would then stand beside the old one, and the buyer would have paid twice. So the new one spends something that the old
    /// one spends, or something that descends from what now spends it. Where the old one stands upon another that did not come, what takes a coin of that one excludes both.
    /// </summary>
    /// <param name="attempts">Earlier transactions for the same purpose, not on chain.</param>
    /// <param name="known">All our transactions within the reach of a rollback, whatever became of them.</param>
    /// <param name="coins">What the wallet can spend now.</param>
    /// <param name="tip">The chain's newest slot.</param>
    /// <param name="stability">Slots after which a block can no longer be undone (3k/f).</param>
    public static Exclusion Of(IEnumerable<Attempt> attempts, IReadOnlyList<Attempt> known, IReadOnlyList<Utxo> coins, Slot tip, long stability)
    {
        var spend = new SortedDictionary<TxInput, Utxo>();
        var rivals = ImmutableArray.CreateBuilder<AttemptRival>();
        foreach (var attempt in attempts.Where(a => tip <= a.BeyondRollback(stability)))
        {
            var excludes = Excluding(attempt, known);
            var coin = coins.FirstOrDefault(c => spend.ContainsKey(c.Input) && excludes(c.Input)) ?? coins.FirstOrDefault(c => excludes(c.Input));
            if (coin is null)
            {
                return new NotYet(attempt.TxId, attempt.BeyondRollback(stability));
            }

            spend[coin.Input] = coin;
            rivals.Add(new AttemptRival(attempt.Id, coin.Input));
        }

        return new Spending([.. spend.Values], rivals.ToImmutable());
    }

    // Outputs whose spending no chain can hold together with an attempt: what its lineage spends, and what came of that in any other transaction.
    private static Func<TxInput, bool> Excluding(Attempt attempt, IReadOnlyList<Attempt> known)
    {
        var (lineage, exclusive, takers) = LineageOf(attempt, known);
        var others = known.Where(k => k.Transaction is not null && !lineage.Contains(k.TxId)).ToList();
        int before;
        do
        {
            // Until nothing comes of it any more: what was adopted bears its block's time, and may stand behind what stands upon it.
            before = exclusive.Count;
            foreach (var other in others)
            {
                var body = other.Transaction!.Body;
                if (body.Inputs.Any(exclusive.Contains))
                {
                    exclusive.UnionWith(Enumerable.Range(0, body.Outputs.Length).Select(i => new TxInput(other.TxId, i)));
                }

                // There is such an output on a chain alone where its scripts failed, and it took its collateral.
                if (body.Collateral.Any(exclusive.Contains))
                {
                    exclusive.Add(new TxInput(other.TxId, body.Outputs.Length));
                }
            }
        } while (exclusive.Count > before);

        return input => exclusive.Contains(input) || takers.Contains(input.TxId);
    }

    // An attempt and those of ours that must be on chain for it to be, as they make what it spends; what they spend together; and who on chain took something of that.
    private static (HashSet<TransactionId> Lineage, HashSet<TxInput> Spends, HashSet<TransactionId> Takers) LineageOf(
        Attempt attempt,
        IReadOnlyList<Attempt> known
    )
    {
        var makers = known.Where(k => k.Transaction is not null).ToDictionary(k => k.TxId);
        var lineage = new HashSet<TransactionId> { attempt.TxId };
        var spends = new HashSet<TxInput>();
        var takers = new HashSet<TransactionId>();
        var waiting = new Queue<TxInput>();
        Take(attempt.Transaction!.Body.Inputs, attempt.TakenBy);
        while (waiting.TryDequeue(out var input))
        {
            if (makers.TryGetValue(input.TxId, out var maker))
            {
                // What it gives back of its collateral it makes only where it failed, and took that alone.
                var body = maker.Transaction!.Body;
                var isValid = input.Index < body.Outputs.Length;
                lineage.Add(maker.TxId);
                Take(isValid ? body.Inputs : body.Collateral, isValid ? maker.TakenBy : null);
            }
        }

        return (lineage, spends, takers);

        void Take(IEnumerable<TxInput> inputs, TransactionId? taker)
        {
            foreach (var input in inputs.Where(spends.Add))
            {
                waiting.Enqueue(input);
            }

            if (taker is { } one)
            {
                takers.Add(one);
            }
        }
    }
}
