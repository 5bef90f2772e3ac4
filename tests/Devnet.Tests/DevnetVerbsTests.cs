using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Tests;

namespace Masumi.Devnet.Tests;

/// <summary>Pausing, moving time, snapshots, rollbacks into the mempool, dropping, failing submissions, starting over.</summary>
public sealed class DevnetVerbsTests
{
    private static readonly Lovelace Ten = Lovelace.FromAda(10);

    private readonly ManualTime _wall = new();

    [Theory]
    [InlineData(BlockProduction.Interval)]
    [InlineData(BlockProduction.PerTransaction)]
    public void While_paused_neither_time_nor_blocks_go_on_and_transactions_wait(BlockProduction production)
    {
        using var chain = Start(production);
        chain.Pause();
        var paused = chain.Clock.GetUtcNow();

        var payment = Pay(chain);
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(payment));
        _wall.Move(TimeSpan.FromHours(1));

        Assert.True(chain.IsPaused);
        Assert.Equal(0, chain.Tip.Height);
        Assert.Equal(paused, chain.Clock.GetUtcNow());
        Assert.Equal([payment.Id], chain.Mempool.Select(t => t.Id));

        chain.Resume();
        _wall.Move(TimeSpan.FromSeconds(1));

        Assert.False(chain.IsPaused);
        // A block made at once needs the next slot.
        Assert.InRange(chain.Clock.GetUtcNow() - paused, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.Equal([payment.Id], chain.Tip.Transactions.Select(t => t.Id));
    }

    [Fact]
    public void Mining_and_advancing_work_while_paused()
    {
        using var chain = Start(BlockProduction.Interval);
        chain.Pause();

        chain.Mine(2);
        chain.Advance(TimeSpan.FromDays(1));
        _wall.Move(TimeSpan.FromDays(2));

        Assert.Equal(3, chain.Tip.Height);
        Assert.Equal(new Slot(86_402), chain.Tip.Slot);
        Assert.Equal(chain.Tip.Slot, chain.CurrentSlot);
    }

    [Fact]
    public void Time_is_set_forward_and_never_back()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var time = chain.Clock.GetUtcNow() + TimeSpan.FromDays(400);

        Assert.True(chain.TrySetTime(time));
        Assert.Equal(time, chain.Clock.GetUtcNow());
        Assert.Equal(new Slot(400 * 86_400), chain.Tip.Slot);

