using System.Collections.Immutable;
using System.Globalization;

namespace Masumi.Protocol;

/// <summary>A rule that agreed deadlines must keep, in the order the APIs check them (spec escrow.md 5.1), the upper bounds last.</summary>
public enum DeadlineRule
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

    /// <summary>An offer is not open for ever.</summary>
    PayByWithin,

    /// <summary>Nor is the work.</summary>
    SubmitResultWithin,

    /// <summary>The seller's money is not held for ever.</summary>
    UnlockWithin,

    /// <summary>Nor is that of a dispute.</summary>
    DisputeWithin,
}

/// <summary>A deadline that breaks a rule.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="Message">The sentence the APIs answer with.</param>
/// <param name="Supplied">The time given.</param>
/// <param name="Required">The earliest or latest time the rule allows.</param>
public sealed record DeadlineRefusal(DeadlineRule Rule, string Message, DateTimeOffset Supplied, DateTimeOffset Required);

/// <summary>How far ahead deadlines may lie.</summary>
/// <param name="PayBy">From now to payByTime.</param>
/// <param name="SubmitResult">From now to submitResultTime.</param>
/// <param name="Unlock">From submitResultTime to unlockTime.</param>
/// <param name="ExternalDisputeUnlock">From now to externalDisputeUnlockTime.</param>
public sealed record DeadlineLimits(TimeSpan PayBy, TimeSpan SubmitResult, TimeSpan Unlock, TimeSpan ExternalDisputeUnlock)
{
    /// <summary>3 days, 14 days, 7 days, 30 days: more than any agent in the field asks for.</summary>
    public static DeadlineLimits Default { get; } = new(TimeSpan.FromDays(3), TimeSpan.FromDays(14), TimeSpan.FromDays(7), TimeSpan.FromDays(30));
}

/// <summary>What deadlines must keep to be accepted by both sides.</summary>
public static class DeadlineRules
{
    /// <summary>Least distance between payByTime and submitResultTime, and how far in the past the former may lie.</summary>
    public static TimeSpan PayMargin { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Least distance between the later deadlines, and from now to the result's.</summary>
    public static TimeSpan WorkMargin { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Every rule the deadlines break now, in the order the APIs report them; empty when both sides will accept them.</summary>
    /// <param name="deadlines">The deadlines.</param>
    /// <param name="now">By the clock of whoever decides.</param>
    /// <param name="limits">How far ahead they may lie; null for any distance.</param>
    public static ImmutableArray<DeadlineRefusal> Check(Deadlines deadlines, DateTimeOffset now, DeadlineLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(deadlines);
        var (payBy, submit, unlock, dispute) = (deadlines.PayBy, deadlines.SubmitResult, deadlines.Unlock, deadlines.ExternalDisputeUnlock);
        var refusals = ImmutableArray.CreateBuilder<DeadlineRefusal>();
        AtMost(
            DeadlineRule.PayByBeforeSubmitResult,
            "Pay by time must be before submit result time (min. 5 minutes)",
            payBy,
            Deadlines.Plus(submit, -PayMargin)
        );
        AtLeast(DeadlineRule.PayByNotPast, "Pay by time must be in the future (max. 5 minutes)", payBy, Deadlines.Plus(now, -PayMargin));
        AtLeast(
            DeadlineRule.DisputeAfterUnlock,
            "External dispute unlock time must be after unlock time (min. 15 minutes difference)",
            dispute,
            Deadlines.Plus(unlock, WorkMargin)
        );
        AtLeast(DeadlineRule.SubmitResultInFuture, "Submit result time must be in the future (min. 15 minutes)", submit, Deadlines.Plus(now, WorkMargin));
        AtMost(
            DeadlineRule.SubmitResultBeforeUnlock,
            "Submit result time must be before unlock time with at least 15 minutes difference",
            submit,
            Deadlines.Plus(unlock, -WorkMargin)
        );
        if (limits is not null)
        {
            refusals.AddRange(CheckLimits(deadlines, now, limits));
        }

        return refusals.ToImmutable();

        void AtLeast(DeadlineRule rule, string message, DateTimeOffset supplied, DateTimeOffset required)
        {
            if (supplied < required)
            {
                refusals.Add(new DeadlineRefusal(rule, message, supplied, required));
            }
        }

        void AtMost(DeadlineRule rule, string message, DateTimeOffset supplied, DateTimeOffset required) => Bound(refusals, rule, message, supplied, required);
    }

    /// <summary>
    /// Every upper bound the deadlines break now, in the order of the rules: money under terms beyond them is held to ransom. The services, the agents and the
    /// client ask this same question.
    /// </summary>
    /// <param name="deadlines">The deadlines.</param>
    /// <param name="now">By the clock of whoever decides.</param>
    /// <param name="limits">How far ahead they may lie.</param>
    public static ImmutableArray<DeadlineRefusal> CheckLimits(Deadlines deadlines, DateTimeOffset now, DeadlineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(deadlines);
        ArgumentNullException.ThrowIfNull(limits);
        var (payBy, submit, unlock, dispute) = (deadlines.PayBy, deadlines.SubmitResult, deadlines.Unlock, deadlines.ExternalDisputeUnlock);
        var refusals = ImmutableArray.CreateBuilder<DeadlineRefusal>();
        Bound(refusals, DeadlineRule.PayByWithin, $"Pay by time must be within {Words(limits.PayBy)}", payBy, Deadlines.Plus(now, limits.PayBy));
        Bound(
            refusals,
            DeadlineRule.SubmitResultWithin,
            $"Submit result time must be within {Words(limits.SubmitResult)}",
            submit,
            Deadlines.Plus(now, limits.SubmitResult)
        );
        Bound(
            refusals,
            DeadlineRule.UnlockWithin,
            $"Unlock time must be within {Words(limits.Unlock)} after submit result time",
            unlock,
            Deadlines.Plus(submit, limits.Unlock)
        );
        Bound(
            refusals,
            DeadlineRule.DisputeWithin,
            $"External dispute unlock time must be within {Words(limits.ExternalDisputeUnlock)}",
            dispute,
            Deadlines.Plus(now, limits.ExternalDisputeUnlock)
        );
        return refusals.ToImmutable();
    }

    private static void Bound(
        ImmutableArray<DeadlineRefusal>.Builder refusals,
        DeadlineRule rule,
        string message,
        DateTimeOffset supplied,
        DateTimeOffset required
    )
    {
        if (supplied > required)
        {
            refusals.Add(new DeadlineRefusal(rule, message, supplied, required));
        }
    }

    private static string Words(TimeSpan span)
    {
        var (number, unit) =
            span.Ticks % TimeSpan.TicksPerDay == 0 ? (span.TotalDays, "day")
            : span.Ticks % TimeSpan.TicksPerHour == 0 ? (span.TotalHours, "hour")
            : (span.TotalMinutes, "minute");
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.##} {unit}{(number == 1 ? "" : "s")}");
    }
}
