using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class EscrowTimesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly EscrowTimes Good = new(Now.AddMinutes(10), Now.AddMinutes(15), Now.AddMinutes(30), Now.AddMinutes(45));

    [Fact]
    public void The_tightest_deadlines_allowed_pass()
    {
        Assert.Empty(Good.Check(Now));
        Assert.Empty((Good with { PayBy = Now.AddMinutes(-5) }).Check(Now));
    }

    [Fact]
    public void Each_rule_refuses_one_millisecond_beyond_it_with_both_times_and_the_apis_message()
    {
        var ms = TimeSpan.FromMilliseconds(1);
        Only(
            Good with
            {
                PayBy = Good.PayBy + ms,
            },
            new TimeRefusal(TimeRule.PayByBeforeSubmitResult, "Pay by time must be before submit result time (min. 5 minutes)", Good.PayBy + ms, Good.PayBy)
        );
        Only(
            Good with
            {
                PayBy = Now.AddMinutes(-5) - ms,
            },
            new TimeRefusal(TimeRule.PayByNotPast, "Pay by time must be in the future (max. 5 minutes)", Now.AddMinutes(-5) - ms, Now.AddMinutes(-5))
        );
        Only(
            Good with
            {
                ExternalDisputeUnlock = Good.ExternalDisputeUnlock - ms,
            },
            new TimeRefusal(
                TimeRule.DisputeAfterUnlock,
                "External dispute unlock time must be after unlock time (min. 15 minutes difference)",
                Good.ExternalDisputeUnlock - ms,
                Good.ExternalDisputeUnlock
            )
        );
        Only(
            Good with
            {
                SubmitResultBy = Good.SubmitResultBy - ms,
                PayBy = Now,
            },
            new TimeRefusal(
                TimeRule.SubmitResultInFuture,
                "Submit result time must be in the future (min. 15 minutes)",
                Good.SubmitResultBy - ms,
                Good.SubmitResultBy
            )
        );
        Only(
            Good with
            {
                SubmitResultBy = Good.SubmitResultBy + ms,
            },
            new TimeRefusal(
                TimeRule.SubmitResultBeforeUnlock,
                "Submit result time must be before unlock time with at least 15 minutes difference",
                Good.SubmitResultBy + ms,
                Good.SubmitResultBy
            )
        );

        static void Only(EscrowTimes times, TimeRefusal refusal) => Assert.Equal([refusal], times.Check(Now));
    }

    [Fact]
    public void Times_at_the_end_of_the_calendar_are_refused_without_overflow()
    {
        var end = new EscrowTimes(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        Assert.NotEmpty(end.Check(Now));
        Assert.Null(EscrowTimes.FromMilliseconds(long.MaxValue, 0, 0, 0));
    }

    [Fact]
    public void Left_out_deadlines_default_to_six_and_twelve_hours_after_the_results()
    {
        var times = EscrowTimes.WithDefaults(Now, Now.AddHours(1), null, null);
        Assert.Equal(Now.AddHours(7), times.Unlock);
        Assert.Equal(Now.AddHours(13), times.ExternalDisputeUnlock);
    }
}
