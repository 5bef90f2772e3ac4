using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Engine;

namespace Masumi.Settlement.Futures;

/// <summary>From where futures are played: an escrow as the chain has it, and what judges transactions on it.</summary>
public sealed record FutureStart
{
    /// <summary>The contract instance.</summary>
    public required EscrowContract Contract { get; init; }

    /// <summary>Its real script; without it nothing would be proven.</summary>
    public required ContractScript Script { get; init; }

    /// <summary>The network's parameters.</summary>
    public required ProtocolParameters Parameters { get; init; }

    /// <summary>Slots and time.</summary>
    public required SlotConfig Slots { get; init; }

    /// <summary>The escrow output.</summary>
    public required Utxo Escrow { get; init; }

    /// <summary>Chain time.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>How far futures are played; beyond it a branch says that it was cut.</summary>
/// <param name="Depth">Most choices one after the other, the collection at the end not counted.</param>
/// <param name="MostMoves">Most transactions in the whole tree.</param>
public sealed record FutureLimits(int Depth = 3, int MostMoves = 60)
{
    /// <summary>Every choice once, on every escrow there is.</summary>
    public static FutureLimits Default { get; } = new();
}
