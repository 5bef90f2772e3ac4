using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Explaining;

/// <summary>What there is to say of a transaction.</summary>
public enum ExplainedVerdict
{
    /// <summary>Everything was looked at, and nothing refuses.</summary>
    Accepted,

    /// <summary>A script or a rule of the ledger refuses it.</summary>
    Refused,

    /// <summary>Not enough is known to say.</summary>
    Unknown,
}

/// <summary>Whether a key's signature is there.</summary>
public enum SignatureState
{
    /// <summary>No signature of this key.</summary>
    Missing,

    /// <summary>A signature that verifies.</summary>
    Verifies,

    /// <summary>A signature of something else.</summary>
    Wrong,
}

/// <summary>A transaction in Masumi's words: what it does, who signed it, and what its scripts say to that.</summary>
public sealed record Explanation
{
    /// <summary>The transaction.</summary>
    public required Transaction Transaction { get; init; }

    /// <summary>From when on it may be in a block.</summary>
    public ExplainedBound? From { get; init; }

    /// <summary>Until when, that slot not included.</summary>
    public ExplainedBound? Until { get; init; }

    /// <summary>What it spends, in ledger order, which pointers count.</summary>
    public required ImmutableArray<ExplainedOutput> Inputs { get; init; }

    /// <summary>What it refers to.</summary>
    public required ImmutableArray<ExplainedOutput> ReferenceInputs { get; init; }

    /// <summary>What it creates.</summary>
    public required ImmutableArray<ExplainedOutput> Outputs { get; init; }

    /// <summary>What it does at contracts that are known, escrows first.</summary>
    public required ImmutableArray<ExplainedAct> Acts { get; init; }

    /// <summary>Whose signature it needs by name, or has.</summary>
    public required ImmutableArray<ExplainedSigner> Signers { get; init; }

    /// <summary>What each script says; empty where none could be asked.</summary>
    public ImmutableArray<ScriptJudgement> Scripts { get; init; } = [];

    /// <summary>Why no script could be asked; null when all were, or there is none.</summary>
    public string? NotJudged { get; init; }

    /// <summary>What the ledger's other rules refuse, in words; null when nobody looked.</summary>
    public ImmutableArray<string>? LedgerRefusals { get; init; }

    /// <summary>What else is known and refuses nothing.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Everything together.</summary>
    public ExplainedVerdict Verdict =>
        Scripts.Any(s => s.Failure is not null) || LedgerRefusals is { IsEmpty: false } ? ExplainedVerdict.Refused
        : NotJudged is not null || Inputs.Any(i => i.Output is null) ? ExplainedVerdict.Unknown
        : ExplainedVerdict.Accepted;
}

/// <summary>An end of the validity interval.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Time">When it starts; null beyond the calendar.</param>
public sealed record ExplainedBound(Slot Slot, DateTimeOffset? Time);

/// <summary>An output that is spent, referred to or created.</summary>
/// <param name="At">Where it is.</param>
/// <param name="Output">What it is; null when nobody here knows it.</param>
/// <param name="Whose">Whose it is in the words of the deal (an escrow's, the buyer's); null for anybody's.</param>
public sealed record ExplainedOutput(TxInput At, TxOutput? Output, string? Whose);

/// <summary>A key that must sign, or did.</summary>
/// <param name="Key">Its hash.</param>
/// <param name="IsRequired">True when the transaction names it, which is what contracts look at.</param>
/// <param name="Signature">Whether it signed.</param>
/// <param name="Roles">Who it is in the deals at hand.</param>
public sealed record ExplainedSigner(KeyHash Key, bool IsRequired, SignatureState Signature, ImmutableArray<string> Roles);

/// <summary>A rule that refuses, with what it compared.</summary>
/// <param name="Rule">Which one.</param>
/// <param name="Supplied">What the transaction has.</param>
/// <param name="Required">What it must have.</param>
public sealed record ComparedValues(string Rule, string Supplied, string Required);

/// <summary>What a script says.</summary>
/// <param name="Pointer">For which input, mint or other purpose it ran.</param>
/// <param name="Script">Its hash.</param>
/// <param name="Contract">Which contract it is; null for one nobody here knows.</param>
/// <param name="Used">The units it used.</param>
/// <param name="Declared">The units its redeemer allows.</param>
/// <param name="Failure">Why it refuses, as its evaluation says; null when it accepts.</param>
public sealed record ScriptJudgement(RedeemerPointer Pointer, ScriptHash Script, string? Contract, ExUnits Used, ExUnits Declared, string? Failure)
{
    /// <summary>The text of the rule that refused, in the source of a contract of ours; null where there is none to be had.</summary>
    public string? Rule { get; init; }

    /// <summary>What that rule compared; of a script that is not ours, all that its generation's rules refuse.</summary>
    public ImmutableArray<ComparedValues> Compared { get; init; } = [];

    /// <summary>What would refuse besides.</summary>
    public ImmutableArray<ComparedValues> Also { get; init; } = [];

    /// <summary>What it logged itself.</summary>
    public ImmutableArray<string> Logs { get; init; } = [];
}
