using System.Diagnostics.CodeAnalysis;

namespace Masumi.Protocol;

/// <summary>The four deadlines of a deal, in whole milliseconds: that is what is signed and what stands on chain.</summary>
public sealed record Deadlines
{
    /// <summary>Deadlines in any order; <see cref="DeadlineRules.Check"/> says whether both sides will accept them. Parts of milliseconds are dropped.</summary>
    /// <param name="payBy">The lock must be in a block by then.</param>
    /// <param name="submitResult">The result must be on chain before.</param>
    /// <param name="unlock">From then on the seller may collect; until then the buyer may ask for a refund.</param>
    /// <param name="externalDisputeUnlock">From then on admins may divide a disputed escrow.</param>
    public Deadlines(DateTimeOffset payBy, DateTimeOffset submitResult, DateTimeOffset unlock, DateTimeOffset externalDisputeUnlock)
    {
        PayBy = payBy;
        SubmitResult = submitResult;
        Unlock = unlock;
        ExternalDisputeUnlock = externalDisputeUnlock;
    }

    /// <summary>The lock must be in a block by then: <c>payByTime</c>.</summary>
    public DateTimeOffset PayBy
    {
        get;
        init => field = Whole(value);
    }

    /// <summary>The result must be on chain before: <c>submitResultTime</c>.</summary>
    public DateTimeOffset SubmitResult
    {
        get;
        init => field = Whole(value);
    }

    /// <summary>From then on the seller may collect: <c>unlockTime</c>.</summary>
    public DateTimeOffset Unlock
    {
        get;
        init => field = Whole(value);
    }

    /// <summary>From then on admins may divide a disputed escrow: <c>externalDisputeUnlockTime</c>.</summary>
    public DateTimeOffset ExternalDisputeUnlock
    {
        get;
        init => field = Whole(value);
    }

    /// <summary>Distance of the default unlock from the result's deadline.</summary>
    public static TimeSpan DefaultUnlock { get; } = TimeSpan.FromHours(6);

    /// <summary>Distance of the default dispute unlock from the result's deadline.</summary>
    public static TimeSpan DefaultDisputeUnlock { get; } = TimeSpan.FromHours(12);

    /// <summary>The seller's defaults for what a request leaves out; never beyond the end of the calendar.</summary>
    public static Deadlines WithDefaults(DateTimeOffset payBy, DateTimeOffset submitResult, DateTimeOffset? unlock, DateTimeOffset? externalDisputeUnlock) =>
        new(payBy, submitResult, unlock ?? Plus(submitResult, DefaultUnlock), externalDisputeUnlock ?? Plus(submitResult, DefaultDisputeUnlock));

    /// <summary>Reads the four texts of the wire, each unix milliseconds; false when one is none.</summary>
    public static bool TryParse(
        string? payByTime,
        string? submitResultTime,
        string? unlockTime,
        string? externalDisputeUnlockTime,
        [NotNullWhen(true)] out Deadlines? deadlines
    )
    {
        deadlines =
            WireTime.TryParse(payByTime, out var payBy)
            && WireTime.TryParse(submitResultTime, out var submit)
            && WireTime.TryParse(unlockTime, out var unlock)
            && WireTime.TryParse(externalDisputeUnlockTime, out var dispute)
                ? new Deadlines(payBy, submit, unlock, dispute)
                : null;
        return deadlines is not null;
    }

    /// <summary>A time moved by a span, at most to an end of the calendar.</summary>
    internal static DateTimeOffset Plus(DateTimeOffset time, TimeSpan span) =>
        span > TimeSpan.Zero
            ? (DateTimeOffset.MaxValue - time < span ? DateTimeOffset.MaxValue : time + span)
            : (time - DateTimeOffset.MinValue < -span ? DateTimeOffset.MinValue : time + span);

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
