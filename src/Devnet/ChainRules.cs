using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Devnet;

/// <summary>What states follow from besides the blocks.</summary>
internal sealed record ChainRules(ProtocolParameters Parameters, int EpochLength)
{
    public long EpochOf(Slot slot) => slot.Number / EpochLength;

    /// <summary>The state after further blocks. They were valid, so nothing is checked.</summary>
    public LedgerState After(LedgerState state, IEnumerable<LedgerBlock> blocks)
    {
        var epoch = new List<Transaction>();
        foreach (var block in blocks)
        {
            if (EpochOf(block.Slot) > state.Epoch)
            {
                state = At(state.After(epoch, Parameters), block.Slot);
                epoch.Clear();
            }

            epoch.AddRange(block.Transactions);
        }

        return state.After(epoch, Parameters);
    }

    /// <summary>The state at a slot, no transaction having come since: another one when an epoch begins in between.</summary>
    public LedgerState At(LedgerState state, Slot slot) => state.AtEpoch(EpochOf(slot));
}
