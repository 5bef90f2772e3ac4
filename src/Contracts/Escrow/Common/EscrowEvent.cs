using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Why an input or output at the escrow's address means nothing to us.</summary>
public enum IgnoredReason
{
    /// <summary>The transaction's scripts failed: only collateral moved.</summary>
    PhaseTwoFailed,

    /// <summary>The datum is no escrow datum. Normal: anyone can send there.</summary>
    NoEscrowDatum,

    /// <summary>An escrow was spent without a redeemer the contract knows.</summary>
    UnknownAction,

    /// <summary>An action that continues the escrow has no output that does.</summary>
    NoContinuation,
}

/// <summary>What a transaction did at the escrow's address.</summary>
public abstract record EscrowEvent
{
    private EscrowEvent() { }

    /// <summary>This event's part of the network fee: even parts, the remainder with the first.</summary>
    public Lovelace Fee { get; init; }

    /// <summary>
    /// A new output that looks like an escrow. Anyone can make one: <see cref="LockAcceptance"/> says whether it is the one agreed on.
    /// </summary>
    /// <param name="At">Where it is.</param>
    /// <param name="Datum">Its datum.</param>
    /// <param name="Value">Its value.</param>
    /// <param name="Identifier">Which payment it claims to be.</param>
    /// <param name="HasReferenceScript">True when it carries a script, which makes it unspendable.</param>
    /// <param name="Funders">The addresses of the transaction's inputs.</param>
    public sealed record Locked(
        TxInput At,
        EscrowDatum Datum,
        Value Value,
        IdentifierParts Identifier,
        bool HasReferenceScript,
        ImmutableHashSet<Address> Funders
    ) : EscrowEvent;

    /// <summary>An escrow went on in a new output; the contract has judged that the new datum is right.</summary>
    /// <param name="Action">What was done.</param>
    /// <param name="Spent">The escrow before.</param>
    /// <param name="Old">Its datum before.</param>
    /// <param name="OldValue">Its value before.</param>
    /// <param name="At">The escrow now.</param>
    /// <param name="New">Its datum now.</param>
    /// <param name="Value">Its value now.</param>
    public sealed record Moved(EscrowAction Action, TxInput Spent, EscrowDatum Old, Value OldValue, TxInput At, EscrowDatum New, Value Value) : EscrowEvent;

    /// <summary>An escrow ended.</summary>
    /// <param name="Action">What was done.</param>
    /// <param name="Spent">The escrow.</param>
    /// <param name="Old">Its last datum.</param>
    /// <param name="OldValue">Its last value.</param>
    /// <param name="ToBuyer">What the buyer's payment key gained in the whole transaction; negative when it paid.</param>
    /// <param name="ToSeller">What the seller's payment key gained in the whole transaction; negative when it paid.</param>
    public sealed record Closed(EscrowAction Action, TxInput Spent, EscrowDatum Old, Value OldValue, Value ToBuyer, Value ToSeller) : EscrowEvent;

    /// <summary>Something at the escrow's address that is no escrow of ours.</summary>
    /// <param name="At">The input or output; null when it is the whole transaction.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">In words.</param>
    public sealed record Ignored(TxInput? At, IgnoredReason Reason, string Detail) : EscrowEvent;
}
