using Masumi.Cardano;
using Masumi.Ledger;

namespace Masumi.Devnet;

/// <summary>What states follow from besides the blocks.</summary>
internal sealed record ChainRules(ProtocolParameters Parameters, int EpochLength)
{
    public long EpochOf(Slot slot) => slot.Number / EpochLength;

    /// <summary>The state after a block. It was valid, so nothing is checked.</summary>
    public LedgerState After(LedgerState state, LedgerBlock block)
    {
        state = At(state, block.Slot);
        foreach (var transaction in block.Transactions)
        {
            state = state.After(transaction, Parameters);
        }

        return state;
    }

    /// <summary>The state at a slot, no transaction having come since: another one when an epoch begins in between.</summary>
    public LedgerState At(LedgerState state, Slot slot) => state.AtEpoch(EpochOf(slot));
}
