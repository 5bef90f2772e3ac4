using Masumi.Cardano;

namespace Masumi.Chain.Tests;

public sealed class TipTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix + 1_000_000);
    private static readonly SlotConfig Slots = new(DateTimeOffset.FromUnixTimeSeconds(ScriptedBlockfrost.GenesisUnix), new Slot(0), TimeSpan.FromSeconds(1));
    private ScriptedBlockfrost _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // As a public network whose clock is ours.
    private static ProvidedChainOptions Public => ScriptedBlockfrost.Hosted with { IsDevnet = false };

    public async ValueTask InitializeAsync() => _server = await ScriptedBlockfrost.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_tip_a_day_ahead_is_not_believed_and_the_next_good_one_is()
    {
        _server.Mine();
        _server.Script("/blocks/latest", Latest(1, DateTimeOffset.UtcNow.AddDays(1)), Latest(1, DateTimeOffset.UtcNow.AddDays(1)));
        using var chain = _server.Connect(options: Public);
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Contains("local clock", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ChainUnavailableException>(() => CollectAsync(chain));
        Assert.Null(chain.Health.Tip);
        Assert.Equal(_server.Tip.Hash, (await chain.GetTipAsync(Stop)).Hash);
    }

    [Fact]
    public async Task A_devnets_clock_may_be_a_day_ahead()
    {
        var tomorrow = Latest(1, DateTimeOffset.UtcNow.AddDays(1));
        _server.Script("/blocks/latest", tomorrow);
        _server.Script($"/blocks/{new string('1', 64)}", tomorrow);
        using var chain = _server.Connect();
        Assert.Equal(1, (await chain.GetTipAsync(Stop)).Height);
    }

    [Fact]
    public async Task A_tip_that_is_behind_is_believed_and_said_in_health()
    {
        using var chain = _server.Connect(options: Public);
        await chain.GetTipAsync(Stop);
        Assert.True(chain.Health.IsBehind);
        Assert.True(chain.Health.IsAvailable);
    }

    [Fact]
    public async Task A_height_that_jumps_is_looked_at_twice()
    {
        using var chain = _server.Connect(options: Public);
        _server.Mine();
        var before = await chain.GetTipAsync(Stop);
        _server.Script("/blocks/latest", Block(90_000, before.Hash, 20), Block(900_000, before.Hash, 2_000_000));
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Contains("from 0 to 20 is possible", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Contains("has the height 900000, asked again 1", failure.Message, StringComparison.Ordinal);
        _server.Mine();
        Assert.Equal(2, (await chain.GetTipAsync(Stop)).Height);
    }

    [Fact]
    public async Task A_height_that_falls_is_believed_when_the_block_confirms_it_and_costs_a_call()
    {
        using var chain = _server.Connect(options: Public);
        _server.Mine();
        await chain.GetTipAsync(Stop);
        var height = 1;
        Assert.Single(await _server.CallsDuringAsync(async () => height = (int)(await chain.GetTipAsync(Stop)).Height));
        _server.RollBack(1);
        Assert.Equal(2, (await _server.CallsDuringAsync(async () => height = (int)(await chain.GetTipAsync(Stop)).Height)).Count);
        Assert.Equal(0, height);
    }

    [Fact]
    public async Task The_first_tip_of_all_is_followed_only_when_its_block_confirms_its_height()
    {
        _server.Mine(Sample.Pay(1));
        _server.Script("/blocks/latest", Block(90_000, _server.Tip.Hash, 2_000_000));
        using var chain = _server.Connect(options: Public);
        await Assert.ThrowsAsync<ChainUnavailableException>(() => CollectAsync(chain));
        Assert.IsType<ChainEvent.CaughtUp>((await CollectAsync(chain))[^1]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public async Task A_tip_next_to_the_known_block_is_one_above_it_or_not_believed(int wrong)
    {
        using var chain = _server.Connect(options: Public);
        _server.Mine();
        var before = await chain.GetTipAsync(Stop);
        var next = _server.Mine();
        _server.Script("/blocks/latest", Next(2 + wrong));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Equal(before, chain.Health.Tip);
        Assert.Equal(2, (await chain.GetTipAsync(Stop)).Height);

        // Seen already, it cannot have another height.
        _server.Script("/blocks/latest", Next(2 + wrong));
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Equal(2, chain.Health.Tip?.Height);

        Answer Next(long height) =>
            Answer.Ok(
                $$"""{"height":{{height}},"hash":"{{next.Hash}}","previous_block":"{{before.Hash}}","slot":40,"time":{{ScriptedBlockfrost.GenesisUnix + 40}}}"""
            );
    }

    [Fact]
    public async Task The_first_tip_that_is_only_asked_for_is_looked_at_twice_too_and_the_next_ones_are_not()
    {
        _server.Mine();
        _server.Script("/blocks/latest", Block(50, _server.Tip.Hash, 2_000));
        using var chain = _server.Connect(options: Public);
        await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetTipAsync(Stop));
        Assert.Equal(2, (await _server.CallsDuringAsync(() => chain.GetTipAsync(Stop))).Count);
        for (var i = 0; i < 5; i++)
        {
            _server.Mine();
            _server.Mine();
            Assert.Single(await _server.CallsDuringAsync(() => chain.GetTipAsync(Stop)));
        }
    }

    // Heights above a block, after so many seconds, by its own time and by the local clock.
    [Theory]
    [InlineData(1, 1, 100, false)]
    [InlineData(3, 20, 100, false)]
    [InlineData(11, 20, 100, true)]
    [InlineData(14, 40, 100, true)]
    [InlineData(14, 400, 40, true)]
    [InlineData(14, 400, 400, false)]
    [InlineData(51, 20, 100, true)]
    [InlineData(4_320, 86_400, 90_000, false)]
    [InlineData(4_700, 86_400, 90_000, true)]
    [InlineData(0, 20, 100, false)]
    [InlineData(-1, 20, 100, true)]
    public void A_height_above_what_there_was_time_for_wants_a_second_look(long rise, int seconds, int bySight, bool isAbrupt)
    {
        var newest = new BlockPoint(1_000, default, new Slot(20_000), Now);
        var tip = new BlockPoint(1_000 + rise, Hash32.Parse(new string('1', 64)), new Slot(20_000 + seconds), Now.AddSeconds(seconds));
        var header = new BlockHeader(tip, Hash32.Parse(new string('2', 64)), null);
        Assert.Equal(isAbrupt, TipBounds.IsAbrupt(header, newest, Now.AddSeconds(bySight), new TipLimits()));
    }

    public static TheoryData<long, long, double, TipRule?> Tips { get; } =
        new()
        {
            { 10, 1_000_000, 0, null },
            { 10, 1_000_290, 290, null },
            { 10, 1_000_310, 310, TipRule.AheadOfClock },
            { 10, 500_000, -500_000, null },
            { 10, 1_000_000, 3, TipRule.SlotAndTime },
            { 10, 1_000_000, 1, null },
            { 10, long.MaxValue, 0, TipRule.SlotAndTime },
            { -1, 1_000_000, 0, TipRule.BlocksAndSlots },
            { 1_000_001, 1_000_000, 0, TipRule.BlocksAndSlots },
        };

    [Theory]
    [MemberData(nameof(Tips))]
    public void The_bounds_of_a_tip(long height, long slot, double fromNow, TipRule? rule) =>
        Assert.Equal(rule, TipBounds.Refuse(new BlockPoint(height, default, new Slot(slot), Now.AddSeconds(fromNow)), Now, Slots, new TipLimits())?.Rule);

    private static Answer Latest(long height, DateTimeOffset time) =>
        Answer.Ok(
            $$"""{"height":{{height}},"hash":"{{new string('1', 64)}}","slot":{{time.ToUnixTimeSeconds() - ScriptedBlockfrost.GenesisUnix}},"time":{{time.ToUnixTimeSeconds()}}}"""
        );

    private static Answer Block(long height, Hash32 hash, long slot) =>
        Answer.Ok($$"""{"height":{{height}},"hash":"{{hash}}","slot":{{slot}},"time":{{ScriptedBlockfrost.GenesisUnix + slot}}}""");

    private static async Task<List<ChainEvent>> CollectAsync(ProvidedChain chain)
    {
        var all = new List<ChainEvent>();
        await foreach (var e in chain.FollowAddressAsync(Sample.Alice, [], Stop))
        {
            all.Add(e);
        }

        return all;
    }
}
