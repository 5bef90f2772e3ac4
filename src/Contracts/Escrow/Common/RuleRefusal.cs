namespace Masumi.Contracts.Escrow.Common;

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

    /// <summary>The new result hash has 32 bytes; under the deployed rules it is not empty.</summary>
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
