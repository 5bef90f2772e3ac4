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

    /// <summary>A script or a rule of the ledger refuses it, or a signature it needs is not there.</summary>
    Refused,

    /// <summary>The ledger takes it as one whose scripts fail, as it says itself: only its collateral is taken, nothing else moves.</summary>
    Failed,

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

    /// <summary>Why nobody looked.</summary>
    public string LedgerNotAsked { get; init; } = "nobody asked the ledger's other rules";

    /// <summary>Keys that must sign for what is spent, and have not. Those the transaction names are among <see cref="Signers"/>.</summary>
    public ImmutableArray<KeyHash> Unsigned { get; init; } = [];

    /// <summary>What else is known and refuses nothing.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Everything that refuses it besides its scripts: the ledger's rules, the flag that says whether its scripts pass, the signatures.</summary>
    public ImmutableArray<string> Refusals
    {
        get
        {
            ImmutableArray<string> ledger = [.. LedgerRefusals ?? [], .. Flag()];
            // The ledger says it of the signatures too.
            return ledger.IsEmpty ? [.. Signatures()] : ledger;
        }
    }

    /// <summary>Why there is no verdict; null when enough is known for one.</summary>
    public string? Open =>
        NotJudged is not null || Inputs.Any(i => i.Output is null) ? "not everything it spends is known here"
        : LedgerRefusals is null ? (Scripts.IsEmpty ? "" : "its scripts were asked, but ") + LedgerNotAsked
        : null;

    /// <summary>Everything together.</summary>
    public ExplainedVerdict Verdict =>
        !Refusals.IsEmpty || (Transaction.IsValid && Scripts.Any(s => s.Failure is not null)) ? ExplainedVerdict.Refused
        : Open is not null ? ExplainedVerdict.Unknown
        : Transaction.IsValid ? ExplainedVerdict.Accepted
        : ExplainedVerdict.Failed;

    private IEnumerable<string> Flag() =>
        !Transaction.IsValid && NotJudged is null && Scripts.All(s => s.Failure is null)
            ? ["ValidationTagMismatch: PassedUnexpectedly, its flag says that its scripts fail, and none does; required: a flag that says they pass"]
            : [];

    private IEnumerable<string> Signatures() =>
        Signers
            .Where(s => s.Signature == SignatureState.Wrong || (s.IsRequired && s.Signature == SignatureState.Missing))
            .Select(s => $"the signature of {s.Key} {(s.Signature == SignatureState.Wrong ? "does not verify" : "is missing, and it is required")}")
            .Concat(Unsigned.Select(key => $"the signature of {key} is missing, whose money is spent"));
}

/// <summary>An end of the validity interval.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Time">When it starts; null beyond the calendar.</param>
public sealed record ExplainedBound(Slot Slot, DateTimeOffset? Time)
{
    /// <summary>The slot's number as the transaction writes it: it may be beyond any slot there can be.</summary>
    public ulong Written { get; init; } = (ulong)Math.Max(0, Slot.Number);
}

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
