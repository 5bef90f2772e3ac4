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
    /// one spends, or something that descends from what now spends it.
    /// </summary>
    /// <param name="attempts">Earlier transactions for the same purpose, of one wallet, not on chain.</param>
    /// <param name="standing">That wallet's transactions since, in a block or on their way, oldest first.</param>
    /// <param name="coins">What the wallet can spend now.</param>
    /// <param name="tip">The chain's newest slot.</param>
    /// <param name="stability">Slots after which a block can no longer be undone (3k/f).</param>
    public static Exclusion Of(IEnumerable<Attempt> attempts, IReadOnlyList<Attempt> standing, IReadOnlyList<Utxo> coins, Slot tip, long stability)
    {
        var spend = new SortedDictionary<TxInput, Utxo>();
        var rivals = ImmutableArray.CreateBuilder<AttemptRival>();
        foreach (var attempt in attempts.Where(a => tip <= a.BeyondRollback(stability)))
        {
            var exclusive = Exclusive(attempt, standing);
            bool Excludes(Utxo c) => exclusive.Contains(c.Input) || c.Input.TxId == attempt.TakenBy;
            var coin = coins.FirstOrDefault(c => spend.ContainsKey(c.Input) && Excludes(c)) ?? coins.FirstOrDefault(Excludes);
            if (coin is null)
            {
                return new NotYet(attempt.TxId, attempt.BeyondRollback(stability));
            }

            spend[coin.Input] = coin;
            rivals.Add(new AttemptRival(attempt.Id, coin.Input));
        }

        return new Spending([.. spend.Values], rivals.ToImmutable());
    }

    /// <summary>Outputs whose spending no chain can hold together with an attempt: its inputs, and what came of them in later transactions of the wallet.</summary>
    public static IReadOnlySet<TxInput> Exclusive(Attempt attempt, IReadOnlyList<Attempt> standing)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(standing);
        var exclusive = attempt.Transaction!.Body.Inputs.ToHashSet();
        foreach (var later in standing.Where(s => s.Transaction is not null && s.Id != attempt.Id))
        {
            var body = later.Transaction!.Body;
            if (body.Inputs.Any(exclusive.Contains))
            {
                exclusive.UnionWith(Enumerable.Range(0, body.Outputs.Length).Select(i => new TxInput(later.TxId, i)));
            }

            // There is such an output on a chain alone where its scripts failed, and it took its collateral.
            if (body.Collateral.Any(exclusive.Contains))
            {
                exclusive.Add(new TxInput(later.TxId, body.Outputs.Length));
            }
        }

        return exclusive;
    }
}
