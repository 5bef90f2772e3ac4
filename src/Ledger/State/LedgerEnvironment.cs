using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;

namespace Masumi.Ledger.State;

/// <summary>What transactions are judged by and do not change.</summary>
/// <param name="Parameters">Protocol parameters.</param>
/// <param name="Slots">Slot to time mapping, for script contexts.</param>
/// <param name="Network">The network id that addresses must carry.</param>
/// <param name="Slot">The slot of the block, or for a mempool the slot in progress.</param>
public sealed record LedgerEnvironment(ProtocolParameters Parameters, SlotConfig Slots, NetworkId Network, Slot Slot)
{
    /// <summary>
    /// How many slots ahead slot numbers convert to time; with scripts, an upper validity bound beyond fails with <c>OutsideForecast</c>.
    /// Default: the stability window 3k/f of the public networks.
    /// </summary>
    public long ForecastSlots { get; init; } = 129_600;

    /// <summary>Most reference script bytes in one transaction. On the public networks a constant of the ledger's code, 200 KiB.</summary>
    public int MaxReferenceScriptBytes { get; init; } = 204_800;
}
