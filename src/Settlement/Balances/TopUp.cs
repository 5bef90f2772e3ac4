using Masumi.Cardano;
using Masumi.Protocol;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Balances;

/// <summary>How far a top-up is; that of the transfer that pays it.</summary>
public enum TopUpStatus
{
    /// <summary>It waits for a funding wallet, or for its transaction.</summary>
    Pending,

    /// <summary>A transaction for it is on its way.</summary>
    Submitted,

    /// <summary>It is in a block.</summary>
    Confirmed,

    /// <summary>Its time is over, and the chain does not have it.</summary>
    Failed,
}

/// <summary>So much of an asset for a wallet that has too little of it, from a funding wallet of the same source.</summary>
public sealed record TopUp
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>The source of both wallets.</summary>
    public required string SourceId { get; init; }

    /// <summary>Who is topped up.</summary>
    public required string TargetId { get; init; }

    /// <summary>With what.</summary>
    public required Unit Unit { get; init; }

    /// <summary>And how much of it.</summary>
    public required long Amount { get; init; }

    /// <summary>Who pays; null until one has taken it on.</summary>
    public string? FundingId { get; init; }

    /// <summary>The transfer that pays it, with all others for the same wallet; null until one has taken it on.</summary>
    public string? TransferId { get; init; }

    /// <summary>That transfer, as it stands.</summary>
    public PayingTransfer? Paying { get; init; }

    /// <summary>When a funding wallet is looked for; null when one has taken it on.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When it was found to be needed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was taken on.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>Last change of anything.</summary>
    public DateTimeOffset UpdatedAt => Paying?.UpdatedAt ?? TakenAt ?? CreatedAt;

    /// <summary>Derived from the transfer: only the chain ends it.</summary>
    public TopUpStatus Status =>
        Paying?.State switch
        {
            TransferState.Sent => TopUpStatus.Submitted,
            TransferState.Confirmed => TopUpStatus.Confirmed,
            TransferState.Failed => TopUpStatus.Failed,
            _ => TopUpStatus.Pending,
        };

    /// <summary>Whether money may still be on its way.</summary>
    public bool IsOpen => Status is TopUpStatus.Pending or TopUpStatus.Submitted;
}

/// <summary>What a top-up shows of the transfer that pays it.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="TxId">Its transaction.</param>
/// <param name="Note">Why it failed.</param>
/// <param name="UpdatedAt">Its last change.</param>
/// <param name="EndedAt">When it came to the state it is in.</param>
public sealed record PayingTransfer(TransferState State, TransactionId? TxId, string? Note, DateTimeOffset UpdatedAt, DateTimeOffset EndedAt);

/// <summary>How a funding wallet tops others up.</summary>
/// <param name="Id">Our id of these settings.</param>
/// <param name="WalletId">The wallet.</param>
/// <param name="IsEnabled">False: it rests, with its money.</param>
/// <param name="Window">How long top-ups are gathered.</param>
public sealed record FundingSettings(string Id, string WalletId, bool IsEnabled, TimeSpan Window)
{
    /// <summary>How long top-ups are gathered where nobody said otherwise.</summary>
    public static TimeSpan UsualWindow { get; } = TimeSpan.FromMinutes(5);

    /// <summary>When it was last told that it cannot pay; null for never.</summary>
    public DateTimeOffset? AlertedAt { get; init; }
}
