using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement;

/// <summary>Where a stored transaction stands (spec settlement.md 8.1). Only <see cref="Expired"/>, <see cref="Conflicted"/> and <see cref="Refused"/> free its inputs.</summary>
public enum AttemptState
{
    /// <summary>Signed and stored; perhaps submitted, perhaps not: nobody has said.</summary>
    Signed,

    /// <summary>A node took it into its mempool.</summary>
    Submitted,

    /// <summary>In a block.</summary>
    Included,

    /// <summary>Its validity ended and the chain does not have it.</summary>
    Expired,

    /// <summary>One of its inputs was spent by another transaction on chain.</summary>
    Conflicted,

    /// <summary>Refused by the ledger before it could take effect, with its inputs still unspent.</summary>
    Refused,

    /// <summary>In a block, but its scripts failed there: collateral was taken, nothing else happened.</summary>
    Phase2Failed,
}

/// <summary>What an attempt does for whom.</summary>
/// <param name="SubjectId">A deal or a registration.</param>
/// <param name="Action">The intent or registration step it serves.</param>
public sealed record AttemptSubject(string SubjectId, string Action);

/// <summary>A signed transaction that stands in the log before it is submitted. Resubmission sends the same bytes.</summary>
public sealed record Attempt
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, for people: <c>Lock</c>, <c>SubmitResult</c>, <c>RegisterAgent</c>, ...</summary>
    public required string Kind { get; init; }

    /// <summary>The contract instance.</summary>
    public required string SourceId { get; init; }

    /// <summary>The wallet that signs and pays.</summary>
    public required string WalletId { get; init; }

    /// <summary>The signed transaction.</summary>
    public required Transaction Transaction { get; init; }

    /// <summary>The first slot in which it is no longer valid.</summary>
    public required Slot InvalidHereafter { get; init; }

    /// <summary>Who it acts for.</summary>
    public required ImmutableArray<AttemptSubject> Subjects { get; init; }

    /// <summary>Where it stands.</summary>
    public AttemptState State { get; init; }

    /// <summary>The last thing a node said about it.</summary>
    public string? Note { get; init; }

    /// <summary>The block's height once included.</summary>
    public long? Height { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>True while it may still take effect, or has but is not final.</summary>
    public bool IsLive => State is AttemptState.Signed or AttemptState.Submitted;
}