        var tip = chain.Tip;
        Assert.False(chain.TrySetTime(time - TimeSpan.FromSeconds(1)));
        Assert.False(chain.TrySetTime(DateTimeOffset.MaxValue));
        Assert.False(chain.TryAdvance(TimeSpan.FromDays(3_000_000)));
        Assert.Equal(tip, chain.Tip);
        Assert.Equal(time, chain.Clock.GetUtcNow());
    }

    [Fact]
    public void Reverting_brings_back_chain_mempool_index_and_time()
    {
        using var chain = Start(BlockProduction.OnDemand);
        chain.Fund(Wallet.Bob.Address, Value.Of(Ten));
        chain.Mine();
        var waiting = Pay(chain);
        chain.Submit(waiting);
        var (tip, time) = (chain.Tip, chain.Clock.GetUtcNow());
        var snapshot = chain.TakeSnapshot()!;

        chain.Mine();
        chain.Fund(Wallet.Bob.Address, Value.Of(Ten));
        chain.Advance(TimeSpan.FromDays(30));
        var gone = chain.Tip;
        Assert.True(chain.TryRevert(snapshot));

        Assert.Equal(tip, chain.Tip);
        Assert.Equal(time, chain.Clock.GetUtcNow());
        Assert.Equal([waiting.Id], chain.Mempool.Select(t => t.Id));
        Assert.Single(chain.View.Index.Addresses[Wallet.Bob.Address].Utxos);
        Assert.DoesNotContain(gone.Hash, chain.View.Index.Blocks.Keys);
        chain.Mine();
        Assert.Contains(waiting.Id, chain.Tip.Transactions.Select(t => t.Id));
        Assert.Equal(2, chain.View.Index.Addresses[Wallet.Bob.Address].Utxos.Count);
    }

    [Fact]
    public void A_snapshot_can_be_used_again_also_from_an_earlier_one()
    {
        using var chain = Start(BlockProduction.PerTransaction);
        Assert.Equal("early", chain.TakeSnapshot("early"));
        var payment = Pay(chain);
        chain.Submit(payment);
        chain.Advance(TimeSpan.FromHours(5));
        var late = chain.TakeSnapshot()!;
        var tip = chain.Tip;

        Assert.True(chain.TryRevert("early"));
        Assert.Equal(0, chain.Tip.Height);
        Assert.True(chain.TryRevert(late));
        Assert.Equal(tip, chain.Tip);
        Assert.True(chain.CurrentSlot >= tip.Slot);
        Assert.True(chain.TryRevert("early"));
        chain.Submit(payment);
        Assert.Equal(1, chain.Tip.Height);
        Assert.NotEqual(tip.Previous, chain.Tip.Hash);
    }

    [Fact]
    public void A_snapshot_needs_a_new_name_of_plain_letters_and_there_are_only_so_many()
    {
        using var chain = Start(BlockProduction.OnDemand);

        Assert.Equal("a", chain.TakeSnapshot("a"));
        Assert.All(["a", "", " ", "ä", new string('x', 65)], name => Assert.Null(chain.TakeSnapshot(name)));
        Assert.False(chain.TryRevert("b"));
        while (chain.Snapshots.Length < DevnetChain.MaxSnapshots)
        {
            Assert.NotNull(chain.TakeSnapshot());
        }

        Assert.Null(chain.TakeSnapshot());
        Assert.Equal(DevnetChain.MaxSnapshots, chain.Snapshots.Distinct().Count());
    }

    [Fact]
    public void Transactions_of_undone_blocks_wait_again_before_those_that_need_them()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var first = Pay(chain);
        chain.Submit(first);
        chain.Mine();
        var second = Wallet.Alice.Pay(Wallet.OutputOf(first, 1), Wallet.Bob.Address, Ten);
        chain.Submit(second);
        chain.Mine();
        var third = Wallet.Alice.Pay(Wallet.OutputOf(second, 1), Wallet.Bob.Address, Ten);
        chain.Submit(third);
        var gone = chain.Tip.Hash;

        chain.Rollback(2);

        Assert.Equal(0, chain.Tip.Height);
        Assert.Equal([first.Id, second.Id, third.Id], chain.Mempool.Select(t => t.Id));
        chain.Mine();
        Assert.Equal([first.Id, second.Id, third.Id], chain.Tip.Transactions.Select(t => t.Id));
        Assert.NotEqual(gone, chain.Tip.Hash);
        AssertSums(chain);
    }

    [Fact]
    public void What_is_over_does_not_wait_again()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var payment = Pay(chain, b => b with { InvalidHereafter = new Slot(60) });
        chain.Submit(payment);
        chain.Mine();
        chain.Advance(TimeSpan.FromMinutes(2));

        chain.Rollback(2);

        Assert.Empty(chain.Mempool);
        Assert.IsType<DevnetSubmission.Refused>(chain.Submit(payment));
    }

    [Fact]
    public void Rolling_back_more_blocks_than_are_kept_ready_gives_the_same_state_and_index()
    {
        using var chain = Start(BlockProduction.PerTransaction);
        chain.Fund(Wallet.Bob.Address, Value.Of(Ten));
        var (tip, state, index) = (chain.Tip, chain.State, chain.View.Index);
        for (var i = 0; i < 80; i++)
        {
            chain.Fund(Wallet.Bob.Address, Value.Of(Ten, new AssetId(chain.FaucetPolicy, new AssetName("usd"u8)), i + 1));
        }

        chain.Rollback(80, drop: true);

        Assert.Equal(tip, chain.Tip);
        Assert.Equal(state.FeePot, chain.State.FeePot);
        Assert.True(state.Utxos.ToHashSet().SetEquals(chain.State.Utxos));
        Assert.Equal(index.Transactions.Keys.Order(), chain.View.Index.Transactions.Keys.Order());
        Assert.Equal(index.Addresses[Wallet.Bob.Address].Utxos.Values, chain.View.Index.Addresses[Wallet.Bob.Address].Utxos.Values);
        Assert.Equal(index.Assets.Keys, chain.View.Index.Assets.Keys);
        AssertSums(chain);
    }

    [Fact]
    public void Donations_reach_the_treasury_when_an_epoch_begins_and_come_back_when_it_is_undone()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var donation = new Lovelace(100_000);
        chain.Submit(Pay(chain, b => b with { Fee = b.Fee - donation, Donation = donation }));
        chain.Mine();
        Assert.Equal((Lovelace.Zero, donation), (chain.State.Treasury, chain.State.Donations));

        chain.Advance(TimeSpan.FromDays(4000));
        Assert.Equal((donation, Lovelace.Zero), (chain.State.Treasury, chain.State.Donations));

        chain.Mine(50);
        Assert.Equal(chain.State, ChainPoint.After(chain.View.Blocks, chain.View.Rules).State with { Utxos = chain.State.Utxos, Certs = chain.State.Certs });
        chain.Rollback(51);
        Assert.Equal((Lovelace.Zero, donation), (chain.State.Treasury, chain.State.Donations));
    }

    [Fact]
    public void What_is_submitted_after_an_epoch_began_without_a_block_is_judged_by_that_epoch()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var donation = new Lovelace(100_000);
        var donor = Pay(chain, b => b with { Fee = b.Fee - donation, Donation = donation });
        chain.Submit(donor);
        chain.Mine();
        _wall.Move(TimeSpan.FromDays(10));
        var change = Wallet.OutputOf(donor, 1);
        Transaction Naming(Lovelace treasury) => Wallet.Alice.Pay(change, Wallet.Bob.Address, Ten, b => b with { CurrentTreasury = treasury });

        Assert.IsType<DevnetSubmission.Refused>(chain.Submit(Naming(Lovelace.Zero)));
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(Naming(donation)));
        chain.Mine();

        Assert.Equal([Naming(donation).Id], chain.Tip.Transactions.Select(t => t.Id));
        Assert.Equal(donation, chain.State.Treasury);
        Assert.Empty(chain.Mempool);
    }

    [Fact]
    public void What_a_rollback_or_a_drop_leaves_waiting_is_judged_by_the_present_epoch()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var donation = new Lovelace(100_000);
        var donor = Pay(chain, b => b with { Fee = b.Fee - donation, Donation = donation });
        chain.Submit(donor);
        chain.Mine();
        var first = Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Bob.Address, Value.Of(Ten))).Output.TxId;
        var poor = Wallet.Alice.Pay(Wallet.OutputOf(donor, 1), Wallet.Bob.Address, Ten, b => b with { CurrentTreasury = Lovelace.Zero });
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(poor));
        chain.Mine();
        _wall.Move(TimeSpan.FromDays(10));

        chain.Rollback(1);

        Assert.Equal([first], chain.Mempool.Select(t => t.Id));
    }

    [Fact]
    public void The_faucet_finds_a_fee_also_where_its_width_decides_the_width_of_the_change()
    {
        using var chain = new DevnetChain(Options(BlockProduction.OnDemand) with { FaucetAssets = [] });
        var purse = chain.State.Utxos.Single(u => u.Value.Address == chain.FaucetAddress).Value.Value.Coin;
        var left = new Lovelace(1L << 32);
        var fees = new List<Lovelace>();
        for (var fee = 165_000; fee < 170_000; fee += 88)
        {
            var name = chain.TakeSnapshot($"{fee}");
            Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Bob.Address, Value.Of(purse - left - new Lovelace(fee))));
            fees.Add(chain.Mempool[^1].Body.Fee);
            Assert.True(chain.TryRevert(name!));
        }

        Assert.True(fees.Distinct().Count() > 1, "the width of the change never changed");
    }

    [Fact]
    public void What_is_accepted_to_be_in_a_block_at_once_is_in_it_however_time_runs()
    {
        var accepted = 0;
        for (var slots = 0; slots < 30; slots++)
        {
            using var chain = new DevnetChain(Options(BlockProduction.PerTransaction) with { Time = new RunningTime() });
            var end = chain.CurrentSlot + slots;
            var payment = Pay(chain, b => b with { InvalidHereafter = end });
            if (chain.Submit(payment) is DevnetSubmission.Accepted)
            {
                accepted++;
                Assert.Equal([payment.Id], chain.Tip.Transactions.Select(t => t.Id));
                Assert.True(chain.Tip.Slot < end);
            }
        }

        Assert.InRange(accepted, 1, 29);
    }

    // A second later whenever somebody looks.
    private sealed class RunningTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(1);
    }

    [Fact]
    public void A_transaction_without_inputs_is_refused_as_a_mempool_does()
    {
        using var chain = Start(BlockProduction.OnDemand);

        var refused = Assert.IsType<DevnetSubmission.Refused>(chain.Submit(Pay(chain, b => b with { Inputs = [] })));

        Assert.Equal("ConwayMempoolFailure", Assert.Single(refused.Failures).Predicate);
    }

    [Fact]
    public void The_largest_transaction_fits_a_block_of_the_same_size()
    {
        using var usual = Start(BlockProduction.OnDemand);
        var payment = Pay(usual);
        var parameters = ProtocolParameters.Mainnet with { MaxTxSize = payment.Size, MaxBlockBodySize = payment.Size };
        using var chain = new DevnetChain(Options(BlockProduction.OnDemand) with { Parameters = parameters });

        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(payment));
        chain.Mine();

        Assert.Equal([payment.Id], chain.Tip.Transactions.Select(t => t.Id));
    }

    [Fact]
    public void Dropping_takes_what_depends_on_it_too_and_nothing_else()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var first = Pay(chain);
        var second = Wallet.Alice.Pay(Wallet.OutputOf(first, 1), Wallet.Bob.Address, Ten);
        chain.Submit(first);
        var other = Assert.IsType<DevnetFunding.Paid>(chain.Fund(Wallet.Bob.Address, Value.Of(Ten))).Output.TxId;
        chain.Submit(second);

        Assert.Equal([first.Id, second.Id], chain.Drop(first.Id));

        Assert.Equal([other], chain.Mempool.Select(t => t.Id));
        Assert.Empty(chain.Drop(first.Id));
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(first));
        chain.Mine();
        AssertSums(chain);
    }

    [Fact]
    public void The_answer_of_an_accepted_transaction_can_be_lost()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var payment = Pay(chain);
        chain.FailNextSubmit(SubmitFault.Accepted);

        Assert.IsType<DevnetSubmission.Refused>(chain.Submit(Pay(chain, b => b with { Fee = Lovelace.Zero })));
        Assert.IsType<DevnetSubmission.AnswerLost>(chain.Submit(payment));

        Assert.Equal([payment.Id], chain.Mempool.Select(t => t.Id));
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(Wallet.Alice.Pay(Wallet.OutputOf(payment, 1), Wallet.Bob.Address, Ten)));
    }

    [Fact]
    public void A_submission_can_be_lost_or_refused_and_then_be_accepted()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var payment = Pay(chain);

        chain.FailNextSubmit(SubmitFault.Lost);
        Assert.IsType<DevnetSubmission.AnswerLost>(chain.Submit(payment));
        Assert.Empty(chain.Mempool);

        chain.FailNextSubmit(SubmitFault.Rejected);
        var refused = Assert.IsType<DevnetSubmission.Refused>(chain.Submit(payment));
        Assert.Equal("BadInputsUTxO", Assert.Single(refused.Failures).Predicate);
        Assert.Empty(chain.Mempool);

        chain.FailNextSubmit(SubmitFault.Lost);
        chain.FailNextSubmit(null);
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(payment));
    }

    [Fact]
    public void A_reset_chain_is_as_it_began()
    {
        using var chain = Start(BlockProduction.OnDemand);
        var genesis = chain.Tip;
        var payment = Pay(chain);
        chain.Submit(payment);
        chain.Mine();
        chain.Submit(Wallet.Alice.Pay(Wallet.OutputOf(payment, 1), Wallet.Bob.Address, Ten));
        chain.TakeSnapshot("a");
        chain.FailNextSubmit(SubmitFault.Lost);
        chain.Advance(TimeSpan.FromDays(3));
        chain.Pause();

        chain.Reset();

        Assert.Equal(genesis, chain.Tip);
        Assert.Empty(chain.Mempool);
        Assert.Empty(chain.Snapshots);
        Assert.False(chain.IsPaused);
        Assert.Equal(_wall.GetUtcNow(), chain.Clock.GetUtcNow());
        Assert.Single(chain.View.Index.Transactions);
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(payment));
        chain.Mine();
        AssertSums(chain);
    }

    [Fact]
    public void What_does_not_fit_into_a_block_waits_for_the_next()
    {
        var small = ProtocolParameters.Mainnet with { MaxTxSize = 700, MaxBlockBodySize = 700 };
        using var chain = new DevnetChain(Options(BlockProduction.OnDemand) with { Parameters = small });
        var sent = new List<TransactionId>();
        var from = UtxoOf(chain);
        for (var i = 0; i < 5; i++)
        {
            var payment = Wallet.Alice.Pay(from, Wallet.Bob.Address, Ten);
            Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(payment));
            sent.Add(payment.Id);
            from = Wallet.OutputOf(payment, 1);
        }

        chain.Mine(3);

        Assert.Equal([2, 2, 1], chain.Blocks.Skip(1).Select(b => b.Transactions.Length));
        Assert.All(chain.Blocks.Skip(1), b => Assert.InRange(b.Size, 1, small.MaxBlockBodySize));
        Assert.Equal(sent, chain.Blocks.Skip(1).SelectMany(b => b.Transactions).Select(t => t.Id));
    }

    [Fact]
    public void The_mempool_is_limited_in_bytes_too()
    {
        using var chain = new DevnetChain(Options(BlockProduction.OnDemand) with { MempoolBytes = 400 });
        var first = Pay(chain);
        chain.Submit(first);

        Assert.IsType<DevnetSubmission.MempoolFull>(chain.Submit(Wallet.Alice.Pay(Wallet.OutputOf(first, 1), Wallet.Bob.Address, Ten)));
        chain.Mine();
        Assert.IsType<DevnetSubmission.Accepted>(chain.Submit(Wallet.Alice.Pay(Wallet.OutputOf(first, 1), Wallet.Bob.Address, Ten)));
    }

    [Fact]
    public void Parameters_whose_transactions_fit_no_block_are_refused()
    {
        var wrong = ProtocolParameters.Mainnet with { MaxBlockBodySize = 1000 };

        Assert.Throws<ArgumentException>(() => new DevnetChain(new DevnetOptions { Time = _wall, Parameters = wrong }));
    }

    [Fact]
    public void Wallets_are_the_same_every_time_and_funded_in_the_first_block()
    {
        var wallets = DevnetAccounts.Derive(DevnetAccounts.DefaultSeed, 3, Value.Of(Ten));
        using var chain = new DevnetChain(new DevnetOptions { Time = _wall, Wallets = wallets });

        Assert.Equal(wallets, DevnetAccounts.Derive(DevnetAccounts.DefaultSeed, 3, Value.Of(Ten)));
        Assert.Empty(wallets.Select(w => w.Address).Intersect(DevnetAccounts.Derive("other", 3, Value.Of(Ten)).Select(w => w.Address)));
        Assert.All(wallets, w => Assert.Equal(w.Address, WalletKeys.FromMnemonic(w.Mnemonic).BaseAddress(NetworkId.Testnet)));
        Assert.All(wallets, w => Assert.Equal(Ten, Assert.Single(chain.State.Utxos.Values, o => o.Address == w.Address).Value.Coin));
        Assert.Equal(Lovelace.MaxSupply, chain.State.Utxos.Values.Aggregate(Lovelace.Zero, (sum, o) => sum + o.Value.Coin));
    }

    [Fact]
    public void Wallets_have_tusdm_beside_an_output_of_ada_alone()
    {
        var wallet = DevnetAccounts.Derive(DevnetAccounts.DefaultSeed, 1, DevnetAccounts.DefaultAmount)[0];
        using var chain = new DevnetChain(new DevnetOptions { Time = _wall, Wallets = [wallet] });

        var outputs = chain.State.Utxos.Values.Where(o => o.Address == wallet.Address).Select(o => o.Value).ToList();
        Assert.Equal(2, outputs.Count);
        Assert.Equal(Lovelace.FromAda(999_998), Assert.Single(outputs, o => o.IsAdaOnly).Coin);
        Assert.Equal(Value.Of(Lovelace.FromAda(2), [DevnetTokens.OfTUsdm(100_000)]), Assert.Single(outputs, o => !o.IsAdaOnly));
    }

    private DevnetOptions Options(BlockProduction production) =>
        new()
        {
            Time = _wall,
            Production = production,
            Accounts = [new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100)))],
        };

    private DevnetChain Start(BlockProduction production) => new(Options(production));

    private static Utxo UtxoOf(DevnetChain chain)
    {
        var (input, output) = chain.State.Utxos.Single(u => u.Value.Address == Wallet.Alice.Address);
        return new Utxo(input, output);
    }

    private static Transaction Pay(DevnetChain chain, Func<TransactionBody, TransactionBody>? change = null) =>
        Wallet.Alice.Pay(UtxoOf(chain), Wallet.Bob.Address, Ten, change);

    private static void AssertSums(DevnetChain chain)
    {
        Assert.Equal(Lovelace.MaxSupply, chain.State.Utxos.Values.Aggregate(chain.State.FeePot, (sum, o) => sum + o.Value.Coin));
        var listed = chain.View.Index.Addresses.Values.SelectMany(a => a.Utxos.Values).ToHashSet();
        Assert.True(listed.SetEquals(chain.State.Utxos.Select(u => new Utxo(u.Key, u.Value))));
    }
}
