using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Settlement.Deals;

/// <summary>One thing that happened to one escrow on chain, as stored; the projection folds these in chain order.</summary>
/// <param name="SourceId">The followed contract instance.</param>
/// <param name="Block">Where.</param>
/// <param name="TxIndex">Position in the block.</param>
/// <param name="Ordinal">Position within the transaction.</param>
/// <param name="TxId">The transaction.</param>
/// <param name="Identifier">The blockchain identifier rebuilt from the datum.</param>
/// <param name="Action">What was done; null for a new output that claims to be a lock.</param>
/// <param name="Spent">The escrow output it continues or ends; null for a lock.</param>
/// <param name="Created">The new escrow output, null when it ended.</param>
/// <param name="Output">The new escrow output's content.</param>
/// <param name="SignedByBuyer">For a lock: every signature verifies, and one is of the datum's buyer.</param>
/// <param name="Fee">This escrow's share of the network fee.</param>
public sealed record EscrowStep(
    string SourceId,
    BlockPoint Block,
    int TxIndex,
    int Ordinal,
    TransactionId TxId,
    string Identifier,
    EscrowAction? Action,
    TxInput? Spent,
    TxInput? Created,
    TxOutput? Output,
    bool SignedByBuyer,
    Lovelace Fee
)
{
    /// <summary>False for a lock that counts only with a second provider's word, which is still to come.</summary>
    public bool IsAgreed { get; init; } = true;

    /// <summary>The state in which it leaves the escrow; null for what was stored without.</summary>
    public OnChainState? State { get; init; }

    /// <summary>What the whole transaction pays the network, also where it serves several escrows.</summary>
    public Lovelace TransactionFee { get; init; }

    /// <summary>What the buyer has of an escrow that ends here.</summary>
    public Value ToBuyer { get; init; } = Value.Zero;

    /// <summary>What the seller has of an escrow that ends here.</summary>
    public Value ToSeller { get; init; } = Value.Zero;
}
