using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>A payout the contract insists on: outputs tagged with the escrow's reference, at this very address, that together hold at least this.</summary>
public sealed record RequiredPayout(Address Address, Value AtLeast);

/// <summary>What the contract says to an action, and what it expects of the transaction's outputs.</summary>
public abstract record EscrowVerdict
{
    private EscrowVerdict() { }

    /// <summary>
    /// The escrow goes on. <paramref name="Datum"/> is the new datum with the earliest cooldown allowed (later ones are allowed too); the
    /// output holds exactly the assets of <paramref name="AtLeast"/> and at least its ADA.
    /// </summary>
    public sealed record Continues(EscrowDatum Datum, Value AtLeast) : EscrowVerdict;

    /// <summary>The escrow ends; no output may carry its reference signature (V2).</summary>
    public sealed record Closes(ImmutableArray<RequiredPayout> Payouts) : EscrowVerdict;

    /// <summary>Every rule that refuses.</summary>
    public sealed record Refused(ImmutableArray<RuleRefusal> Refusals) : EscrowVerdict;
}
