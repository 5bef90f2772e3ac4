namespace Masumi.Settlement.Tests.Findings;

/// <summary>A hold outlasts whatever the other half may have signed.</summary>
public sealed class LongestValidityTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    // It was signed by a time that was ahead, and gets into a block just before it is over.
    [Theory]
    [InlineData(0)]
    [InlineData(240)]
    public async Task A_hold_lasts_longer_than_a_mint_that_the_other_half_signed(int ahead)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open(), provided: SettlementWorld.Hosted);
        for (var i = 0; i < 10; i++)
        {
            world.Time.Move(TimeSpan.FromSeconds(20));
            world.Devnet.Mine();
        }

        await world.Buyer.RoundAsync();
        await EchoAgent.RegisterAsync(world, "agent");
        _file.Copy();
        if (ahead > 0)
        {
            world.Views.Set("buyer", $"tip-ahead:{ahead}");
        }

        world.Time.Move(TimeSpan.FromSeconds(20));
        world.Devnet.Mine();
        world.Buyer.Chain.OnSubmit = _ => Fault.Delayed;
        await world.Buyer.RoundAsync();
        var first = Assert.Single(world.Buyer.Chain.Handed);
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        world.Views.Clear("buyer");
        world.Fund(world.Buyer.Wallet.Address, 3000);
        var lost = world.Buyer;
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        world.Time.Move(TimeSpan.FromSeconds(5));
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        var valid = world.Devnet.Slots.TimeOf(first.Body.InvalidHereafter!.Value);
        while (world.Now < valid - TimeSpan.FromSeconds(45))
        {
            world.Time.Move(TimeSpan.FromSeconds(20));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        await lost.Chain.ReleaseAsync(Stop);
        world.Devnet.Mine();
        await world.SettleAsync();
        Assert.Equal(1, EchoAgent.MintsOf(world));
    }
}
