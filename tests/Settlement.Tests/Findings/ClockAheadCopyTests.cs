using Masumi.Settlement.Engine;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>ADR 7 beside F19: how old a copy is, where the clocks of the machines that it was on differ.</summary>
public sealed class ClockAheadCopyTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    // The last sign was written by a clock that was ten minutes fast (F19); the copy is put back eight minutes later.
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_copy_is_recognised_though_the_clock_that_signed_it_off_was_ahead(int ahead)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.Store.Life.StopAsync(
            "the one before",
            new TwoTimes(world.Time.GetUtcNow().AddMinutes(ahead), TipOf(world)),
            new TwoTimes(world.Time.GetUtcNow().AddSeconds(1), TipOf(world).AddSeconds(1)),
            Stop
        );
        _file.Copy();
        var height = world.Devnet.Tip.Height;
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed);
        world.Devnet.Mine();
        world.Time.Move(TimeSpan.FromMinutes(8));
        world.Devnet.Mine();

        world.Buyer = world.Buyer.On(_file.OpenCopy());
        world.Buyer.Chain.ListsStandAt = height;
        await world.Buyer.RoundAsync();
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        world.Buyer.Chain.ListsStandAt = null;
        for (var i = 0; i < 15; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        await world.SettleAsync();
        Assert.Equal([handed.Id], world.LocksOf(identifier));
    }

    // Signed off in order by the one before; what the own clock and the newest block say of how long ago that was.
    [Theory]
    [InlineData(5, 5, false)]
    [InlineData(5, -40, false)]
    [InlineData(-1, 5, true)]
    [InlineData(5, 121, true)]
    [InlineData(121, 5, true)]
    [InlineData(5, -121, true)]
    public void A_gap_is_short_when_both_clocks_say_so_and_none_comes_from_the_future(int byClock, int byChain, bool isToHold)
    {
        var gap = new Gap(TimeSpan.FromSeconds(byClock), TimeSpan.FromSeconds(byChain));
        Assert.Equal(isToHold, Safety.Right.MayBeAnOldCopy(gap, true));
        Assert.True(Safety.Right.MayBeAnOldCopy(gap, false));
    }

    // Its clock is three minutes behind that of the one that is stopped: it is alive all the same.
    [Theory]
    [InlineData(0, true)]
    [InlineData(-4, false)]
    public async Task Of_two_processes_the_one_whose_clock_is_behind_does_not_pass_for_gone(int sawBlocks, bool isAlive)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerDatabase: _file.Open());
        var now = new TwoTimes(world.Time.GetUtcNow(), TipOf(world));
        var life = world.Buyer.Store.Life;
        await life.BeatAsync("the other", new TwoTimes(now.Local.AddMinutes(-3), now.Chain.AddMinutes(sawBlocks)), Stop);
        await life.StopAsync("one", now, new TwoTimes(now.Local.AddMinutes(-2), now.Chain.AddMinutes(-2)), Stop);
        Assert.Equal(!isAlive, (await life.LastAsync(Stop))!.IsStopped);
    }

    private static DateTimeOffset TipOf(SettlementWorld world) => world.Devnet.Slots.TimeOf(world.Devnet.Tip.Slot);
}
