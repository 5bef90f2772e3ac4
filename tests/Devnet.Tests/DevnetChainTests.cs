using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Devnet.Tests;

public sealed class DevnetChainTests
{
    private static readonly Lovelace Ten = Lovelace.FromAda(10);

    private readonly ManualTime _wall = new();

    [Fact]
    public void A_new_chain_has_one_block_with_all_the_money()
    {
        using var chain = Start(BlockProduction.OnDemand, new GenesisAccount(Wallet.Alice.Address, Value.Of(Ten)));

        Assert.Equal(0, chain.Tip.Height);
        Assert.Equal(new Slot(0), chain.CurrentSlot);
        Assert.Equal(Lovelace.MaxSupply, Supply(chain));
        Assert.Contains(chain.State.Utxos.Values, o => o.Address == Wallet.Alice.Address && o.Value.Coin == Ten);
    }

    [Fact]
    public void The_faucet_pays_and_mints_in_ordinary_transactions()
    {
        using var chain = Start(BlockProduction.PerTransaction);
        var token = new AssetId(chain.FaucetPolicy, new AssetName("usd"u8));

        var ada = Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Alice.Address, Value.Of(Ten)));
        var tokens = Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Bob.Address, Value.Of(Ten, token, 500)));

        Assert.Equal(2, chain.Tip.Height);
        Assert.Equal(Ten, chain.State.Find(ada.Output)!.Value.Coin);
        Assert.Equal(500, chain.State.Find(tokens.Output)!.Value[token]);
        Assert.Equal(Lovelace.MaxSupply, Supply(chain));
    }

    [Fact]
    public void The_faucet_gives_assets_of_other_policies_only_as_far_as_it_has_them()
    {
        var foreign = new AssetId(default, new AssetName("usd"u8));
        using var chain = new DevnetChain(new DevnetOptions { Time = _wall, FaucetAssets = [KeyValuePair.Create(foreign, (Int128)100)] });

        Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Alice.Address, Value.Of(Ten, foreign, 60)));
        Assert.IsType<DevnetFunding.Refused>(chain.Fund(Wallet.Alice.Address, Value.Of(Ten, foreign, 60)));
        Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Alice.Address, Value.Of(Ten, foreign, 40)));
    }

    [Fact]
    public void Every_devnet_has_tusdm_in_preprods_unit()
    {
        using var chain = Start(BlockProduction.PerTransaction);
        var unit = AssetId.Parse("16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d");

        Assert.Equal(10_000_000_000_000_000, chain.State.Utxos.Values.Single(o => o.Address == chain.FaucetAddress).Value[unit]);
        var paid = Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Alice.Address, Value.Of(Ten, unit, 5_000_000)));
        Assert.Equal(Value.Of(Ten, unit, 5_000_000), chain.State.Find(paid.Output)!.Value);
        Assert.Equal(10_000_000_000_000_000, chain.State.Utxos.Values.Aggregate(Int128.Zero, (sum, o) => sum + o.Value[unit]));
    }

    [Fact]
    public void Tokens_alone_go_with_the_ada_their_output_needs_and_no_more()
    {
        using var chain = Start(BlockProduction.PerTransaction);

        var paid = Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Alice.Address, Value.Of(Lovelace.Zero, [DevnetTokens.OfTUsdm(5)])));

        var output = chain.State.Find(paid.Output)!;
        Assert.Equal(5_000_000, output.Value[DevnetTokens.TUsdm]);
        Assert.Equal(Fees.MinUtxo(chain.Parameters, output), output.Value.Coin);
    }

    [Fact]
    public void Genesis_and_faucet_hold_and_give_as_many_tokens_as_there_can_be()
    {
        var foreign = new AssetId(default, new AssetName("usd"u8));
        using var chain = new DevnetChain(new DevnetOptions { Time = _wall, FaucetAssets = [KeyValuePair.Create(foreign, (Int128)long.MaxValue)] });

        Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Alice.Address, Value.Of(Ten, foreign, long.MaxValue)));
        Assert.Equal(long.MaxValue, chain.View.Index.Assets[foreign].Quantity);
    }

    [Fact]
    public void The_faucet_refuses_less_than_an_output_must_hold()
    {
        using var chain = Start(BlockProduction.PerTransaction);

        Assert.IsType<DevnetFunding.Refused>(chain.Fund(Wallet.Alice.Address, Value.Of(new Lovelace(1))));
    }

    [Fact]
    public void Unconfirmed_change_can_be_spent_and_lands_in_the_same_block()
    {
        using var chain = Start(BlockProduction.OnDemand, new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100))));
        var first = Wallet.Alice.Pay(UtxoOf(chain, Wallet.Alice), Wallet.Bob.Address, Ten);
        var second = Wallet.Alice.Pay(Wallet.OutputOf(first, 1), Wallet.Bob.Address, Ten);

        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(first));
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(second));
        Assert.Equal(0, chain.Tip.Height);
        chain.Mine();

        Assert.Equal([first.Id, second.Id], chain.Tip.Transactions.Select(t => t.Id));
        Assert.Empty(chain.Mempool);
    }

    [Fact]
    public void A_second_submission_is_refused_as_already_included()
    {
        using var chain = Start(BlockProduction.OnDemand, new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100))));
        var payment = Wallet.Alice.Pay(UtxoOf(chain, Wallet.Alice), Wallet.Bob.Address, Ten);
        chain.Submit(payment);

        var refused = Assert.IsType<DevnetSubmission.Refused>(chain.Submit(payment));
        chain.Mine();
        Assert.IsType<DevnetSubmission.Refused>(chain.Submit(payment));

        Assert.Contains("All inputs are spent", $"{Assert.Single(refused.Failures)}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_mempool_turns_submissions_away()
    {
        using var chain = new DevnetChain(
            new DevnetOptions
            {
                Time = _wall,
                Production = BlockProduction.OnDemand,
                MempoolCapacity = 1,
                Accounts = [new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100)))],
            }
        );
        var first = Wallet.Alice.Pay(UtxoOf(chain, Wallet.Alice), Wallet.Bob.Address, Ten);
        chain.Submit(first);

        Assert.IsType<DevnetSubmission.MempoolFull>(chain.Submit(Wallet.Alice.Pay(Wallet.OutputOf(first, 1), Wallet.Bob.Address, Ten)));
    }

    [Fact]
    public void A_transaction_whose_time_is_up_leaves_the_mempool()
    {
        using var chain = Start(BlockProduction.OnDemand, new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100))));
        var payment = Wallet.Alice.Pay(UtxoOf(chain, Wallet.Alice), Wallet.Bob.Address, Ten, b => b with { InvalidHereafter = new Slot(60) });
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(payment));

        chain.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(chain.Mempool);
        Assert.Empty(chain.Tip.Transactions);
    }

    [Fact]
    public void Advancing_a_month_costs_one_block_at_the_new_time()
    {
        using var chain = Start(BlockProduction.OnDemand);

        chain.Advance(TimeSpan.FromDays(30));

        Assert.Equal(1, chain.Tip.Height);
        Assert.Equal(new Slot(30 * 86_400), chain.Tip.Slot);
        Assert.Equal(_wall.GetUtcNow() + TimeSpan.FromDays(30), chain.Clock.GetUtcNow());
    }

    [Fact]
    public void Blocks_never_lie_in_the_future_of_the_clock()
    {
        using var chain = Start(BlockProduction.OnDemand);

        chain.Mine(5);

        Assert.Equal(new Slot(5), chain.Tip.Slot);
        Assert.Equal(new Slot(5), chain.CurrentSlot);
    }

    [Fact]
    public void Blocks_come_by_the_clock_when_asked_to()
    {
        using var chain = Start(BlockProduction.Interval);

        _wall.Move(TimeSpan.FromSeconds(3));

        // Three ticks at one instant: a slot holds one block.
        Assert.Equal(1, chain.Tip.Height);
        Assert.Equal(new Slot(3), chain.Tip.Slot);
        _wall.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(2, chain.Tip.Height);
    }

    [Fact]
    public void A_rollback_takes_transactions_and_their_outputs_back()
    {
        using var chain = Start(BlockProduction.PerTransaction, new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100))));
        var before = UtxoOf(chain, Wallet.Alice);
        var payment = Wallet.Alice.Pay(before, Wallet.Bob.Address, Ten);
        chain.Submit(payment);
        var gone = chain.Tip.Hash;

        chain.Rollback(1, drop: true);

        Assert.Equal(0, chain.Tip.Height);
        Assert.Equal(before, UtxoOf(chain, Wallet.Alice));
        Assert.Empty(chain.Mempool);
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(payment));
        Assert.NotEqual(gone, chain.Tip.Hash);
    }

    [Fact]
    public void What_depends_on_rolled_back_outputs_leaves_the_mempool()
    {
        using var chain = Start(BlockProduction.OnDemand, new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100))));
        var first = Wallet.Alice.Pay(UtxoOf(chain, Wallet.Alice), Wallet.Bob.Address, Ten);
        chain.Submit(first);
        chain.Mine();
        chain.Submit(Wallet.Alice.Pay(Wallet.OutputOf(first, 1), Wallet.Bob.Address, Ten));

        chain.Rollback(1, drop: true);

        Assert.Empty(chain.Mempool);
    }

    [Fact]
    public void Genesis_cannot_be_rolled_back()
    {
        using var chain = Start(BlockProduction.OnDemand);

        Assert.False(chain.TryRollback(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => chain.Rollback(1));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        using var chain = Start(BlockProduction.PerTransaction);

        var paid = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => chain.Fund(Wallet.Alice.Address, Value.Of(Ten)))));

        Assert.All(paid, p => Assert.IsType<DevnetFunding.Paid>(p));
        Assert.Equal(40, chain.State.Utxos.Values.Count(o => o.Address == Wallet.Alice.Address));
        Assert.Equal(40, chain.Tip.Height);
        Assert.Equal(Lovelace.MaxSupply, Supply(chain));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_the_money_adds_up(int seed)
    {
        using var chain = Start(BlockProduction.OnDemand, new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(5_000))));
        var random = new Random(seed);
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    chain.Mine(random.Next(3));
                    break;
                case 1:
                    chain.TryRollback(random.Next(4), drop: random.Next(2) == 0);
                    break;
                case 2:
                    chain.Advance(TimeSpan.FromSeconds(random.Next(100)));
                    break;
                case 3:
                    chain.Fund(Wallet.Bob.Address, Value.Of(Lovelace.FromAda(random.Next(1, 50))));
                    break;
                default:
                    var mine = chain.State.Utxos.Where(u => u.Value.Address == Wallet.Alice.Address).ToArray();
                    var (input, output) = mine[random.Next(mine.Length)];
                    chain.Submit(Wallet.Alice.Pay(new Utxo(input, output), Wallet.Bob.Address, Lovelace.FromAda(random.Next(1, 9))));
                    break;
            }

            Assert.True(Supply(chain) == Lovelace.MaxSupply, $"seed {seed}, step {step}: {Supply(chain)}");
            Assert.True(chain.Tip.Slot <= chain.CurrentSlot, $"seed {seed}, step {step}: the tip is ahead of the clock");
            var listed = chain.View.Index.Addresses.Values.SelectMany(a => a.Utxos.Values).ToHashSet();
            Assert.True(
                listed.SetEquals(chain.State.Utxos.Select(u => new Utxo(u.Key, u.Value))),
                $"seed {seed}, step {step}: the index and the ledger disagree about what is unspent"
            );
        }
    }

    private DevnetChain Start(BlockProduction production, params GenesisAccount[] accounts) =>
        new(
            new DevnetOptions
            {
                Time = _wall,
                Production = production,
                Accounts = [.. accounts],
            }
        );

    private static Utxo UtxoOf(DevnetChain chain, Wallet wallet)
    {
        var (input, output) = chain.State.Utxos.Single(u => u.Value.Address == wallet.Address);
        return new Utxo(input, output);
    }

    private static Lovelace Supply(DevnetChain chain) => chain.State.Utxos.Values.Aggregate(chain.State.FeePot, (sum, o) => sum + o.Value.Coin);
}
