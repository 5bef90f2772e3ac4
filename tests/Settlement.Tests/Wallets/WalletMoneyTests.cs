using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Wallets;

/// <summary>What the engine pays from which coins, and when it says that there is too little (decision 11, O3, O4).</summary>
public sealed class WalletMoneyTests
{
    [Fact]
    public async Task The_first_lock_from_one_coin_leaves_a_coin_for_collateral_and_several_to_pay_from()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 1);
        await world.LockAsync();
        Assert.Single(world.Buyer.Chain.Handed);
        var coins = CoinsOf(world);
        Assert.Single(coins, CoinPolicyCollateral);
        Assert.InRange(coins.Count(c => c >= Lovelace.FromAda(10)), 4, 16);

        // They are there now: nothing more is spread.
        await world.LockAsync();
        Assert.Equal(coins.Count, CoinsOf(world).Count);
    }

    [Fact]
    public async Task Two_transactions_of_a_spread_wallet_do_not_hang_on_each_other()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 1);
        await world.LockAsync();
        world.Buyer.Chain.Handed.Clear();
        await world.AgreeAsync(20);
        await world.Buyer.RoundAsync();
        await world.AgreeAsync(20);
        await world.Buyer.RoundAsync();
        Assert.Equal(2, world.Buyer.Chain.Handed.Count);
        Assert.DoesNotContain(world.Buyer.Chain.Handed[1].Body.Inputs, i => i.TxId == world.Buyer.Chain.Handed[0].Id);
    }

    [Fact]
    public async Task The_coin_for_collateral_pays_for_nothing_while_another_way_is_left_and_is_what_a_script_action_puts_up()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 0);
        world.Fund(world.Buyer.Wallet.Address, 6);
        world.Fund(world.Buyer.Wallet.Address, 30);
        world.Devnet.Mine();
        var reserved = Inputs(world).Single(c => c.Value == Lovelace.FromAda(6)).Key;
        var first = await world.LockAsync(20);
        Assert.DoesNotContain(reserved, world.Buyer.Chain.Handed.SelectMany(t => t.Body.Inputs));
        await world.Buyer.WantAsync(first, Intent.RequestRefund);
        await world.SettleAsync();
        Assert.Equal([reserved], world.Buyer.Chain.Handed[^1].Body.Collateral);
        Assert.DoesNotContain(reserved, world.Buyer.Chain.Handed.SelectMany(t => t.Body.Inputs));

        // What is left is enough only together with it.
        var second = await world.LockAsync(9);
        Assert.Single(world.LocksOf(second));
        Assert.Contains(reserved, world.Buyer.Chain.Handed.SelectMany(t => t.Body.Inputs));
    }

    // Two that stand upon each other's refused change replaced each other for ever.
    [Fact]
    public async Task Nothing_is_built_upon_the_change_of_what_was_refused_until_it_is_taken()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 1);
        world.Buyer.Chain.OnSubmit = _ => Fault.Refused;
        var first = await world.AgreeAsync(20);
        await world.Buyer.RoundAsync();
        var second = await world.AgreeAsync(20);
        for (var rounds = 0; rounds < 4; rounds++)
        {
            await world.Buyer.RoundAsync();
            world.Devnet.Mine();
        }

        var refused = world.Buyer.Chain.Handed.Select(t => t.Id).ToHashSet();
        Assert.NotEmpty(refused);
        Assert.DoesNotContain(world.Buyer.Chain.Handed, t => t.Body.Inputs.Concat(t.Body.Collateral).Any(i => refused.Contains(i.TxId)));
        Assert.Null((await world.Buyer.DealAsync(second)).Problem);

        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Single(world.LocksOf(first));
        Assert.Single(world.LocksOf(second));
    }

    [Fact]
    public async Task Money_that_comes_to_just_what_was_missing_is_enough()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 0);
        world.Fund(world.Buyer.Wallet.Address, 10);
        world.Devnet.Mine();
        var identifier = await world.AgreeAsync(20);
        await world.Buyer.RoundAsync();
        var note = (await world.Buyer.DealAsync(identifier)).Problem!.Note;
        var missing = Settlement.Deals.MoneyShort.Read(note)!;
        Assert.Equal($"{world.Buyer.Wallet.Address}", missing.At);
        var lovelace = long.Parse(missing.Missing.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.IsType<Devnet.DevnetFunding.Paid>(world.Devnet.Fund(world.Buyer.Wallet.Address, Value.Of(new Lovelace(lovelace))));
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Null((await world.Buyer.DealAsync(identifier)).Problem);
    }

    [Fact]
    public async Task What_anything_but_a_lock_lacks_is_named_with_its_unit_and_is_an_output_that_can_be_sent()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('3', 64));
        world.Seller.Chain.HidesCoins = true;
        world.Seller.Restart();
        await world.Seller.RoundAsync();
        var missing = Settlement.Deals.MoneyShort.Read((await world.Seller.DealAsync(identifier)).Problem!.Note)!;
        Assert.Equal($"{world.Seller.Wallet.Address}", missing.At);
        Assert.Equal("lovelace", missing.Missing.Split(' ')[1]);
        var lovelace = long.Parse(missing.Missing.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        var output = new TxOutput(world.Seller.Wallet.Address, Value.Of(new Lovelace(lovelace)));
        Assert.InRange(lovelace, Fees.MinUtxo(world.Devnet.Parameters, output).Amount, Lovelace.FromAda(10).Amount);
    }

    [Fact]
    public async Task Purchases_whose_money_is_change_that_waits_for_a_block_are_not_short_of_money()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 1, options: new SettlementOptions { LockWindow = TimeSpan.Zero, MaxBatch = 1 });
        var burst = new List<string>();
        for (var i = 0; i < 25; i++)
        {
            burst.Add(await world.AgreeAsync());
        }

        await world.Buyer.RoundAsync();
        Assert.Equal(20, world.Buyer.Chain.Handed.Count);
        foreach (var identifier in burst)
        {
            Assert.Null((await world.Buyer.DealAsync(identifier)).Problem);
        }

        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        Assert.All(burst, identifier => Assert.Single(world.LocksOf(identifier)));
    }

    [Fact]
    public async Task What_the_shortest_transactions_leave_at_the_address_without_a_stake_key_is_the_wallets_money_too()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 0);
        world.Fund(world.Buyer.Wallet.EnterpriseAddress, 30);
        world.Devnet.Mine();
        var identifier = await world.LockAsync(20);
        Assert.Single(world.LocksOf(identifier));
    }

    // O3
    [Fact]
    public async Task A_poor_wallet_is_looked_at_ever_less_often_and_money_is_found_all_the_same()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var dear = await world.AgreeAsync(5000, TimeSpan.FromHours(3));
        await world.Buyer.RoundAsync();
        world.Devnet.Mine(60);
        await world.Buyer.RoundAsync();
        for (var i = 0; i < 2; i++)
        {
            world.Devnet.Advance(TimeSpan.FromHours(1));
            await world.Buyer.RoundAsync();
        }

        var asked = 0;
        world.Buyer.Chain.Before = question =>
        {
            asked += question == "unspent" ? 1 : 0;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 15; i++)
        {
            world.Devnet.Advance(TimeSpan.FromSeconds(20));
            await world.Buyer.RoundAsync();
        }

        Assert.InRange(asked, 2, 4);
        world.Fund(world.Buyer.Wallet.Address, 5000);
        for (var i = 0; i < 7; i++)
        {
            world.Devnet.Advance(TimeSpan.FromSeconds(20));
            await world.Buyer.RoundAsync();
        }

        world.Devnet.Mine();
        Assert.Single(world.LocksOf(dear));
        Assert.Equal(OnChainState.FundsLocked, await StateAsync(world, dear));
    }

    private static bool CoinPolicyCollateral(Lovelace coin) => coin == Settlement.Wallets.CoinPolicy.Collateral;

    private static async Task<OnChainState?> StateAsync(SettlementWorld world, string identifier)
    {
        await world.Buyer.RoundAsync();
        return (await world.Buyer.DealAsync(identifier)).OnChainState;
    }

    private static List<Lovelace> CoinsOf(SettlementWorld world) => [.. Inputs(world).Select(c => c.Value)];

    private static IEnumerable<KeyValuePair<TxInput, Lovelace>> Inputs(SettlementWorld world) =>
        world.Devnet.State.Utxos.Where(u => u.Value.Address == world.Buyer.Wallet.Address).Select(u => KeyValuePair.Create(u.Key, u.Value.Value.Coin));
}
