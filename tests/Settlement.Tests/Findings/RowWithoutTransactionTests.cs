using Masumi.Cardano;
using Masumi.Chain;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>P23: what an index lists and never has is waited for, and not for ever.</summary>
public sealed class RowWithoutTransactionTests : IDisposable
{
    private readonly NodeFile _file = new();

    public void Dispose() => _file.Dispose();

    // P23: an index has a row for good of which there is no transaction. Every block the whole history since that row is asked for again, and the hold has no end.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_without_a_transaction_does_not_hold_payments_for_ever_at_ever_more_questions(bool isThere)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25, TimeSpan.FromHours(3.5));
        _file.Copy();
        world.Devnet.Mine();
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        var row = new ListedTransaction(TransactionId.Parse(new string('7', 64)), world.Devnet.Tip.Height, 0);
        world.Buyer.Chain.Relist = listed => isThere && listed.Any(r => r.Height < row.Height) ? [.. listed.Append(row).OrderBy(r => r.Height)] : listed;
        var asked = 0;
        var last = 0;
        world.Buyer.Chain.Before = question =>
        {
            asked += question == "transaction" ? 1 : 0;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 180; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Fund(world.Buyer.Wallet.Address, 2);
            world.Devnet.Mine();
            var before = asked;
            await world.Buyer.RoundAsync();
            last = asked - before;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"asked for {asked} transactions, {last} of them after the last block; holds until {world.Buyer.HoldsUntil}"
        );
        var locks = world.LocksOf(identifier).Count;
        Assert.True(last < 100 && locks == 1, $"{last} questions for one block; {locks} locks of what the hold kept back for three hours");
    }

    // Its time is past, and what it waits for is a look that sees everything.
    [Fact]
    public async Task A_hold_is_shown_as_one_until_everything_was_looked_at()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        await world.AgreeAsync(25, TimeSpan.FromHours(3.5));
        _file.Copy();
        world.Devnet.Mine();
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        var row = new ListedTransaction(TransactionId.Parse(new string('7', 64)), world.Devnet.Tip.Height, 0);
        world.Buyer.Chain.Relist = listed => listed.Any(r => r.Height < row.Height) ? [.. listed.Append(row).OrderBy(r => r.Height)] : listed;
        for (var i = 0; i < 65; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Fund(world.Buyer.Wallet.Address, 2);
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
            Assert.True(i is > 58 and < 62 || world.Buyer.HoldsUntil is not null == i < 60, $"{i}: {world.Buyer.HoldsUntil}");
        }
    }
}
