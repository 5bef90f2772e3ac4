using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Why a transaction has no validity interval now.</summary>
public enum WindowRule
{
    /// <summary>The chain would not take it yet; try again at the required time.</summary>
    TooEarly,

    /// <summary>The deadline is too close or past.</summary>
    TooLate,
}

/// <summary>Why there is no interval.</summary>
/// <param name="Rule">Too early or too late.</param>
/// <param name="Supplied">Now.</param>
/// <param name="Required">The first time at which, or the last time before which, there is one.</param>
public sealed record WindowRefusal(WindowRule Rule, DateTimeOffset Supplied, DateTimeOffset Required);

/// <summary>A transaction's validity interval (spec escrow.md 5.2).</summary>
/// <param name="InvalidBefore">First valid slot.</param>
/// <param name="InvalidHereafter">First slot no longer valid.</param>
public sealed record ValidityWindow(Slot InvalidBefore, Slot InvalidHereafter)
{
    /// <summary>How far an interval reaches back from now; to the other side it is <see cref="Validity.Longest"/>.</summary>
    public static TimeSpan Reach { get; } = TimeSpan.FromMinutes(5);

    private const long SlotsBeforeDeadline = 18;

    /// <summary>The interval of a lock: over by the earliest <see cref="Deadlines.PayBy"/> of the batch.</summary>
    public static bool TryForLock(
        DateTimeOffset earliestPayBy,
        DateTimeOffset now,
        SlotConfig slots,
        [NotNullWhen(true)] out ValidityWindow? window,
        [NotNullWhen(false)] out WindowRefusal? refusal
    ) => TryMake(now, slots, null, earliestPayBy, out window, out refusal);

    /// <summary>
    /// The interval of an action on an escrow. <paramref name="now"/> is chain time. Unlike the reference, which trusts its scheduler's margins, the
    /// interval of V1 collections starts after the deadline too, and collections do not wait for a cooldown the contract ignores.
    /// </summary>
    public static bool TryFor(
        EscrowAction action,
        EscrowDatum datum,
        DateTimeOffset now,
        SlotConfig slots,
        [NotNullWhen(true)] out ValidityWindow? window,
        [NotNullWhen(false)] out WindowRefusal? refusal
    )
    {
        ArgumentNullException.ThrowIfNull(datum);
        var (notBefore, before) = Bounds(action, datum, now);
        return TryMake(now, slots, notBefore, before, out window, out refusal);
    }

    /// <summary>The part two intervals share, or null.</summary>
    public ValidityWindow? Intersect(ValidityWindow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var from = InvalidBefore > other.InvalidBefore ? InvalidBefore : other.InvalidBefore;
        var to = InvalidHereafter < other.InvalidHereafter ? InvalidHereafter : other.InvalidHereafter;
        return from < to ? new ValidityWindow(from, to) : null;
    }

    private static (DateTimeOffset? NotBefore, DateTimeOffset? Before) Bounds(EscrowAction action, EscrowDatum datum, DateTimeOffset now)
    {
        var deadlines = datum.Deadlines;
        return action switch
        {
            EscrowAction.SubmitResult => (datum.SellerCooldownTime, ResultDeadline(datum, now)),
            EscrowAction.AuthorizeRefund => (datum.SellerCooldownTime, null),
            EscrowAction.SetRefundRequested => (datum.BuyerCooldownTime, deadlines.Unlock),
            EscrowAction.UnSetRefundRequested or EscrowAction.AuthorizeWithdrawal => (datum.BuyerCooldownTime, null),
            EscrowAction.Withdraw => (datum.State == EscrowState.WithdrawAuthorized ? null : deadlines.Unlock, null),
            EscrowAction.WithdrawRefund => (datum.State == EscrowState.RefundAuthorized ? null : deadlines.SubmitResult, null),
            EscrowAction.WithdrawDisputed => (deadlines.ExternalDisputeUnlock, null),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an escrow action."),
        };
    }

    private static DateTimeOffset ResultDeadline(EscrowDatum datum, DateTimeOffset now) =>
        datum.Deadlines.SubmitResult - now > EscrowSchedule.ResultBeforeDeadline || datum.ResultHash.IsEmpty
            ? datum.Deadlines.SubmitResult
            : datum.Deadlines.ExternalDisputeUnlock;

    private static bool TryMake(
        DateTimeOffset now,
        SlotConfig slots,
        DateTimeOffset? notBefore,
        DateTimeOffset? before,
        [NotNullWhen(true)] out ValidityWindow? window,
        [NotNullWhen(false)] out WindowRefusal? refusal
    )
    {
        ArgumentNullException.ThrowIfNull(slots);
        window = null;
        refusal = null;

        // A young chain has no slots five minutes ago.
        var from = Math.Max(0, slots.SlotAt(now - Reach).Number - 1);
        if (notBefore is { } start && start > DateTimeOffset.UnixEpoch)
        {
            if (start >= DateTimeOffset.MaxValue - TimeSpan.FromDays(1) || slots.SlotAt(start).Number + 1 > slots.SlotAt(now).Number)
            {
                refusal = new WindowRefusal(
                    WindowRule.TooEarly,
                    now,
                    start >= DateTimeOffset.MaxValue - TimeSpan.FromDays(1) ? start : slots.TimeOf(slots.SlotAt(start) + 1)
                );
                return false;
            }

            from = Math.Max(from, slots.SlotAt(start).Number + 1);
        }

        var to = slots.SlotAt(now + Validity.Longest).Number;
        if (before is { } end)
        {
            to = Math.Min(to, slots.SlotAt(end).Number - SlotsBeforeDeadline);
            // Ending 18 slots early also satisfies the contract, which wants the end strictly before the deadline.
            if (to <= Math.Max(from, slots.SlotAt(now).Number))
            {
                refusal = new WindowRefusal(WindowRule.TooLate, now, slots.TimeOf(new Slot(slots.SlotAt(end).Number - SlotsBeforeDeadline)));
                return false;
            }
        }

        window = new ValidityWindow(new Slot(from), new Slot(to));
        return true;
    }
}
