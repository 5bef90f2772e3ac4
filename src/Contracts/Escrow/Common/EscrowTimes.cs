using System.Collections.Immutable;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>A rule that agreed deadlines must keep (spec escrow.md 5.1), in the order both APIs check them.</summary>
public enum TimeRule
{
    /// <summary>Five minutes between paying and the result's deadline.</summary>
    PayByBeforeSubmitResult,

    /// <summary>Paying must still be possible, give or take five minutes.</summary>
    PayByNotPast,

    /// <summary>Fifteen minutes between the unlock and the admins' turn.</summary>
    DisputeAfterUnlock,

    /// <summary>The seller needs fifteen minutes to work.</summary>
    SubmitResultInFuture,

    /// <summary>The buyer needs fifteen minutes to look at the result.</summary>
    SubmitResultBeforeUnlock,
}

/// <summary>A deadline that breaks a rule.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="Message">The sentence the APIs answer with.</param>
/// <param name="Supplied">The time given.</param>
/// <param name="Required">The earliest or latest time the rule allows.</param>
public sealed record TimeRefusal(TimeRule Rule, string Message, DateTimeOffset Supplied, DateTimeOffset Required);

/// <summary>The four deadlines of an escrow; on chain in POSIX milliseconds.</summary>
/// <param name="PayBy">The lock must be in a block by then.</param>
/// <param name="SubmitResultBy">The result must be on chain before.</param>
/// <param name="Unlock">From then on the seller may collect; until then the buyer may ask for a refund.</param>
/// <param name="ExternalDisputeUnlock">From then on admins may divide a disputed escrow.</param>
public sealed record EscrowTimes(DateTimeOffset PayBy, DateTimeOffset SubmitResultBy, DateTimeOffset Unlock, DateTimeOffset ExternalDisputeUnlock)
{
    /// <summary>Least distance between <see cref="PayBy"/> and <see cref="SubmitResultBy"/>, and how far in the past the former may lie.</summary>
    public static TimeSpan PayMargin { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Least distance between the later deadlines, and from now to the result's.</summary>
    public static TimeSpan WorkMargin { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Distance of the default unlock from the result's deadline.</summary>
    public static TimeSpan DefaultUnlock { get; } = TimeSpan.FromHours(6);

    /// <summary>Distance of the default dispute unlock from the result's deadline.</summary>
    public static TimeSpan DefaultDisputeUnlock { get; } = TimeSpan.FromHours(12);

    /// <summary>The first time representable here.</summary>
    internal const long FirstMillisecond = -62_135_596_800_000;

    /// <summary>The last time representable here: the end of the year 9999.</summary>
    internal const long LastMillisecond = 253_402_300_799_999;

    /// <summary>The seller's defaults for what a request leaves out.</summary>
    public static EscrowTimes WithDefaults(
        DateTimeOffset payBy,
        DateTimeOffset submitResultBy,
        DateTimeOffset? unlock,
        DateTimeOffset? externalDisputeUnlock
    ) => new(payBy, submitResultBy, unlock ?? Plus(submitResultBy, DefaultUnlock), externalDisputeUnlock ?? Plus(submitResultBy, DefaultDisputeUnlock));

    /// <summary>From POSIX milliseconds; null when a number is no calendar time.</summary>
    public static EscrowTimes? FromMilliseconds(long payBy, long submitResultBy, long unlock, long externalDisputeUnlock)
    {
        static bool IsTime(long ms) => ms is >= FirstMillisecond and <= LastMillisecond;
        return IsTime(payBy) && IsTime(submitResultBy) && IsTime(unlock) && IsTime(externalDisputeUnlock)
            ? new EscrowTimes(
                DateTimeOffset.FromUnixTimeMilliseconds(payBy),
                DateTimeOffset.FromUnixTimeMilliseconds(submitResultBy),
                DateTimeOffset.FromUnixTimeMilliseconds(unlock),
                DateTimeOffset.FromUnixTimeMilliseconds(externalDisputeUnlock)
            )
            : null;
    }

    /// <summary>Every rule these deadlines break now, in the order the APIs report them; empty when both sides will accept them.</summary>
    public ImmutableArray<TimeRefusal> Check(DateTimeOffset now)
    {
        var refusals = ImmutableArray.CreateBuilder<TimeRefusal>();
        AtMost(TimeRule.PayByBeforeSubmitResult, "Pay by time must be before submit result time (min. 5 minutes)", PayBy, Plus(SubmitResultBy, -PayMargin));
        AtLeast(TimeRule.PayByNotPast, "Pay by time must be in the future (max. 5 minutes)", PayBy, Plus(now, -PayMargin));
        AtLeast(
            TimeRule.DisputeAfterUnlock,
            "External dispute unlock time must be after unlock time (min. 15 minutes difference)",
            ExternalDisputeUnlock,
            Plus(Unlock, WorkMargin)
        );
        AtLeast(TimeRule.SubmitResultInFuture, "Submit result time must be in the future (min. 15 minutes)", SubmitResultBy, Plus(now, WorkMargin));
        AtMost(
            TimeRule.SubmitResultBeforeUnlock,
            "Submit result time must be before unlock time with at least 15 minutes difference",
            SubmitResultBy,
            Plus(Unlock, -WorkMargin)
        );
        return refusals.ToImmutable();

        void AtLeast(TimeRule rule, string message, DateTimeOffset supplied, DateTimeOffset required)
        {
            if (supplied < required)
            {
                refusals.Add(new TimeRefusal(rule, message, supplied, required));
            }
        }

        void AtMost(TimeRule rule, string message, DateTimeOffset supplied, DateTimeOffset required)
        {
            if (supplied > required)
            {
                refusals.Add(new TimeRefusal(rule, message, supplied, required));
            }
        }
    }

    private static DateTimeOffset Plus(DateTimeOffset time, TimeSpan span) =>
        span > TimeSpan.Zero
            ? (DateTimeOffset.MaxValue - time < span ? DateTimeOffset.MaxValue : time + span)
            : (time - DateTimeOffset.MinValue < -span ? DateTimeOffset.MinValue : time + span);
}
