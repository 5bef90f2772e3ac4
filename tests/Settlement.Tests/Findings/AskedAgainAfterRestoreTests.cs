using Masumi.Protocol;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>A purchase that the copy of a database never had: its lock is on chain, and its buyer, whose answer was lost with the machine, asks for it again.</summary>
public sealed class AskedAgainAfterRestoreTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_purchase_that_is_asked_for_again_of_a_copy_that_saw_its_lock_is_not_paid_again(bool isHoldOver)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        await world.Buyer.SignOffAsync();
        _file.Copy();

        // Bought, paid, and in a block; then the machine is lost.
        var identifier = await world.AgreeAsync(25);
        var asked = await world.Buyer.DealAsync(identifier);
        await world.SettleAsync();
        var paid = Assert.Single(world.LocksOf(identifier));

        world.Time.Move(TimeSpan.FromMinutes(3));
        world.Devnet.Mine();
        var database = _file.OpenCopy();
        world.Buyer = world.Buyer.On(database);
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);

        // The copy has read the lock, as something that names a wallet of its own.
        Assert.Equal([identifier], await world.Buyer.Store.Chain.ListOrphansAsync(world.Buyer.Source.Id, Stop));
        for (var i = 0; i < (isHoldOver ? 15 : 1); i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        Assert.Equal(isHoldOver, world.Buyer.HoldsUntil is null);
        var again = asked with { Id = "asked-again", CreatedAt = world.Now };
        Assert.IsType<InsertOutcome.Stored>(await world.Buyer.MakeAsync(again, world.Now));
        await world.SettleAsync();
        Assert.Equal([paid], world.LocksOf(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }

    // The copy knows where the money of its wallet is, and never says so: no line, no event; and the refund that is due to it by then is nobody's to collect.
    [Fact]
    public async Task Money_of_ours_that_is_found_under_no_deal_is_told_to_somebody()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        _file.Copy();
        var identifier = await world.AgreeAsync(25);
        await world.SettleAsync();
        var paid = Assert.Single(world.LocksOf(identifier));
        world.Time.Move(TimeSpan.FromMinutes(3));
        world.Devnet.Mine();
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal([identifier], await world.Buyer.Store.Chain.ListOrphansAsync(world.Buyer.Source.Id, Stop));
        var events = await world.Buyer.Store.Events.ListAsync(0, 1000, Stop);
        Assert.True(
            world.Buyer.Lines.Any(l => l.Contains($"{paid}", StringComparison.Ordinal) || l.Contains(identifier, StringComparison.Ordinal))
                || events.Any(e => e.EntityId == identifier || e.Payload.Contains($"{paid}", StringComparison.Ordinal)),
            "25 ADA and more of this node's wallet lie at the contract, and nobody was told."
        );
    }
}
