namespace Masumi.Settlement.Tests.Findings;

/// <summary>ADR 7: a look that was shown a transaction's row and not the transaction has not seen everything.</summary>
public sealed class ListedAndNotFoundTests : IDisposable
{
    private readonly NodeFile _file = new();

    public void Dispose() => _file.Dispose();

    // Its lists lacked the other half's lock for five blocks. From then on they name it, both the contract's and the wallet's; what is asked by its hash lags.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hold_does_not_end_upon_a_row_whose_transaction_is_not_there(bool isHidden)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25, TimeSpan.FromHours(2));
        _file.Copy();
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        world.Buyer.Chain.ListsStandAt = world.Devnet.Tip.Height;
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        if (isHidden)
        {
            world.Buyer.Chain.Retell = told => told.Transaction.Id == handed ? null! : told;
        }

        for (var i = 0; i < 20; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
            world.Buyer.Chain.ListsStandAt = i < 5 ? world.Buyer.Chain.ListsStandAt : null;
            await world.Buyer.RoundAsync();
        }

        world.Buyer.Chain.Retell = told => told;
        await world.PassAsync(TimeSpan.FromMinutes(31));
        await world.SettleAsync();
        Assert.Equal([handed], world.LocksOf(identifier));
    }
}
