namespace Masumi.Settlement.Tests.Findings;

/// <summary>ADR 7 beside F19: the machine that a copy is put back on has a clock that stands where the copy was made , four minutes behind, within what a tip may be ahead; the chain says otherwise.</summary>
public sealed class WrongClockCopyTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    // A copy of a node that was stopped in order; the lists are blind for the other half's lock at first.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_is_as_old_as_the_chain_says_whatever_the_clock_on_the_wall_does(bool isClockRight)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.SignOffAsync();
        _file.Copy();
        var height = world.Devnet.Tip.Height;
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        world.Devnet.Mine();
        if (isClockRight)
        {
            world.Time.Move(TimeSpan.FromMinutes(4));
            world.Devnet.Mine();
        }
        else
        {
            world.Devnet.Advance(TimeSpan.FromMinutes(4));
        }

        world.Buyer = world.Buyer.On(_file.OpenCopy());
        world.Buyer.Chain.ListsStandAt = height;
        await world.Buyer.RoundAsync();
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
        Assert.Equal([handed], world.LocksOf(identifier));
    }
}
