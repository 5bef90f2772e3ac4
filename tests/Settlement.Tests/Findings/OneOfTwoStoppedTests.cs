namespace Masumi.Settlement.Tests.Findings;

/// <summary>ADR 7 with two processes on one database: that one of them was stopped in order says nothing of the other.</summary>
public sealed class OneOfTwoStoppedTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_was_made_after_one_of_two_was_stopped_in_order_holds(bool isOneStopped)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        var first = world.Buyer;
        await first.RoundAsync();
        var second = first.Twin();
        await second.RoundAsync();
        world.Time.Move(TimeSpan.FromMinutes(15));
        world.Devnet.Mine(2);
        await second.RoundAsync();
        world.Devnet.Mine();
        await second.RoundAsync();
        await first.RoundAsync();
        Assert.Null(second.HoldsUntil);

        // A rolling restart: the first is stopped, the second goes on; a copy is made, and the second pays.
        if (isOneStopped)
        {
            await first.RunUntilStoppedAsync();
        }

        var identifier = await world.AgreeAsync(25);
        _file.Copy();
        second.Chain.OnSubmit = _ => Fault.Delayed;
        await second.RoundAsync();
        Assert.Single(second.Chain.Handed);
        world.Fund(first.Wallet.Address, 3000);
        world.Time.Move(TimeSpan.FromSeconds(5));
        world.Devnet.Mine();

        world.Buyer = first.On(_file.OpenCopy());
        await world.Buyer.RoundAsync();
        var holds = world.Buyer.HoldsUntil;
        await second.Chain.ReleaseAsync(Stop);
        world.Devnet.Mine();
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.NotNull(holds);
    }
}
