using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow;

/// <summary>A rule of the escrow contract (spec escrow.md 4.2 to 4.4).</summary>
public enum EscrowRule
{
    /// <summary>The family knows the action.</summary>
    Action,

    /// <summary>The action is possible from this state.</summary>
    State,

    /// <summary>The acting party signs.</summary>
    Signer,

    /// <summary>The validity interval has an end.</summary>
    FiniteUpper,

    /// <summary>The interval starts at or after a time.</summary>
    StartAfter,

    /// <summary>The interval ends before a time.</summary>
    EndBefore,

    /// <summary>A result is on chain.</summary>
    ResultPresent,

    /// <summary>No result is on chain.</summary>
    ResultAbsent,

    /// <summary>The new result hash is not empty.</summary>
    NewResult,

    /// <summary>The escrow holds at least the collateral it owes.</summary>
    CollateralCovered,

    /// <summary>The collateral is not negative.</summary>
    CollateralRange,

    /// <summary>The reference signature has at least 16 bytes.</summary>
    SignatureLength,

    /// <summary>Enough admins agree.</summary>
    AdminVotes,

    /// <summary>Not more signatures than admins.</summary>
    SignatureCount,

    /// <summary>V1: one escrow input per transaction.</summary>
    SingleInput,

    /// <summary>How many outputs may be at the script.</summary>
    OutputCount,

    /// <summary>Outputs at the script carry an inline escrow datum and no reference script.</summary>
    OutputForm,

    /// <summary>Reference signatures are unique.</summary>
    UniqueSignature,

    /// <summary>An output continues the escrow exactly as required.</summary>
    Continuation,

    /// <summary>A terminal action leaves no output with the same reference signature.</summary>
    NoContinuation,

    /// <summary>The continuing output keeps the value.</summary>
    ValuePreserved,

    /// <summary>A tagged payout is large enough.</summary>
    Payout,
}

/// <summary>A rule that refuses a spend.</summary>
public sealed record RuleRefusal(EscrowRule Rule, string Supplied, string Required)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{Rule}: {Supplied}; required: {Required}";
}

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

/// <summary>What the contract looks at besides the datum.</summary>
public sealed record EscrowSpend
{
    /// <summary>The contract instance.</summary>
    public required EscrowContract Contract { get; init; }

    /// <summary>The escrow output.</summary>
    public required TxInput Escrow { get; init; }

    /// <summary>What it holds.</summary>
    public required Value Value { get; init; }

    /// <summary>Start of the validity interval in POSIX milliseconds; null when open.</summary>
    public long? Lower { get; init; }

    /// <summary>End of the validity interval in POSIX milliseconds; null when open.</summary>
    public long? Upper { get; init; }

    /// <summary>The transaction's required signers.</summary>
    public required IReadOnlySet<Hash28> Signers { get; init; }

    /// <summary>For <see cref="EscrowAction.SubmitResult"/>: the new result hash.</summary>
    public ByteString NewResultHash { get; init; }

    /// <summary>For a V2 <see cref="EscrowAction.WithdrawDisputed"/>: what admins agreed on.</summary>
    public DisputeSettlement? Settlement { get; init; }

    /// <summary>For a V2 <see cref="EscrowAction.WithdrawDisputed"/>: their signatures.</summary>
    public ImmutableArray<AdminSignature> Signatures { get; init; } = [];

    internal BigInteger CooldownEnd => (Upper ?? 0) + new BigInteger(Contract.CooldownMilliseconds);
}
