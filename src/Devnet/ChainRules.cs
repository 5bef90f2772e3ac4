using Masumi.Cardano;
using Masumi.Ledger;

namespace Masumi.Devnet;

/// <summary>What states follow from besides the blocks.</summary>
internal sealed record ChainRules(ProtocolParameters Parameters, int EpochLength)
{
    public long EpochOf(Slot slot) => slot.Number / EpochLength;

    /// <summary>The state after a block. It was valid, so nothing is checked.</summary>
    public LedgerState After(LedgerState state, Slot previous, LedgerBlock block)
    {
        state = Enter(state, previous, block.Slot);
        foreach (var transaction in block.Transactions)
        {
            state = state.After(transaction, Parameters);
        }

        return state;
    }

    /// <summary>The state at a slot, no transaction having come since an earlier one; the same one unless an epoch began that changes something.</summary>
    public LedgerState Enter(LedgerState state, Slot from, Slot to)
    {
        var (first, last) = (EpochOf(from) + 1, EpochOf(to));
        if (first > last)
        {
            return state;
        }

        // Years can be skipped at once. What begins with the next epoch begins in the first of them; after that only retirements come.
        SortedSet<long> epochs = [.. state.Certs.Pools.Values.Select(p => p.RetiringEpoch).OfType<long>().Where(e => e > first && e <= last)];
        if (state.Donations > Lovelace.Zero || state.Certs.Pools.Values.Any(p => p.Future is not null || p.RetiringEpoch == first))
        {
            epochs.Add(first);
        }

        return epochs.Aggregate(state, EpochBoundary.Enter);
    }
}
