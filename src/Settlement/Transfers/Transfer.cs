using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Transfers;

/// <summary>Where a transfer stands.</summary>
public enum TransferState
{
    /// <summary>It waits for its transaction.</summary>
    Requested,

    /// <summary>A transaction for it was stored, and is on its way.</summary>
    Sent,

    /// <summary>It is in a block.</summary>
    Confirmed,

    /// <summary>Its time is over, or it was taken back, and the chain does not have it. Should the chain show it all the same, it is confirmed.</summary>
    Failed,
}

/// <summary>Money that an operator sends from a wallet of this node to an address.</summary>
public sealed record Transfer
{
    /// <summary>Our id; it stands in the transaction's metadata too, so that another copy of this node knows what was paid.</summary>
    public required string Id { get; init; }

    /// <summary>The source the wallet works for.</summary>
    public required string SourceId { get; init; }

    /// <summary>The wallet that pays.</summary>
    public required string WalletId { get; init; }

    /// <summary>Who is paid.</summary>
    public required Address To { get; init; }

    /// <summary>What is paid.</summary>
    public required Value Amount { get; init; }

    /// <summary>Where it stands.</summary>
    public TransferState State { get; init; }

    /// <summary>What last stood in the way, or why it failed.</summary>
    public string? Note { get; init; }

    /// <summary>How often in a row it could not be made.</summary>
    public int Tries { get; init; }

    /// <summary>When it is to be made, or tried again; null when nothing is wanted.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>From when on it is not made any more.</summary>
    public required DateTimeOffset GiveUpAt { get; init; }

    /// <summary>The transaction on its way, or in a block.</summary>
    public TransactionId? TxId { get; init; }

    /// <summary>The API key that asked.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last change of anything.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Last change of state.</summary>
    public DateTimeOffset StateChangedAt { get; init; }

    /// <summary>What is wrong with it now, derived: a word and the note. Null when nothing is.</summary>
    public (string Code, string Note)? Problem =>
        (State, Note) switch
        {
            (TransferState.Requested, { } note) => (MoneyShort.Read(note) is null ? "build" : "insufficient_funds", note),
            (TransferState.Failed, { } note) => ("failed", note),
            _ => null,
        };

    /// <summary>Whether a transaction pays it.</summary>
    public bool IsPaidBy(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Body.Outputs.Any(o => o.Address == To && o.Value == Amount);
    }
}
