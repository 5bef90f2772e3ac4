using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>What a wallet of this node signed is an attempt of its at once, also where the purchase that it pays for comes later (O1a).</summary>
public sealed class LockBeforePurchaseTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Deals.Deal? Asked { get; set; }

    public void Dispose() => _file.Dispose();

    // The copy has read the lock; whatever it asks for when its buyer asks again is not answered. Then a fork takes the lock's block.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_purchase_asked_for_again_whose_lock_could_not_be_adopted_at_once_is_not_paid_again_after_a_fork(bool isAnswered)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        var (identifier, first) = await PaidByTheOtherHalfAsync(world);
        var asked = Asked!;
        var unanswered = 0;
        world.Buyer.Chain.Before = question =>
            question == "transaction" && !isAnswered && unanswered++ == 0 ? throw new ChainUnavailableException("timeout") : Task.CompletedTask;
        Assert.IsType<InsertOutcome.Stored>(await world.Buyer.MakeAsync(asked with { Id = "asked-again", CreatedAt = world.Now }, world.Now));
        await world.Buyer.RoundAsync();
        // Nothing has to be asked for: it was adopted with the block that showed it.
        Assert.Equal(0, unanswered);
        world.Buyer.Chain.Before = _ => Task.CompletedTask;
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);

        await ForkedAsync(world, 3, first);
        Assert.Single(world.LocksOf(identifier));
    }

    // The copy saw the lock in a block, signed by its own wallet; a fork took that block; then it is asked for again.
    [Fact]
    public async Task A_purchase_asked_for_again_after_a_fork_took_its_lock_that_the_copy_had_seen_is_not_paid_again()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        var (identifier, first) = await PaidByTheOtherHalfAsync(world);
        await ForkedAsync(
            world,
            2,
            first,
            async () => Assert.IsType<InsertOutcome.Stored>(await world.Buyer.MakeAsync(Asked! with { Id = "asked-again", CreatedAt = world.Now }, world.Now))
        );
        Assert.Single(world.LocksOf(identifier));
    }

    // One transaction pays for two, of which the copy has the first alone.
    [Fact]
    public async Task A_purchase_asked_for_again_that_was_paid_together_with_one_that_the_copy_has_is_not_paid_again_after_a_fork()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        var had = await world.AgreeAsync(25);
        await world.Buyer.SignOffAsync();
        _file.Copy();
        var identifier = await world.AgreeAsync(26);
        Asked = await world.Buyer.DealAsync(identifier);
        await world.Buyer.RoundAsync();
        var first = Assert.Single(world.Buyer.Chain.Handed);
        world.Time.Move(TimeSpan.FromMinutes(2.5));
        world.Devnet.Mine();
        Assert.Equal(world.LocksOf(had), world.LocksOf(identifier));
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        await ForkedAsync(
            world,
            2,
            first,
            async () => Assert.IsType<InsertOutcome.Stored>(await world.Buyer.MakeAsync(Asked! with { Id = "asked-again", CreatedAt = world.Now }, world.Now))
        );
        Assert.Equal([first.Id], world.LocksOf(had));
        Assert.Equal([first.Id], world.LocksOf(identifier));
        Assert.Equal(["asked-again", (await world.Buyer.DealAsync(had)).Id], await ServedAsync(world, first));
    }

    // As O1a, and the time to lock is over when it is asked for again: nothing is due to be paid, so nobody reads what is stored of it. The money is collected by nobody.
    [Theory]
    [InlineData(-120)]
    [InlineData(-30)]
    [InlineData(120)]
    public async Task A_purchase_asked_for_again_when_its_time_to_lock_is_over_is_known_as_paid_and_its_refund_collected(int afterPayBy)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4, buyerDatabase: _file.Open());
        await world.Buyer.RoundAsync();
        await world.Buyer.SignOffAsync();
        _file.Copy();
        var identifier = await world.AgreeAsync(25, TimeSpan.FromHours(1));
        var asked = await world.Buyer.DealAsync(identifier);
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        world.Time.Move(TimeSpan.FromMinutes(3));
        world.Devnet.Mine();
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        for (var i = 0; i < 35; i++)
        {
            await world.Buyer.RoundAsync();
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
        }

        await world.Buyer.RoundAsync();
        world.Time.Move(asked.Terms.Deadlines.PayBy.AddSeconds(afterPayBy) - world.Now);
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.IsType<InsertOutcome.Stored>(await world.Buyer.MakeAsync(asked with { Id = "asked-again", CreatedAt = world.Now }, world.Now));
        await world.SettleAsync();
        await world.PassAsync(TimeSpan.FromMinutes(15));
        await world.PassAsync(TimeSpan.FromHours(4));
        await world.PassAsync(TimeSpan.FromMinutes(31));
        await world.PassAsync(TimeSpan.FromHours(4));
        var deal = await world.Buyer.DealAsync(identifier);
        TestContext.Current.TestOutputHelper?.WriteLine($"{deal.OnChainState}, given up {deal.GaveUpAt:u}");
        Assert.DoesNotContain(world.Devnet.State.Utxos, u => u.Value.Address == world.Escrow.Address);
    }

    private static async Task<string[]> ServedAsync(SettlementWorld world, Transaction transaction) =>
        [
            .. (await world.Buyer.Store.Attempts.FindAsync($"{transaction.Id}", Stop))!
                .Subjects.Select(s => s.SubjectId)
                .OrderBy(s => s != "asked-again")
                .ThenBy(s => s, StringComparer.Ordinal),
        ];

    private async Task<(string Identifier, Transaction Lock)> PaidByTheOtherHalfAsync(SettlementWorld world)
    {
        await world.Buyer.RoundAsync();
        await world.Buyer.SignOffAsync();
        _file.Copy();
        var identifier = await world.AgreeAsync(25);
        Asked = await world.Buyer.DealAsync(identifier);
        await world.Buyer.RoundAsync();
        var first = Assert.Single(world.Buyer.Chain.Handed);
        world.Time.Move(TimeSpan.FromMinutes(2.5));
        world.Devnet.Mine();
        Assert.Single(world.LocksOf(identifier));
        world.Buyer = world.Buyer.On(_file.OpenCopy());
        world.Buyer.Chain.Handed.Clear();
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.Equal([identifier], await world.Buyer.Store.Chain.ListOrphansAsync(world.Buyer.Source.Id, Stop));
        return (identifier, first);
    }

    // Its transactions wait in no mempool that this provider has; a larger coin comes; then what the other provider's mempool had gets into a block.
    private static async Task ForkedAsync(SettlementWorld world, int blocks, Transaction first, Func<Task>? before = null)
    {
        world.Devnet.Rollback(blocks, drop: true);
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        if (before is not null)
        {
            await before();
        }

        await world.Buyer.RoundAsync();
        world.Devnet.Submit(first);
        world.Devnet.Mine();
        await world.SettleAsync();
    }
}
