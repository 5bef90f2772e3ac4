using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Settlement.Deals;

/// <summary>A step of a deal's own escrow, and the states between which it moved it.</summary>
/// <param name="Step">What happened.</param>
/// <param name="Before">The state before; null before a lock.</param>
/// <param name="After">The state after.</param>
public sealed record LifeStep(EscrowStep Step, OnChainState? Before, OnChainState? After);

/// <summary>
/// The steps of the one escrow that counts for a deal, of all parties. Under its identifier there may be more: outputs that anybody made, and a second lock. Walked from
/// where the deal stands back to its lock, so that it tells the same when outputs are no longer kept.
/// </summary>
public static class EscrowLife
{
    /// <summary>Its steps, oldest first; none while no lock counts.</summary>
    public static ImmutableArray<LifeStep> Of(Deal deal, ImmutableArray<EscrowStep> steps)
    {
        ArgumentNullException.ThrowIfNull(deal);
        if (deal.Projection is not { State: { } state, CurrentTransaction: { } newest } projection)
        {
            return [];
        }

        var made = new Dictionary<TxInput, EscrowStep>();
        foreach (var step in steps)
        {
            if (step.Created is { } output)
            {
                made[output] = step;
            }
        }

        var at = projection.Escrow is { } escrow ? made.GetValueOrDefault(escrow) : Last(steps, newest, made);
        var life = new List<LifeStep>();
        for (var after = (OnChainState?)state; at is not null && life.Count <= steps.Length; )
        {
            var before = at.Spent is { } spent ? made.GetValueOrDefault(spent) : null;
            life.Add(new LifeStep(at, before?.State, after));
            (at, after) = (before, before?.State);
        }

        life.Reverse();
        return [.. life];
    }

    // One transaction may end several escrows with the same identifier: of a deal it is the one that comes from the first good lock.
    private static EscrowStep? Last(ImmutableArray<EscrowStep> steps, Cardano.TransactionId newest, Dictionary<TxInput, EscrowStep> made)
    {
        var ends = steps.Where(s => s.TxId == newest && s is { Created: null, Spent: not null }).ToList();
        return ends.Count <= 1 ? ends.FirstOrDefault() : ends.MinBy(e => Place(Root(e)));

        EscrowStep Root(EscrowStep step)
        {
            for (var i = 0; i < steps.Length && step.Spent is { } spent && made.TryGetValue(spent, out var before); i++)
            {
                step = before;
            }

            return step;
        }

        static (long Height, int Index, int Ordinal) Place(EscrowStep step) => (step.Block.Height, step.TxIndex, step.Ordinal);
    }
}
