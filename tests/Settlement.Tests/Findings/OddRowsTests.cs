using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>Rows of a list that a wrong, or half rolled back, index shows: no round may end upon them.</summary>
public sealed class OddRowsTests
{
    private static readonly SettlementOptions WithoutWaiting = new() { LockWindow = TimeSpan.Zero, Confirmations = Confirmations.Always(0) };

    // An index that rolled back halfway: a transaction stands at the place it had and at the one it has.
    [Fact]
    public async Task A_transaction_that_is_listed_at_two_heights_ends_no_round()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, options: WithoutWaiting);
        world.Devnet.Mine(6);
        var other = await world.LockAsync(20);
        var identifier = await world.AgreeAsync(25);
        world.Seller.Chain.ListsStandAt = world.Devnet.Tip.Height;
        await world.Buyer.RoundAsync();
        var id = world.Buyer.Chain.Handed[^1].Id;
        for (var i = 0; i < 12; i++)
        {
            world.Devnet.Mine();
            await world.Seller.RoundAsync();
        }

        world.Seller.Chain.ListsStandAt = null;
        Assert.Null((await world.Seller.DealAsync(identifier)).OnChainState);
        world.Seller.Chain.Relist = rows => [.. rows.SelectMany(r => r.TxId == id ? new[] { r with { Height = r.Height - 1 }, r } : [r])];
        await world.Seller.WantAsync(other, Intent.SubmitResult, new string('a', 64));
        world.Devnet.Advance(TimeSpan.FromMinutes(31));
        for (var i = 0; i < 4; i++)
        {
            await world.Seller.RoundAsync();
            world.Devnet.Mine();
        }

        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(other)).OnChainState);
    }

    // Bytes that no ledger ever had; their hash is theirs.
    [Fact]
    public async Task A_made_up_transaction_with_an_amount_no_ledger_has_ends_no_round()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, options: WithoutWaiting);
        var other = await world.LockAsync(20);
        await world.Seller.WantAsync(other, Intent.SubmitResult, new string('a', 64));
        await world.AgreeAsync(25);
        await world.Buyer.RoundAsync();
        var id = world.Buyer.Chain.Handed[^1].Id;
        world.Devnet.Mine();
        world.Seller.Chain.Retell = told =>
            told.Transaction.Id == id
                ? told with
                {
                    Transaction = Transaction.Create(told.Transaction.Body with { Fee = Lovelace.FromCoin(1ul << 63) }, told.Transaction.Witnesses),
                }
                : told;
        for (var i = 0; i < 4; i++)
        {
            await world.Seller.RoundAsync();
            world.Devnet.Mine();
        }

        Assert.Equal(OnChainState.ResultSubmitted, (await world.Seller.DealAsync(other)).OnChainState);
    }
}
