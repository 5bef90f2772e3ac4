using Masumi.Tests;

namespace Masumi.Devnet.Tests;

public sealed class DevnetClockTests
{
    private readonly ManualTime _wall = new();

    [Fact]
    public void Advancing_adds_to_the_wall_clock()
    {
        var clock = new DevnetClock(_wall);
        var before = clock.GetUtcNow();
        var stamp = clock.GetTimestamp();

        clock.Advance(TimeSpan.FromDays(30));
        _wall.Move(TimeSpan.FromSeconds(1));

        Assert.Equal(before + TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1), clock.GetElapsedTime(stamp));
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_jumps_past_it()
    {
        var clock = new DevnetClock(_wall);
        var delay = Task.Delay(TimeSpan.FromDays(40), clock);
        var longer = Task.Delay(TimeSpan.FromDays(41), clock);

        clock.Advance(TimeSpan.FromDays(40));
        _wall.Fire();

        await delay;
        Assert.False(longer.IsCompleted);
    }

    [Fact]
    public void A_timer_waits_for_wall_time_too_and_repeats()
    {
        var clock = new DevnetClock(_wall);
        var ticks = 0;
        using var timer = clock.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));

        _wall.Move(TimeSpan.FromSeconds(9));
        Assert.Equal(0, ticks);
        _wall.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(1, ticks);
        _wall.Move(TimeSpan.FromSeconds(5));
        Assert.Equal(2, ticks);
        clock.Advance(TimeSpan.FromHours(1));
        _wall.Fire();
        Assert.Equal(3, ticks);
    }

    [Fact]
    public void A_disposed_timer_stays_silent()
    {
        var clock = new DevnetClock(_wall);
        var ticks = 0;
        clock.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)).Dispose();

        clock.Advance(TimeSpan.FromMinutes(1));
        _wall.Move(TimeSpan.FromMinutes(1));

        Assert.Equal(0, ticks);
    }

    [Fact]
    public void Time_stands_still_while_paused_and_so_do_timers()
    {
        var clock = new DevnetClock(_wall);
        var ticks = 0;
        using var timer = clock.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        _wall.Move(TimeSpan.FromSeconds(4));
        var (time, stamp) = (clock.GetUtcNow(), clock.GetTimestamp());

        clock.Pause();
        _wall.Move(TimeSpan.FromHours(1));

        Assert.Equal((time, stamp), (clock.GetUtcNow(), clock.GetTimestamp()));
        Assert.Equal(0, ticks);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(time + TimeSpan.FromSeconds(5), clock.GetUtcNow());
        clock.Resume();
        _wall.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(1, ticks);
        Assert.Equal(TimeSpan.FromSeconds(6), clock.GetElapsedTime(stamp));
    }

    [Fact]
    public void Setting_time_back_changes_what_is_told_and_delays_no_timer()
    {
        var clock = new DevnetClock(_wall);
        var before = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromDays(30));
        var stamp = clock.GetTimestamp();
        var ticks = 0;
        using var timer = clock.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);

        clock.Set(before);
        _wall.Move(TimeSpan.FromSeconds(10));

        Assert.Equal(before + TimeSpan.FromSeconds(10), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(10), clock.GetElapsedTime(stamp));
        Assert.Equal(1, ticks);
    }

    [Fact]
    public void Time_does_not_go_back() => Assert.Throws<ArgumentOutOfRangeException>(() => new DevnetClock(_wall).Advance(TimeSpan.FromSeconds(-1)));
}
