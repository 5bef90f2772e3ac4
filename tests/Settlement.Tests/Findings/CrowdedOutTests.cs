using Masumi.Protocol;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>P5 beside H2: a provider tells one lock's signatures wrongly for a while, and a stranger has left dust under an identifier that he was offered for nothing.</summary>
public sealed class CrowdedOutTests
{
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task Dust_under_another_identifier_keeps_no_lock_from_being_looked_at_again(int dust)
    {
        await using var world = await SettlementWorld.CreateAsync();
        var stranger = new HostileCounterpartyTests.Stranger(world);
        world.Devnet.Mine();

        // Another deal that waits, its identifier known to a stranger.
        var offered = await world.AgreeAsync(20);
        var never = await world.Seller.DealAsync(offered);
        world.Buyer.Chain.Down = true;
        for (var i = 0; i < dust; i++)
        {
            stranger.Lock(never, HostileCounterpartyTests.Named.Victim, 4);
        }

        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        world.Buyer.Chain.Down = false;
        var identifier = await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        foreach (var handed in world.Buyer.Chain.Handed)
        {
            world.Views.Set("seller", $"bad-witness:{handed.Id}");
        }

        for (var block = 0; block < 5; block++)
        {
            world.Devnet.Advance(Block);
            await world.Seller.RoundAsync();
        }

        Assert.Null((await world.Seller.DealAsync(identifier)).OnChainState);
        world.Views.Clear("seller");
        world.Seller.Restart();
        await world.AdvanceAsync(TimeSpan.FromMinutes(31));
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
    }
}
