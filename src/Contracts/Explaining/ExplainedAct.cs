using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry.Common;

namespace Masumi.Contracts.Explaining;

/// <summary>Something a transaction does at a contract. What is said here is what it asks for; whether it may is the scripts' business.</summary>
/// <param name="Contract">At which contract.</param>
public abstract record ExplainedAct(KnownContract Contract)
{
    /// <summary>An output that looks like a new escrow.</summary>
    /// <param name="Contract">At which contract.</param>
    /// <param name="At">Where it is.</param>
    /// <param name="Datum">Its datum.</param>
    /// <param name="Value">Its money.</param>
    /// <param name="MayGoOn">True when it may as well be an old one that goes on: what is spent is not all known.</param>
    public sealed record Locks(KnownContract Contract, TxInput At, EscrowDatum Datum, Value Value, bool MayGoOn) : ExplainedAct(Contract);

    /// <summary>An escrow goes on.</summary>
    /// <param name="Contract">At which contract.</param>
    /// <param name="Action">What the redeemer asks for.</param>
    /// <param name="Spent">The escrow before.</param>
    /// <param name="Old">Its datum before.</param>
    /// <param name="OldValue">Its money before.</param>
    /// <param name="At">The escrow after.</param>
    /// <param name="New">Its datum after.</param>
    /// <param name="NewValue">Its money after.</param>
    public sealed record Moves(
        KnownContract Contract,
        EscrowAction Action,
        TxInput Spent,
        EscrowDatum Old,
        Value OldValue,
        TxInput At,
        EscrowDatum New,
        Value NewValue
    ) : ExplainedAct(Contract);

    /// <summary>An escrow ends.</summary>
    /// <param name="Contract">At which contract.</param>
    /// <param name="Action">What the redeemer asks for.</param>
    /// <param name="Spent">The escrow.</param>
    /// <param name="Old">Its last datum.</param>
    /// <param name="OldValue">Its money.</param>
    /// <param name="Payouts">The outputs that name it as where they come from.</param>
    /// <param name="Gains">What the parties gain in the whole transaction; empty when what is spent is not all known.</param>
    public sealed record Ends(
        KnownContract Contract,
        EscrowAction Action,
        TxInput Spent,
        EscrowDatum Old,
        Value OldValue,
        ImmutableArray<ExplainedOutput> Payouts,
        ImmutableArray<KeyValuePair<string, Value>> Gains
    ) : ExplainedAct(Contract)
    {
        /// <summary>What admins signed, in a V2 settlement; null for any other end.</summary>
        public ExplainedSettlement? Settlement { get; init; }
    }

    /// <summary>Something at an escrow's address that cannot be read as one, or is spent with something that is no action.</summary>
    /// <param name="Contract">At which contract.</param>
    /// <param name="At">The input or output.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record Odd(KnownContract Contract, TxInput At, string Reason) : ExplainedAct(Contract);

    /// <summary>Tokens of agents are minted or burned.</summary>
    /// <param name="Contract">Which registry.</param>
    /// <param name="Action">What the redeemer asks for; null for nothing the registry knows.</param>
    /// <param name="Agents">Which, and how many of each.</param>
    public sealed record Registers(KnownContract Contract, RegistryAction? Action, ImmutableArray<ExplainedAgent> Agents) : ExplainedAct(Contract);
}

/// <summary>What admins signed for the two sides of a disputed escrow.</summary>
/// <param name="Buyer">The least the buyer's side gets.</param>
/// <param name="Seller">The least the seller's side gets.</param>
/// <param name="Rest">What the escrow holds besides; null beyond all numbers.</param>
/// <param name="Votes">How many places of the admin list have a signature that verifies.</param>
/// <param name="Required">How many must.</param>
/// <param name="Places">How many there are.</param>
public sealed record ExplainedSettlement(Value Buyer, Value Seller, Value? Rest, int Votes, int Required, int Places);

/// <summary>An agent's token that is minted or burned.</summary>
/// <param name="Token">The token; policy and name are the agent's identifier.</param>
/// <param name="Quantity">How many: 1 or -1 of every real agent.</param>
/// <param name="Name">What the transaction's metadata call the agent; null where they do not.</param>
public sealed record ExplainedAgent(AssetId Token, Int128 Quantity, string? Name);
