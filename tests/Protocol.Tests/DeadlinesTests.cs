namespace Masumi.Protocol.Tests;

public sealed class DeadlinesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    private static readonly Deadlines Good = new(Now.AddHours(1), Now.AddHours(2), Now.AddHours(8), Now.AddHours(14));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1767229200000", 1_767_229_200_000)]
    [InlineData("253402300799999", 253_402_300_799_999)]
    public void A_time_is_milliseconds_in_text(string text, long milliseconds)
    {
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), WireTime.Parse(text));
        Assert.Equal(text, WireTime.Text(WireTime.Parse(text)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1.5")]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("253402300800000")]
    [InlineData("99999999999999999999")]
    [InlineData("0179999999999")]
    [InlineData("00")]
    [InlineData("1799999999999\0")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_no_time(string? text)
    {
        Assert.False(WireTime.TryParse(text, out _));
        Assert.StartsWith("Not a time: ", Assert.Throws<FormatException>(() => WireTime.Parse(text)).Message, StringComparison.Ordinal);
        Assert.False(Deadlines.TryParse(text, "1", "2", "3", out _));
        Assert.False(Deadlines.TryParse("1", "2", "3", text, out _));
    }

    [Fact]
    public void A_time_before_1970_cannot_be_written() => Assert.Throws<ArgumentOutOfRangeException>(() => WireTime.Text(DateTimeOffset.MinValue));

    [Fact]
    public void Deadlines_are_whole_milliseconds_and_equal_by_moment()
    {
        var later = new Deadlines(Good.PayBy.AddTicks(9_999), Good.SubmitResult.ToOffset(TimeSpan.FromHours(2)), Good.Unlock, Good.ExternalDisputeUnlock);
        Assert.Equal(Good, later);
        Assert.True(
            Deadlines.TryParse(
                WireTime.Text(Good.PayBy),
                WireTime.Text(Good.SubmitResult),
                WireTime.Text(Good.Unlock),
                WireTime.Text(Good.ExternalDisputeUnlock),
                out var read
            )
        );
        Assert.Equal(Good, read);
    }

    [Fact]
    public void Deadlines_of_the_field_pass()
    {
        // Python SDK, n8n, the hosted platform, one agent that takes a week.
        foreach (
            var (pay, submit, unlock, dispute) in ((double, double, double, double)[])
                [(12, 24, 30, 36), (5 / 60d, 20 / 60d, 6, 12), (1, 6, 18, 24), (72, 168, 174, 180)]
        )
        {
            var deadlines = new Deadlines(Now.AddHours(pay), Now.AddHours(submit), Now.AddHours(unlock), Now.AddHours(dispute));
            Assert.Empty(DeadlineRules.Check(deadlines, Now, DeadlineLimits.Default));
        }
    }

    [Theory]
    [InlineData(DeadlineRule.PayByBeforeSubmitResult, "Pay by time must be before submit result time (min. 5 minutes)")]
    [InlineData(DeadlineRule.PayByNotPast, "Pay by time must be in the future (max. 5 minutes)")]
    [InlineData(DeadlineRule.DisputeAfterUnlock, "External dispute unlock time must be after unlock time (min. 15 minutes difference)")]
    [InlineData(DeadlineRule.SubmitResultInFuture, "Submit result time must be in the future (min. 15 minutes)")]
    [InlineData(DeadlineRule.SubmitResultBeforeUnlock, "Submit result time must be before unlock time with at least 15 minutes difference")]
    public void A_gap_one_millisecond_too_small_is_refused_with_the_sentence_of_the_apis(DeadlineRule rule, string message)
    {
        var (pay, submit, unlock, dispute) = (Good.PayBy, Good.SubmitResult, Good.Unlock, Good.ExternalDisputeUnlock);
        Deadlines Short(TimeSpan less) =>
            rule switch
            {
                DeadlineRule.PayByBeforeSubmitResult => new(submit - TimeSpan.FromMinutes(5) + less, submit, unlock, dispute),
                DeadlineRule.PayByNotPast => new(Now - TimeSpan.FromMinutes(5) - less, submit, unlock, dispute),
                DeadlineRule.DisputeAfterUnlock => new(pay, submit, unlock, unlock + TimeSpan.FromMinutes(15) - less),
                DeadlineRule.SubmitResultInFuture => new(Now, Now + TimeSpan.FromMinutes(15) - less, unlock, dispute),
                _ => new(pay, unlock - TimeSpan.FromMinutes(15) + less, unlock, dispute),
            };

        var refusal = Assert.Single(DeadlineRules.Check(Short(TimeSpan.FromMilliseconds(1)), Now));
        Assert.Equal((rule, message), (refusal.Rule, refusal.Message));
        Assert.Equal(TimeSpan.FromMilliseconds(1), (refusal.Supplied - refusal.Required).Duration());
        Assert.Empty(DeadlineRules.Check(Short(TimeSpan.Zero), Now));
    }

    [Theory]
    [InlineData(DeadlineRule.PayByWithin, "Pay by time must be within 3 days")]
    [InlineData(DeadlineRule.SubmitResultWithin, "Submit result time must be within 14 days")]
    [InlineData(DeadlineRule.UnlockWithin, "Unlock time must be within 7 days after submit result time")]
    [InlineData(DeadlineRule.DisputeWithin, "External dispute unlock time must be within 30 days")]
    public void A_deadline_too_far_ahead_is_refused_where_limits_are_given(DeadlineRule rule, string message)
    {
        Deadlines Far(TimeSpan more) =>
            rule switch
            {
                DeadlineRule.PayByWithin => new(Now.AddDays(3) + more, Now.AddDays(4), Now.AddDays(5), Now.AddDays(6)),
                DeadlineRule.SubmitResultWithin => new(Now.AddDays(1), Now.AddDays(14) + more, Now.AddDays(15), Now.AddDays(16)),
                DeadlineRule.UnlockWithin => new(Now.AddDays(1), Now.AddDays(2), Now.AddDays(9) + more, Now.AddDays(10)),
                _ => new(Now.AddDays(1), Now.AddDays(2), Now.AddDays(3), Now.AddDays(30) + more),
            };

        var refusal = Assert.Single(DeadlineRules.Check(Far(TimeSpan.FromMilliseconds(1)), Now, DeadlineLimits.Default));
        Assert.Equal((rule, message), (refusal.Rule, refusal.Message));
        Assert.Equal(TimeSpan.FromMilliseconds(1), refusal.Supplied - refusal.Required);
        Assert.Empty(DeadlineRules.Check(Far(TimeSpan.Zero), Now, DeadlineLimits.Default));
        Assert.Empty(DeadlineRules.Check(Far(TimeSpan.FromMilliseconds(1)), Now));
    }

    [Fact]
    public void Limits_of_hours_and_minutes_are_said_in_those()
    {
        var limits = new DeadlineLimits(TimeSpan.FromHours(1), TimeSpan.FromMinutes(90), TimeSpan.FromDays(1), TimeSpan.FromDays(2));
        var far = new Deadlines(Now.AddDays(3), Now.AddDays(4), Now.AddDays(6), Now.AddDays(8));
        Assert.Equal(
            [
                "Pay by time must be within 1 hour",
                "Submit result time must be within 90 minutes",
                "Unlock time must be within 1 day after submit result time",
                "External dispute unlock time must be within 2 days",
            ],
            DeadlineRules.Check(far, Now, limits).Select(r => r.Message)
        );
    }

    [Fact]
    public void Whatever_the_deadlines_are_checking_them_does_not_throw()
    {
        var random = Seeded.Random();
        DateTimeOffset[] extremes = [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, Now, DateTimeOffset.MaxValue];
        for (var i = 0; i < 1000; i++)
        {
            DateTimeOffset Any() => random.Next(2) == 0 ? extremes[random.Next(4)] : Now.AddSeconds(random.Next(-10_000_000, 10_000_000));
            var deadlines = new Deadlines(Any(), Any(), Any(), Any());
            var without = DeadlineRules.Check(deadlines, Any());
            Assert.True(without.Select(r => r.Rule).SequenceEqual(without.Select(r => r.Rule).Order()));
            _ = DeadlineRules.Check(deadlines, Any(), DeadlineLimits.Default);
        }
    }
}
