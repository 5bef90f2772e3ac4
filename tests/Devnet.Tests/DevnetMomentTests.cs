using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Tests;

/// <summary>Looking at what the chain showed before, and forks in one step.</summary>
public sealed class DevnetMomentTests : IDisposable
{
    private readonly DevnetChain _chain = Make();

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void A_moment_stays_what_it_was()
    {
        var payment = Payment(10);
        _chain.Submit(payment);
        var waiting = _chain.Now;
        _chain.Mine();
        var made = _chain.Now;
        _chain.Rollback(1, drop: true);

        Assert.Equal(0, _chain.Now.Tip.Height);
        Assert.Equal([payment.Id], waiting.Mempool.Select(t => t.Id));
        Assert.Null(waiting.Find(payment.Id));
        Assert.Equal(1, made.Tip.Height);
        Assert.Equal((1L, 0), (made.Find(payment.Id)!.Block.Height, made.Find(payment.Id)!.Index));
        Assert.Equal([payment.Id], made.TransactionsAt(Wallet.Bob.Address).Select(t => t.Transaction.Id));
        Assert.Equal(Lovelace.FromAda(10), Assert.Single(made.UtxosAt(Wallet.Bob.Address)).Output.Value.Coin);
        Assert.Equal(payment.Id, made.FindSpender(payment.Body.Inputs[0]));
        Assert.Equal(made.Tip, made.FindBlock(made.Tip.Hash));
        Assert.Empty(_chain.Now.UtxosAt(Wallet.Bob.Address));
    }

    [Fact]
    public void Assets_and_their_holders_are_told()
    {
        var asset = AssetId.Parse($"{_chain.FaucetPolicy}61");
        Assert.IsType<DevnetFunding.Paid>(_chain.Fund(Wallet.Bob.Address, Value.Of(Lovelace.FromAda(5), [KeyValuePair.Create(asset, (Int128)7)])));
        _chain.Mine();

        var now = _chain.Now;

        Assert.Equal([asset], now.AssetsOf(_chain.FaucetPolicy));
        Assert.Equal(7, now.HoldersOf(asset)[Wallet.Bob.Address]);
        Assert.Equal(7, Assert.Single(now.MintsOf(asset)).Quantity);
        Assert.Single(now.TransactionsOf(asset));
        Assert.NotNull(now.FindScript(asset.Policy.ToScriptHash()));
    }

    [Fact]
    public void Who_is_late_sees_the_chain_as_it_was_and_what_waited_then()
    {
        _chain.Mine();
        var payment = Payment(10);
        _chain.Submit(payment);
        _chain.Mine(2);

        Assert.Equal([0L, 1, 2], _chain.Earlier.Select(m => m.Tip.Height));
        Assert.Equal(3, _chain.Before(0).Tip.Height);
        Assert.Equal(1, _chain.Before(2).Tip.Height);
        Assert.Equal([payment.Id], _chain.Before(2).Mempool.Select(t => t.Id));
        Assert.Equal(0, _chain.Before(100).Tip.Height);
    }

    [Fact]
    public void A_height_of_the_present_chain_and_a_tip_of_any_branch_are_found()
    {
        _chain.Mine(3);
        var left = _chain.Blocks[2];
        Assert.True(_chain.TryFork(2, 3));

        Assert.Equal(4, _chain.Tip.Height);
        Assert.NotEqual(left.Hash, _chain.Blocks[2].Hash);
        Assert.Equal(left, _chain.Of(left.Hash)!.Tip);
        Assert.Equal(_chain.Blocks[2], _chain.At(2)!.Tip);
        Assert.Equal(_chain.Blocks[1], _chain.At(1)!.Tip);
        Assert.Equal(_chain.Tip, _chain.At(4)!.Tip);
        Assert.Null(_chain.At(5));
        Assert.Null(_chain.At(-1));
        Assert.Null(_chain.Of(default));
    }

    [Fact]
    public void Some_moments_are_kept_or_as_many_as_one_wants()
    {
        using var few = Make(new DevnetOptions { KeptMoments = 2 });
        using var all = Make(new DevnetOptions { KeptMoments = int.MaxValue });
        _chain.Mine(50);
        few.Mine(50);
        all.Mine(50);

        Assert.Equal(32, _chain.Earlier.Count);
        Assert.Equal([48L, 49], few.Earlier.Select(m => m.Tip.Height));
        Assert.Equal(50, all.Earlier.Count);
        Assert.Equal([5L, 5, 5], new[] { _chain, few, all }.Select(c => c.Before(45).Tip.Height));
    }

    [Fact]
    public void A_fork_replaces_blocks_by_more_of_them_in_one_step()
    {
        var payment = Payment(10);
        _chain.Mine();
        _chain.Submit(payment);
        _chain.Mine(2);
        var before = _chain.Blocks.ToArray();

        Assert.True(_chain.TryFork(2, 3));

        Assert.Equal(before.Length + 1, _chain.Blocks.Count);
        Assert.Equal(before[1], _chain.Blocks[1]);
        Assert.Equal(payment.Id, Assert.Single(_chain.Blocks[2].Transactions).Id);
        Assert.Equal(before[2..].Select(b => b.Slot), _chain.Blocks.Skip(2).Take(2).Select(b => b.Slot));
        Assert.True(_chain.Tip.Slot > before[^1].Slot);
        Assert.Empty(_chain.Mempool);
        Assert.Equal(before[^1], _chain.Before(1).Tip);
    }

    [Fact]
    public void On_the_new_branch_a_rival_comes_first()
    {
        var (payment, rival) = (Payment(10), Payment(20));
        _chain.Submit(payment);
        _chain.Mine();

        Assert.True(_chain.TryFork(1, 2, first: [rival, Payment(30)]));

        Assert.Equal([rival.Id], _chain.Blocks[1].Transactions.Select(t => t.Id));
        Assert.Empty(_chain.Mempool);
    }

    [Fact]
    public void What_a_fork_drops_is_neither_in_a_block_nor_waiting()
    {
        _chain.Submit(Payment(10));
        _chain.Mine();

        Assert.True(_chain.TryFork(1, 1, drop: true));

        Assert.All(_chain.Blocks.Skip(1), b => Assert.Empty(b.Transactions));
        Assert.Empty(_chain.Mempool);
        Assert.False(_chain.TryFork(5, 6));
        Assert.Equal(1, _chain.Tip.Height);
    }

    [Fact]
    public void On_demand_nothing_is_timed()
    {
        using var chain = Make(new DevnetOptions { Time = new Timeless() });
        var (input, output) = chain.State.Utxos.Single(u => u.Value.Address == Wallet.Alice.Address);

        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(Wallet.Alice.Pay(new Utxo(input, output), Wallet.Bob.Address, Lovelace.FromAda(10))));
        chain.Mine();

        Assert.True(chain.TryFork(1, 2));
    }

    private sealed class Timeless : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new InvalidOperationException("Nobody may ask for a timer.");
    }

    private static DevnetChain Make(DevnetOptions? options = null) =>
        new(
            (options ?? new DevnetOptions()) with
            {
                Production = BlockProduction.OnDemand,
                Accounts = [new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100)))],
            }
        );

    private Transaction Payment(long ada)
    {
        var (input, output) = _chain.State.Utxos.Single(u => u.Value.Address == Wallet.Alice.Address);
        return Wallet.Alice.Pay(new Utxo(input, output), Wallet.Bob.Address, Lovelace.FromAda(ada));
    }
}
