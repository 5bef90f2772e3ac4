using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Rails;
using Masumi.Storage.Sqlite;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>O1, ADR 7: a node that goes on with a copy of its database, behind which another process may have paid.</summary>
public sealed class CopiedDatabaseTests : IDisposable
{
    private readonly NodeFile _file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    // O1: the lock is in a block, or still in a mempool, when the copy starts.
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 200)]
    [InlineData(false, 1)]
    public async Task A_copy_of_the_database_from_before_the_lock_adopts_it_and_pays_nothing(bool isInBlock, int blocks)
    {
        await using var world = await CreateAsync();
        var identifier = await world.AgreeAsync(25);
        world.Buyer.Chain.Down = true;
        await world.Buyer.RoundAsync();
        world.Buyer.Chain.Down = false;

        // A sign of life, then the backup; the lock comes after it.
        await world.Buyer.SignOffAsync();
        _file.Copy();
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        if (isInBlock)
        {
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        // A machine is lost, and somebody restores what there is. A larger coin came meanwhile.
        world.Fund(world.Buyer.Wallet.Address, 3000);
        if (isInBlock)
        {
            world.Devnet.Mine(blocks);
        }

        world.Time.Move(TimeSpan.FromMinutes(3));
        await using var database = GoOnWithCopy(world);
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        Assert.All(await world.Buyer.AttemptsAsync(identifier), a => Assert.Equal(handed, a.TxId));
        for (var i = 0; i < 15; i++)
        {
            await world.Buyer.RoundAsync();
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
        }

        await world.SettleAsync();
        Assert.Null(world.Buyer.HoldsUntil);
        Assert.Equal([handed], world.LocksOf(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);

        // It goes on: a result, and the money the other way.
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Equal([handed], world.LocksOf(identifier));
    }

    // O1: what the other half paid is an attempt of the copy too, one for all that the transaction paid: a fork that takes it gets it back, and nothing else.
    [Fact]
    public async Task A_lock_that_a_copy_adopted_returns_with_the_same_bytes_when_a_fork_takes_it()
    {
        await using var world = await CreateAsync();
        var identifier = await world.AgreeAsync(25);
        var other = await world.AgreeAsync(30);
        _file.Copy();
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        world.Devnet.Mine();
        var height = world.Devnet.Tip.Height;
        world.Fund(world.Buyer.Wallet.Address, 3000);
        await using var database = GoOnWithCopy(world);
        await world.Buyer.RoundAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        var adopted = Assert.Single(await world.Buyer.AttemptsAsync(identifier));
        Assert.Equal(handed, adopted.TxId);
        Assert.Equal(AttemptState.InBlock, adopted.State);
        Assert.Equal(2, adopted.Subjects.Length);

        world.Devnet.Rollback((int)(world.Devnet.Tip.Height - height + 1), drop: true);
        world.Fund(world.Buyer.Wallet.Address, 3000);
        await world.Buyer.RoundAsync();
        Assert.Contains(world.Buyer.Chain.Handed, t => t.Id == handed);
        await world.SettleAsync();
        Assert.Equal([handed], world.LocksOf(identifier));
        Assert.Equal([handed], world.LocksOf(other));
        Assert.Single(await world.Buyer.AttemptsAsync(identifier));
    }

    // O1: a machine that goes on with a snapshot of seconds ago. Nothing in the database tells it from a process that crashed, so that one holds too.
    [Fact]
    public async Task A_copy_of_a_running_nodes_database_holds_however_young_it_is_and_looks_again_before_it_pays()
    {
        await using var world = await CreateAsync();
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        var other = await world.AgreeAsync(25);
        _file.Copy();
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Time.Move(TimeSpan.FromSeconds(5));
        await using var database = GoOnWithCopy(world);

        // Its lists are behind at first: what it sees then is no reason to pay when the hold is over.
        world.Views.Set("buyer", "list-behind:2");
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        world.Devnet.Mine(2);
        await world.Buyer.RoundAsync();
        world.Views.Clear("buyer");
        for (var i = 0; i < 13; i++)
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        await world.SettleAsync();
        Assert.Null(world.Buyer.HoldsUntil);
        Assert.Equal([handed], world.LocksOf(identifier));
        Assert.Equal([handed], world.LocksOf(other));
    }

    // Its lists stand still, for longer than it holds. What is asked for meanwhile is paid, found by its hash and not listed: so much for what is not listed.
    [Fact]
    public async Task A_hold_does_not_end_upon_lists_that_lack_what_is_known_to_be_on_chain()
    {
        await using var world = await CreateAsync();
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25, TimeSpan.FromHours(2));
        _file.Copy();
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        world.Fund(world.Buyer.Wallet.Address, 3000);
        await using var database = GoOnWithCopy(world);
        world.Buyer.Chain.ListsStandAt = world.Devnet.Tip.Height;
        await world.Buyer.RoundAsync();
        world.Time.Move(TimeSpan.FromSeconds(20));
        world.Devnet.Mine();
        var fresh = await world.AgreeAsync(5, TimeSpan.FromHours(2));
        for (var i = 0; i < 20; i++)
        {
            await world.Buyer.RoundAsync();
            world.Time.Move(TimeSpan.FromMinutes(1));
            world.Devnet.Mine();
        }

        Assert.Single(world.LocksOf(fresh));
        Assert.Equal([handed], world.LocksOf(identifier));
        Assert.Empty(await world.Buyer.AttemptsAsync(identifier));

        world.Buyer.Chain.ListsStandAt = null;
        await world.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal([handed], world.LocksOf(identifier));
        Assert.Equal(handed, Assert.Single(await world.Buyer.AttemptsAsync(identifier)).TxId);
    }

    // The other half signs by the time that has gone on since its last block; this one's provider shows an old block at the start.
    [Theory]
    [InlineData(0)]
    [InlineData(120)]
    [InlineData(240)]
    public async Task A_hold_lasts_longer_than_what_the_other_half_signed_though_no_block_came_for_a_while(int seconds)
    {
        await using var world = await CreateAsync(SettlementWorld.Hosted);
        for (var i = 0; i < 10; i++)
        {
            world.Time.Move(TimeSpan.FromSeconds(20));
            world.Devnet.Mine();
        }

        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        _file.Copy();
        world.Time.Move(TimeSpan.FromSeconds(seconds));
        world.Buyer.Chain.OnSubmit = _ => Fault.Delayed;
        await world.Buyer.RoundAsync();
        var first = Assert.Single(world.Buyer.Chain.Handed);
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        world.Fund(world.Buyer.Wallet.Address, 3000);
        var lost = world.Buyer;
        await using var database = GoOnWithCopy(world);
        world.Time.Move(TimeSpan.FromSeconds(5));
        await world.Buyer.RoundAsync();
        var valid = world.Devnet.Slots.TimeOf(first.Body.InvalidHereafter!.Value);
        while (world.Now < valid - TimeSpan.FromSeconds(25))
        {
            world.Time.Move(TimeSpan.FromSeconds(20));
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
        }

        await lost.Chain.ReleaseAsync(Stop);
        world.Devnet.Mine();
        await world.SettleAsync();
        Assert.Equal([first.Id], world.LocksOf(identifier));
    }

    // Whoever stops it because it does not pay does not make it pay by that.
    [Fact]
    public async Task An_engine_that_is_stopped_in_order_while_it_holds_holds_again_when_it_starts()
    {
        await using var world = await CreateAsync();
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        _file.Copy();
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        await using var database = GoOnWithCopy(world);
        await world.Buyer.RunUntilStoppedAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);

        world.Buyer.Restart();
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        Assert.Empty(await world.Buyer.AttemptsAsync(identifier));
        world.Devnet.Mine();
        await world.PassAsync(TimeSpan.FromMinutes(12));
        await world.SettleAsync();
        Assert.Equal([handed], world.LocksOf(identifier));
    }

    // Stopped in the first round, when only the tip was known: nothing was looked at, and so nothing is signed off.
    [Fact]
    public async Task An_engine_that_is_stopped_before_it_followed_anything_holds_again_when_it_starts()
    {
        await using var world = await CreateAsync();
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        _file.Copy();
        await world.Buyer.RoundAsync();
        var handed = Assert.Single(world.Buyer.Chain.Handed).Id;
        await using var database = GoOnWithCopy(world);
        var asked = 0;
        world.Buyer.Chain.Before = q =>
            q == "follow" && Interlocked.Increment(ref asked) > 0 ? throw new ChainUnavailableException("The list is not served.") : Task.CompletedTask;
        await world.Buyer.RunUntilStoppedAsync(() => Volatile.Read(ref asked) > 0);
        world.Buyer.Chain.Before = _ => Task.CompletedTask;
        world.Buyer.Restart();
        await world.Buyer.RoundAsync();
        Assert.NotNull(world.Buyer.HoldsUntil);
        Assert.Empty(await world.Buyer.AttemptsAsync(identifier));
        world.Devnet.Mine();
        await world.PassAsync(TimeSpan.FromMinutes(12));
        await world.SettleAsync();
        Assert.Equal([handed], world.LocksOf(identifier));
    }

    [Fact]
    public async Task An_engine_that_was_stopped_in_order_pays_at_once_when_it_starts_again()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        await world.Buyer.RunUntilStoppedAsync();
        var identifier = await world.AgreeAsync(25);
        world.Buyer.Restart();
        await world.SettleAsync();
        Assert.Null(world.Buyer.HoldsUntil);
        Assert.Single(world.LocksOf(identifier));
    }

    // O1: what is asked for after the copy started is nobody else's, and waits for nothing.
    [Fact]
    public async Task A_copy_pays_at_once_for_what_was_bought_after_it_started()
    {
        await using var world = await CreateAsync();
        var old = await world.AgreeAsync(25);
        await world.Buyer.SignOffAsync();
        _file.Copy();
        world.Time.Move(TimeSpan.FromMinutes(3));
        world.Devnet.Mine();
        await using var database = GoOnWithCopy(world);
        await world.Buyer.RoundAsync();
        world.Time.Move(TimeSpan.FromSeconds(5));
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        var fresh = await world.AgreeAsync(20);
        await world.SettleAsync();
        Assert.Single(world.LocksOf(fresh));
        Assert.Empty(world.LocksOf(old));
        await world.PassAsync(TimeSpan.FromMinutes(12));
        Assert.Single(world.LocksOf(old));
    }

    private Task<SettlementWorld> CreateAsync(Func<ProvidedChainOptions, ProvidedChainOptions>? provided = null) =>
        SettlementWorld.CreateAsync(buyerCoins: 4, provided: provided, buyerDatabase: _file.Open());

    // The buyer's node is a process on the copy from now on; what it was may go on too.
    private SqliteDatabase GoOnWithCopy(SettlementWorld world)
    {
        var database = _file.OpenCopy();
        world.Buyer = world.Buyer.On(database);
        return database;
    }
}
