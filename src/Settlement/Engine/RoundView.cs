using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Chain;

namespace Masumi.Settlement.Engine;

/// <summary>What a round sees of the outside world, asked for once.</summary>
/// <param name="Tip">The newest block.</param>
/// <param name="Now">Chain time.</param>
/// <param name="NewBlock">Whether the tip is another than in the last round.</param>
/// <param name="Chain">The chain, for work as urgent as the round's.</param>
internal record RoundView(BlockPoint Tip, DateTimeOffset Now, bool NewBlock, IChain Chain);

/// <summary>What planning takes besides.</summary>
internal sealed record PlanningRound(BlockPoint Tip, DateTimeOffset Now, bool NewBlock, IChain Chain, ProtocolParameters Parameters, SlotConfig Slots)
    : RoundView(Tip, Now, NewBlock, Chain);
