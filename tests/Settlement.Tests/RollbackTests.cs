using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests;

/// <summary>What a chain that goes back, or never takes a transaction, does to deals. On every store.</summary>
public sealed class RollbackTests
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Sqlite, StoreKind.Postgres];

    [Theory, MemberData(nameof(Stores))]
    public async Task A_lock_taken_back_by_a_rollback_returns_with_the_same_bytes(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        var identifier = await world.LockAsync();
        var before = Assert.Single(world.LocksOf(identifier));
        var height = BlockOf(world, before);

        world.Devnet.Rollback((int)(world.Devnet.Tip.Height - height + 1), drop: true);
        Assert.Empty(world.LocksOf(identifier));
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        await world.Seller.RoundAsync();
        Assert.Null((await world.Seller.DealAsync(identifier)).Projection.State);

        await world.SettleAsync();
        Assert.Equal([before], world.LocksOf(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).Projection.State);
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).Projection.State);
        Assert.Single(await world.Buyer.AttemptsAsync(identifier));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_rollback_under_a_refund_request_brings_both_back(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        var identifier = await world.LockAsync();
        var height = BlockOf(world, Assert.Single(world.LocksOf(identifier)));

        // The request is signed and sent, but no block has it when the lock under it goes.
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.Buyer.RoundAsync();
        world.Devnet.Rollback((int)(world.Devnet.Tip.Height - height + 1), drop: true);
        await world.SettleAsync(8);

        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(OnChainState.RefundRequested, (await world.Buyer.DealAsync(identifier)).Projection.State);
        Assert.Equal(OnChainState.RefundRequested, (await world.Seller.DealAsync(identifier)).Projection.State);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_rollback_of_everything_that_happened_replays_it_to_the_same_end(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        var start = world.Devnet.Tip.Height;
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('c', 64));
        await world.SettleAsync();
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(identifier)).Projection.State);

        world.Devnet.Rollback((int)(world.Devnet.Tip.Height - start), drop: true);
        await world.SettleAsync(8);
        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(identifier)).Projection.State);
        Assert.Equal(new string('c', 64), (await world.Buyer.DealAsync(identifier)).Projection.ResultHash);

        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(identifier)).Projection.State);
        Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(identifier)).Projection.State);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_lock_that_no_block_took_is_replaced_by_one_that_excludes_it(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store, buyerCoins: 10);
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        var first = Assert.Single(await world.Buyer.AttemptsAsync(identifier)).Transaction!;

        // More coins, smaller and larger ones: left to itself, coin selection would not come back to the first one's.
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Fund(world.Buyer.Wallet.Address, 20);
        world.Devnet.Mine();
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        world.Devnet.Advance(TimeSpan.FromMinutes(10));
        await world.SettleAsync();
        var second = Assert.Single(world.LocksOf(identifier));
        Assert.NotEqual(first.Id, second);
        Assert.Equal(2, (await world.Buyer.AttemptsAsync(identifier)).Count);

        // Some fork has the first after all, and wins: the second can never follow.
        var replacement = world.Devnet.Blocks.SelectMany(b => b.Transactions).Single(t => t.Id == second);
        Assert.NotEmpty(replacement.Body.Inputs.Intersect(first.Body.Inputs));
    }

    [Fact]
    public async Task Of_two_locks_only_the_one_that_a_winning_fork_holds_counts()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 10);
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        var first = Assert.Single(await world.Buyer.AttemptsAsync(identifier));
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Buyer.Chain.OnSubmit = _ => Fault.None;

        // The node's view: nobody took it, it expired, a second one was locked.
        world.Devnet.Advance(TimeSpan.FromMinutes(10));
        await world.SettleAsync();
        var blocks = (int)(world.Devnet.Tip.Height - BlockOf(world, Assert.Single(world.LocksOf(identifier))) + 1);

        // The other view wins: a chain on which the first one's coins are spent, as the first does.
        world.Devnet.Rollback(blocks, drop: true);
        SpendAll(world, first.Transaction!);
        await world.SettleAsync(8);
        Assert.Empty(world.LocksOf(identifier));
        var live = await world.Buyer.Store.Attempts.ListOpenAsync(-1, TestContext.Current.CancellationToken);
        Assert.Equal(live.SelectMany(i => i.Transaction!.Body.Inputs).Distinct().Count(), live.Sum(i => i.Transaction!.Body.Inputs.Length));
    }

    [Fact]
    public async Task A_lock_that_will_never_come_is_given_up_after_its_deadline()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        var identifier = await world.AgreeAsync();
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(130));
        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            var deal = await node.DealAsync(identifier);
            Assert.Equal(OnChainState.FundsOrDatumInvalid, deal.OnChainState);

            // The buyer wanted to pay; to the seller it is one more offer that nobody took.
            Assert.Equal(node == world.Buyer, deal.Problem is { NeedsManual: true });
        }
    }

    [Fact]
    public async Task With_three_confirmations_a_seller_counts_a_lock_when_three_blocks_stand_on_it()
    {
        var options = new SettlementOptions { Confirmations = Confirmations.Always(3), LockWindow = TimeSpan.Zero };
        await using var world = await SettlementWorld.CreateAsync(options: options);
        world.Devnet.Mine(3);
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        for (var onTop = 0; onTop <= 3; onTop++)
        {
            world.Devnet.Mine();
            await world.Buyer.RoundAsync();
            await world.Seller.RoundAsync();
            Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).Projection.State);
            Assert.Equal(onTop < 3 ? null : OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).Projection.State);
        }

        Assert.Single(await world.Buyer.AttemptsAsync(identifier));
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
    }

    private static void SpendAll(SettlementWorld world, Transaction first)
    {
        foreach (var input in first.Body.Inputs)
        {
            var plan = new TransactionPlan
            {
                Inputs = [new Utxo(input, world.Devnet.State.Find(input)!)],
                ChangeAddress = world.Devnet.FaucetAddress,
                Signers = [world.Buyer.Keys.Payment],
            };
            var built = Assert.IsType<BuildResult.Built>(
                TransactionBuilder.Build(plan, world.Devnet.Parameters, world.Devnet.Slots, new Plutus.PlutusEvaluator())
            );
            Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(built.Transaction));
        }
    }

    private static long BlockOf(SettlementWorld world, TransactionId id) => world.Devnet.Blocks.Single(b => b.Transactions.Any(t => t.Id == id)).Height;
}
