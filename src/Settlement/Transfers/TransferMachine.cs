using System.Globalization;
using Masumi.Cardano;

namespace Masumi.Settlement.Transfers;

/// <summary>Something that happened to a transfer.</summary>
public abstract record TransferEvent
{
    private TransferEvent() { }

    /// <summary>A transaction for it is on its way.</summary>
    public sealed record Taken(TransactionId TxId) : TransferEvent;

    /// <summary>It is in a block.</summary>
    public sealed record Confirmed(TransactionId TxId) : TransferEvent;

    /// <summary>The block was taken back.</summary>
    public sealed record TakenBack(TransactionId TxId) : TransferEvent;

    /// <summary>The transaction will not come, as far as the chain shows: it is wanted again.</summary>
    public sealed record Freed(TransactionId TxId) : TransferEvent;

    /// <summary>What is due could not be made.</summary>
    public sealed record Hindered(string Note) : TransferEvent;

    /// <summary>Nothing but time passed.</summary>
    public sealed record TimePassed : TransferEvent;

    /// <summary>Whoever asked for it does not want it any more.</summary>
    public sealed record TakenBackByOwner : TransferEvent;
}

/// <summary>
/// What becomes of a transfer: (transfer, event, now) -> transfer. Pure and total; what makes no sense in a state changes nothing. Once a transaction for it is
/// on its way only the chain decides; what the chain shows stands, whatever was thought before.
/// </summary>
public static class TransferMachine
{
    /// <summary>What a transaction does for a transfer.</summary>
    public const string Send = "Transfer";

    /// <summary>How long one is tried unless told otherwise.</summary>
    public static TimeSpan UsualPatience { get; } = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>The transfer after an event. <paramref name="now"/> is chain time.</summary>
    public static Transfer Apply(Transfer transfer, TransferEvent happened, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        var after = Change(transfer, happened, now);
        return after with { NextAt = after.State == TransferState.Requested ? Earlier(after.NextAt ?? now, after.GiveUpAt) : null };
    }

    private static Transfer Change(Transfer t, TransferEvent happened, DateTimeOffset now) =>
        (happened, t.State) switch
        {
            (TransferEvent.Confirmed e, _) => To(t, TransferState.Confirmed, e.TxId),
            (TransferEvent.Taken e, TransferState.Requested) => To(t, TransferState.Sent, e.TxId),
            (TransferEvent.TakenBack e, TransferState.Confirmed) when t.TxId == e.TxId => To(t, TransferState.Sent, e.TxId),
            (TransferEvent.Freed e, TransferState.Sent) when t.TxId == e.TxId => To(t, TransferState.Requested, null),
            (TransferEvent.Hindered e, TransferState.Requested) => t with { Note = e.Note, Tries = t.Tries + 1, NextAt = now + Pause(t.Tries) },
            (TransferEvent.TimePassed, TransferState.Requested) when now >= t.GiveUpAt => Fail(
                t,
                string.Create(CultureInfo.InvariantCulture, $"Not on chain by {t.GiveUpAt:u}{(t.Note is { } note ? "; last: " + note : "")}")
            ),
            (TransferEvent.TakenBackByOwner, TransferState.Requested) => Fail(t, "Taken back before it was made"),
            _ => t,
        };

    private static Transfer To(Transfer t, TransferState state, TransactionId? txId) =>
        t with
        {
            State = state,
            TxId = txId,
            Note = null,
            Tries = 0,
            NextAt = null,
        };

    private static Transfer Fail(Transfer t, string note) => To(t, TransferState.Failed, null) with { Note = note };

    private static TimeSpan Pause(int tries)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(tries, 8));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
