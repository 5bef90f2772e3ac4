using Masumi.Chain;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Stores;

// P11; both stores, the same behaviour.
public sealed class ChainPointTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_point_is_appended_only_to_the_newest_one_that_stands(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        Assert.True(await world.ReachAsync(null, StoreWorld.Point(10)));
        Assert.False(await world.ReachAsync(null, StoreWorld.Point(11)));
        Assert.True(await world.ReachAsync(StoreWorld.Point(10), StoreWorld.Point(12)));

        // Somebody who read another branch, and somebody who is late.
        Assert.False(await world.ReachAsync(StoreWorld.Point(12, branch: 1), StoreWorld.Point(13, branch: 1)));
        Assert.False(await world.ReachAsync(StoreWorld.Point(10), StoreWorld.Point(13)));
        Assert.False(await world.RollBackAsync(StoreWorld.Point(10), null));
        Assert.Equal([StoreWorld.Point(12), StoreWorld.Point(10)], await world.Store.Chain.ListPointsAsync("source", Stop));

        Assert.True(await world.RollBackAsync(StoreWorld.Point(12), StoreWorld.Point(10)));
        Assert.False(await world.ReachAsync(StoreWorld.Point(12), StoreWorld.Point(13)));
        Assert.True(await world.ReachAsync(StoreWorld.Point(10), StoreWorld.Point(11, branch: 1)));
        Assert.Equal([StoreWorld.Point(11, branch: 1), StoreWorld.Point(10)], await world.Store.Chain.ListPointsAsync("source", Stop));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_two_engines_that_read_on_from_the_same_point_one_records_what_it_read(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        BlockPoint? newest = null;
        for (var height = 1; height <= 20; height++)
        {
            var (from, to) = (newest, height);
            var recorded = await Task.WhenAll(new byte[] { 0, 1 }.Select(branch => Task.Run(() => world.ReachAsync(from, StoreWorld.Point(to, branch)), Stop)));
            Assert.Single(recorded, true);
            newest = StoreWorld.Point(height, recorded[0] ? (byte)0 : (byte)1);
        }

        Assert.Equal(newest, (await world.Store.Chain.ListPointsAsync("source", Stop))[0]);
        Assert.Equal(20, (await world.Store.Chain.ListPointsAsync("source", Stop)).Length);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_old_points_every_tenth_is_kept_and_none_that_no_rollback_reaches(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        BlockPoint? newest = null;
        for (var height = 1; height <= 120; height++)
        {
            Assert.True(await world.ReachAsync(newest, StoreWorld.Point(height)));
            newest = StoreWorld.Point(height);
        }

        var heights = (await world.Store.Chain.ListPointsAsync("source", Stop)).Select(p => (int)p.Height).ToList();
        Assert.Equal(Enumerable.Range(81, 40).Reverse(), heights.Take(40));
        Assert.All(heights.Skip(41).SkipLast(1), h => Assert.Equal(0, h % 10));
        Assert.True(await world.ReachAsync(newest, StoreWorld.Point(120 + ChainStore.PointsKept)));
        Assert.Equal([120 + ChainStore.PointsKept, 120], (await world.Store.Chain.ListPointsAsync("source", Stop)).Select(p => (int)p.Height));
    }
}
