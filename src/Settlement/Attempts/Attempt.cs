using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;

namespace Masumi.Settlement.Attempts;

/// <summary>Where a signed transaction stands (spec settlement.md 8.1). Only the chain ends one: no answer of a provider does.</summary>
public enum AttemptState
{
    /// <summary>Signed and stored; nobody was offered it, as far as is written down.</summary>
    Stored,

    /// <summary>Offered; whether anyone has it is not known, also after a refusal.</summary>
    Offered,

    /// <summary>A provider said that its mempool has it.</summary>
    Pending,

    /// <summary>In a block that a rollback can still reach.</summary>
    InBlock,

    /// <summary>In a block beyond every rollback.</summary>
    Final,

    /// <summary>Its validity ended and the chain does not have it as far as we see. It stays a rival of whatever replaces it: a fork could bring it back.</summary>
    Expired,

    /// <summary>One of its inputs was spent by another transaction on chain. A rival too, for as long as a rollback can reach that.</summary>
    Conflicted,

    /// <summary>In a block, but its scripts failed there: collateral was taken, nothing else happened.</summary>
    Failed,
}

/// <summary>What an attempt does for whom.</summary>
/// <param name="SubjectId">A deal, a registration or a transfer; of a lock of ours whose purchase is not here (yet), the hash of its identifier.</param>
/// <param name="Action">The step it serves.</param>
public sealed record AttemptSubject(string SubjectId, string Action);

/// <summary>An earlier attempt for the same payment, and the coin by which this one excludes it.</summary>
public sealed record AttemptRival(string AttemptId, TxInput Coin);

/// <summary>A signed transaction that stands in the log before it is submitted. Sending again sends the same bytes.</summary>
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

    /// <summary>The transaction.</summary>
    public required TransactionId TxId { get; init; }

    /// <summary>The signed transaction; null once it is final.</summary>
    public Transaction? Transaction { get; init; }

    /// <summary>The first slot in which it is no longer valid.</summary>
    public required Slot InvalidHereafter { get; init; }

    /// <summary>What it pays the network.</summary>
    public required Lovelace Fee { get; init; }

    /// <summary>Who it acts for.</summary>
    public required ImmutableArray<AttemptSubject> Subjects { get; init; }

    /// <summary>What it must exclude, and how it does.</summary>
    public ImmutableArray<AttemptRival> Rivals { get; init; } = [];

    /// <summary>Where it stands.</summary>
    public AttemptState State { get; init; }

    /// <summary>The last thing a provider said about it.</summary>
    public string? Answer { get; init; }

    /// <summary>Refusals in a row since it was last seen anywhere.</summary>
    public int Refusals { get; init; }

    /// <summary>The height of the tip at which it was last offered.</summary>
    public long? OfferedAt { get; init; }

    /// <summary>The block's height once in one.</summary>
    public long? Height { get; init; }

    /// <summary>When that block was made.</summary>
    public DateTimeOffset? BlockTime { get; init; }

    /// <summary>The transaction that took one of its inputs.</summary>
    public TransactionId? TakenBy { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last change of its state or answer.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The attempt that another copy of this node made and this database did not know: under the transaction's own id, however often it is met.</summary>
    /// <param name="found">What the copy sent.</param>
    /// <param name="sourceId">The contract instance.</param>
    /// <param name="walletId">The wallet of ours that signed it.</param>
    /// <param name="action">What it is, and does for each subject.</param>
    /// <param name="subjects">Who it acts for.</param>
    public static Attempt Of(ChainTransaction found, string sourceId, string walletId, string action, params IEnumerable<string> subjects) =>
        new()
        {
            Id = found.Transaction.Id.ToString(),
            Kind = action,
            SourceId = sourceId,
            WalletId = walletId,
            TxId = found.Transaction.Id,
            Transaction = found.Transaction,
            InvalidHereafter = found.Transaction.Body.InvalidHereafter ?? new Slot(long.MaxValue),
            Fee = found.Transaction.Body.Fee,
            Subjects = [.. subjects.Select(s => new AttemptSubject(s, action))],
            CreatedAt = found.Block.Time,
        };

    /// <summary>After this slot no rollback brings it back, where blocks that are so many slots old can no longer be undone; of one that has no end, never.</summary>
    public Slot BeyondRollback(long stability) => InvalidHereafter.Number > long.MaxValue - stability ? new Slot(long.MaxValue) : InvalidHereafter + stability;

    /// <summary>True while it may still take effect or be undone, so that what it spends is taken.</summary>
    public bool IsLive => State is AttemptState.Stored or AttemptState.Offered or AttemptState.Pending or AttemptState.InBlock;

    /// <summary>True while it is to be sent.</summary>
    public bool IsSent => State is AttemptState.Stored or AttemptState.Offered or AttemptState.Pending;
}
