using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Plutus;
using Masumi.Protocol;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>A lock that another program made with this node's wallet, without an end of its validity: adopted, taken by a fork, and in conflict then.</summary>
public sealed class EndlessLockTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lock_without_an_end_that_a_fork_took_and_whose_coin_went_elsewhere_is_made_anew(bool isEndless)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var identifier = await world.AgreeAsync(25);
        var deal = await world.Buyer.DealAsync(identifier);
        var wallet = world.Buyer.Wallet.Address;
        var coin = world.Devnet.State.Utxos.Where(u => u.Value.Address == wallet).Select(u => new Utxo(u.Key, u.Value)).First();
        var datum = deal.Terms.ToEscrow().LockDatum(wallet, null, Lovelace.Zero);
        var pieces = new EscrowTransactions(world.Escrow, null, world.Devnet.Parameters, world.Devnet.Slots).Lock(
            [new LockSize(datum, Value.Of(Lovelace.FromAda(25)))],
            world.Now,
            out _
        )!;
        var plan = pieces.AddTo(Plan(world, coin));
        var other = Build(world, isEndless ? plan with { InvalidBefore = null, InvalidHereafter = null } : plan);
        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(other));
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Equal(other.Id, Assert.Single(await world.Buyer.AttemptsAsync(identifier)).TxId);

        // The fork has another spending of its coin.
        world.Devnet.Rollback(1, drop: true);
        Assert.IsType<DevnetSubmission.Accepted>(
            world.Devnet.Submit(
                Build(world, Plan(world, coin) with { Inputs = [coin], Available = [], Outputs = [new TxOutput(wallet, Value.Of(Lovelace.FromAda(7)))] })
            )
        );
        world.Devnet.Mine(2);
        await world.SettleAsync();
        for (var i = 0; i < 20; i++)
        {
            await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        }

        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }

    // A lock of another program without an end, whose coin the fork never made: in no conflict with anything, valid for ever, and nowhere.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lock_without_an_end_whose_coin_a_fork_never_made_does_not_hold_its_purchase_for_ever(bool isEndless)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        await world.Buyer.RoundAsync();
        var identifier = await world.AgreeAsync(25);
        var deal = await world.Buyer.DealAsync(identifier);
        var wallet = world.Buyer.Wallet.Address;
        var before = world.Devnet.State.Utxos.Keys.ToHashSet();
        world.Fund(wallet, 100);
        world.Devnet.Mine();
        var coin = world.Devnet.State.Utxos.Where(u => u.Value.Address == wallet && !before.Contains(u.Key)).Select(u => new Utxo(u.Key, u.Value)).Single();
        var datum = deal.Terms.ToEscrow().LockDatum(wallet, null, Lovelace.Zero);
        var pieces = new EscrowTransactions(world.Escrow, null, world.Devnet.Parameters, world.Devnet.Slots).Lock(
            [new LockSize(datum, Value.Of(Lovelace.FromAda(25)))],
            world.Now,
            out _
        )!;
        var plan = pieces.AddTo(
            new TransactionPlan
            {
                Available = [coin],
                ChangeAddress = wallet,
                Signers = [world.Buyer.Keys.Payment],
            }
        );
        plan = isEndless ? plan with { InvalidBefore = null, InvalidHereafter = null } : plan;
        var other = Assert
            .IsType<BuildResult.Built>(TransactionBuilder.Build(plan, world.Devnet.Parameters, world.Devnet.Slots, new PlutusEvaluator()))
            .Transaction;
        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(other));
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.Equal(other.Id, Assert.Single(await world.Buyer.AttemptsAsync(identifier)).TxId);

        world.Devnet.Rollback(2, drop: true);
        world.Devnet.Mine(3);
        await world.SettleAsync();
        for (var i = 0; i < 20; i++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(10));
        }

        var after = await world.Buyer.DealAsync(identifier);
        var attempt = (await world.Buyer.AttemptsAsync(identifier))[^1];
        TestContext.Current.TestOutputHelper?.WriteLine($"{after.UnderWay} {after.GaveUpAt} {attempt.State}; locks: {world.LocksOf(identifier).Count}");
        Assert.True(after.UnderWay is null || after.GaveUpAt is not null);
    }

    private static TransactionPlan Plan(SettlementWorld world, Utxo coin) =>
        new()
        {
            Available = [coin],
            ChangeAddress = world.Buyer.Wallet.Address,
            Signers = [world.Buyer.Keys.Payment],
        };

    private static Transaction Build(SettlementWorld world, TransactionPlan plan) =>
        Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, world.Devnet.Parameters, world.Devnet.Slots, new PlutusEvaluator())).Transaction;
}
