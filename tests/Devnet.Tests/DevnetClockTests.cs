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
    public void Time_does_not_go_back() => Assert.Throws<ArgumentOutOfRangeException>(() => new DevnetClock(_wall).Advance(TimeSpan.FromSeconds(-1)));
}
