using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Storage;
using Masumi.Tests;

namespace Masumi.Devnet.Tests;

/// <summary>A chain on disk, and what is found of it the next time.</summary>
public sealed class DevnetStateTests : IDisposable
{
    private static readonly Lovelace Ten = Lovelace.FromAda(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("masumi-devnet-").FullName;
    private readonly ManualTime _wall = new();

    private string File => Path.Combine(_folder, "chain.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_chain_goes_on_where_it_ended()
    {
        Transaction payment;
        Snapshot before;
        using (var chain = Start())
        {
            chain.Fund(Wallet.Bob.Address, Value.Of(Ten, new AssetId(chain.FaucetPolicy, new AssetName("usd"u8)), 5));
            chain.Mine();
            payment = Pay(chain);
            chain.Submit(payment);
            chain.Advance(TimeSpan.FromDays(30));
            before = Snapshot.Of(chain);
        }

        _wall.Move(TimeSpan.FromMinutes(5));
        using var again = Start();

        before.AssertSame(again);
        Assert.Equal(before.Time + TimeSpan.FromMinutes(5), again.Clock.GetUtcNow());
        Assert.IsType<DevnetSubmission.Accepted>(again.Submit(Wallet.Alice.Pay(Wallet.OutputOf(payment, 1), Wallet.Bob.Address, Ten)));
        again.Mine();
        Assert.Equal(before.Tip, again.Tip.Previous);
        again.Rollback(3, drop: true);
        Assert.Single(again.State.Utxos.Values, o => o.Address == Wallet.Alice.Address && o.Value.Coin == Lovelace.FromAda(100));
    }

    [Fact]
    public void A_paused_chain_is_still_paused_at_the_same_time()
    {
        DateTimeOffset time;
        using (var chain = Start())
        {
            chain.Advance(TimeSpan.FromDays(3));
            chain.Pause();
            time = chain.Clock.GetUtcNow();
        }

        _wall.Move(TimeSpan.FromHours(9));
        using (var chain = Start())
        {
            Assert.True(chain.IsPaused);
            Assert.Equal(time, chain.Clock.GetUtcNow());
            chain.Resume();
        }

        using var running = Start();
        Assert.False(running.IsPaused);
        _wall.Move(TimeSpan.FromSeconds(7));
        Assert.Equal(time + TimeSpan.FromSeconds(7), running.Clock.GetUtcNow());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happened_is_found_again(int seed)
    {
        var random = new Random(seed);
        var chain = Start();
        try
        {
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(9))
                {
                    case 0:
                        chain.TryRollback(random.Next(40), drop: random.Next(2) == 0);
                        break;
                    case 1:
                        chain.TakeSnapshot();
                        break;
                    case 2 when !chain.Snapshots.IsEmpty:
                        chain.TryRevert(chain.Snapshots[random.Next(chain.Snapshots.Length)]);
                        break;
                    case 3:
                        chain.Advance(TimeSpan.FromSeconds(random.Next(100)));
                        break;
                    case 4:
                        chain.Fund(Wallet.Bob.Address, Value.Of(Lovelace.FromAda(random.Next(2, 9))));
                        break;
                    case 5 when random.Next(5) == 0:
                        chain.Reset();
                        break;
                    case 6 when random.Next(2) == 0:
                        chain.Pause();
                        break;
                    case 6:
                        chain.Resume();
                        break;
                    case 7:
                        var before = Snapshot.Of(chain);
                        chain.Dispose();
                        chain = Start();
                        before.AssertSame(chain, $"seed {seed}, step {step}");
                        Assert.Equal(before.Time, chain.Clock.GetUtcNow());
                        break;
                    default:
                        chain.Mine(random.Next(20));
                        break;
                }
            }
        }
        finally
        {
            chain.Dispose();
        }
    }

    [Fact]
    public void A_file_that_ends_anywhere_gives_the_chain_up_to_its_last_whole_block()
    {
        var tips = new List<(long Length, Hash32 Tip)>();
        using (var chain = Start())
        {
            var from = UtxoOf(chain);
            for (var i = 0; i < 6; i++)
            {
                tips.Add((new FileInfo(File).Length, chain.Tip.Hash));
                var payment = Wallet.Alice.Pay(from, Wallet.Bob.Address, Ten);
                chain.Submit(payment);
                chain.Mine();
                from = Wallet.OutputOf(payment, 1);
            }

            tips.Add((new FileInfo(File).Length, chain.Tip.Hash));
        }

        var whole = System.IO.File.ReadAllBytes(File);
        var cuts = Enumerable.Range(0, 40).Concat(tips.SelectMany(t => new[] { t.Length - 1, t.Length, t.Length + 1 }).Select(l => (int)l));
        foreach (var cut in cuts.Concat(Enumerable.Range(0, whole.Length / 61).Select(i => i * 61)).Where(c => c <= whole.Length).Distinct())
        {
            System.IO.File.WriteAllBytes(File, whole[..cut]);
            Hash32 tip;
            using (var chain = Start())
            {
                var expected = tips.LastOrDefault(t => t.Length <= cut, tips[0]);
                Assert.True(expected.Tip == chain.Tip.Hash, $"cut at {cut}: {chain.Tip.Height}");
                chain.Mine();
                tip = chain.Tip.Hash;
            }

            using var again = Start();
            Assert.True(tip == again.Tip.Hash, $"cut at {cut}, and gone on");
        }
    }

    [Fact]
    public void More_accounts_than_fit_into_one_transaction_are_all_there_and_their_money_can_be_spent()
    {
        var asset = new AssetId(default, new AssetName("usd"u8));
        var account = new GenesisAccount(Wallet.Alice.Address, Value.Of(Ten, asset, 1));
        var options = Options() with { Accounts = [.. Enumerable.Repeat(account, 25_000)] };
        HashSet<TxInput> funds;
        using (var chain = new DevnetChain(options))
        {
            funds = [.. chain.State.Utxos.Where(u => u.Value.Address == Wallet.Alice.Address).Select(u => u.Key)];
            Assert.Equal(25_000, funds.Count);
            Assert.Equal(25_000, chain.View.Index.Assets[asset].Quantity);
            chain.Mine();
        }

        using var again = new DevnetChain(options);
        Assert.Equal(1, again.Tip.Height);
        Assert.All(
            funds.GroupBy(f => f.TxId).Select(g => g.MaxBy(f => f.Index)),
            last =>
            {
                var output = again.State.Find(last)!;
                var payment = Wallet.Alice.Pay(new Utxo(last, output), Wallet.Bob.Address, Lovelace.FromAda(2));
                Assert.IsType<DevnetSubmission.Accepted>(again.Submit(payment));
            }
        );
    }

    [Fact]
    public void What_follows_damage_is_kept_beside_the_file()
    {
        long middle;
        using (var chain = Start())
        {
            chain.Mine();
            middle = new FileInfo(File).Length;
            chain.Mine(5);
        }

        var damaged = System.IO.File.ReadAllBytes(File);
        damaged[middle + 20] ^= 1;
        System.IO.File.WriteAllBytes(File, damaged);

        using (var chain = Start())
        {
            Assert.Equal(1, chain.Tip.Height);
            Assert.Contains(File + ".cut", chain.StorageDamage);
        }

        Assert.Equal(damaged[(int)middle..], System.IO.File.ReadAllBytes(File + ".cut"));
        Assert.Equal(middle, new FileInfo(File).Length);

        // Another time, nothing of this time is lost.
        System.IO.File.AppendAllBytes(File, [1, 2, 3]);
        using (var chain = Start())
        {
            Assert.Equal(1, chain.Tip.Height);
            Assert.Contains(File + ".cut2", chain.StorageDamage);
        }

        Assert.Equal(damaged[(int)middle..], System.IO.File.ReadAllBytes(File + ".cut"));
        Assert.Equal([1, 2, 3], System.IO.File.ReadAllBytes(File + ".cut2"));
        using var whole = Start();
        Assert.Null(whole.StorageDamage);
    }

    [Fact]
    public void Damage_in_the_first_block_is_refused_and_nothing_touched()
    {
        using (var chain = Start())
        {
            chain.Mine(3);
        }

        var damaged = System.IO.File.ReadAllBytes(File);
        damaged[100] ^= 1;
        System.IO.File.WriteAllBytes(File, damaged);

        Assert.Contains("first block", Assert.Throws<DevnetStateException>(() => Start()).Message);
        Assert.Equal(damaged, System.IO.File.ReadAllBytes(File));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Another_genesis_is_refused_and_nothing_touched()
    {
        using (var chain = Start())
        {
            chain.Mine();
        }

        var before = System.IO.File.ReadAllBytes(File);

        Assert.Throws<DevnetStateException>(() => new DevnetChain(Options() with { Accounts = [] }));
        Assert.Throws<DevnetStateException>(() => new DevnetChain(Options() with { GenesisTime = DateTimeOffset.UnixEpoch }));

        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        using var again = Start();
        Assert.Equal(1, again.Tip.Height);
    }

    [Fact]
    public void A_chain_from_before_there_was_tusdm_goes_on_without_it()
    {
        var wallets = DevnetAccounts.Derive("test", 1, DevnetAccounts.DefaultAmount);
        var before = Options() with { FaucetAssets = [], Wallets = [wallets[0] with { Amount = Value.Of(Ten) }] };
        using (var chain = new DevnetChain(before))
        {
            chain.Mine();
        }

        using var again = new DevnetChain(
            before with
            {
                FaucetAssets = new DevnetOptions().FaucetAssets,
                Wallets = [wallets[0] with { Amount = Value.Of(Ten, [DevnetTokens.OfTUsdm(1)]) }],
            }
        );

        Assert.Equal(1, again.Tip.Height);
        Assert.Equal(Value.Of(Ten), Assert.Single(again.Wallets).Amount);
        Assert.IsType<DevnetFunding.Refused>(again.Fund(Wallet.Bob.Address, Value.Of(Ten, [DevnetTokens.OfTUsdm(1)])));
    }

    [Fact]
    public void A_file_of_something_else_is_refused_and_not_touched()
    {
        System.IO.File.WriteAllText(File, "my precious notes");

        Assert.Throws<DevnetStateException>(Start);

        Assert.Equal("my precious notes", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void One_directory_serves_one_devnet_at_a_time()
    {
        using var chain = Start();

        Assert.Throws<DevnetStateException>(Start);
        chain.Mine();
    }

    private DevnetOptions Options() =>
        new()
        {
            Time = _wall,
            Production = BlockProduction.OnDemand,
            StateDirectory = _folder,
            Accounts = [new GenesisAccount(Wallet.Alice.Address, Value.Of(Lovelace.FromAda(100)))],
        };

    private DevnetChain Start() => new(Options());

    private static Utxo UtxoOf(DevnetChain chain)
    {
        var (input, output) = chain.State.Utxos.Single(u => u.Value.Address == Wallet.Alice.Address);
        return new Utxo(input, output);
    }

    private static Transaction Pay(DevnetChain chain) => Wallet.Alice.Pay(UtxoOf(chain), Wallet.Bob.Address, Ten);

    private sealed record Snapshot(
        Hash32 Tip,
        long Height,
        HashSet<Utxo> Utxos,
        Lovelace FeePot,
        TransactionId[] Transactions,
        DateTimeOffset Time,
        bool IsPaused
    )
    {
        public static Snapshot Of(DevnetChain chain) =>
            new(
                chain.Tip.Hash,
                chain.Tip.Height,
                [.. chain.State.Utxos.Select(u => new Utxo(u.Key, u.Value))],
                chain.State.FeePot,
                [.. chain.View.Index.Transactions.Keys.Order()],
                chain.Clock.GetUtcNow(),
                chain.IsPaused
            );

        public void AssertSame(DevnetChain chain, string when = "")
        {
            var now = Of(chain);
            Assert.True((Tip, Height, FeePot, IsPaused) == (now.Tip, now.Height, now.FeePot, now.IsPaused), $"{when}: {this} became {now}");
            Assert.True(Utxos.SetEquals(now.Utxos), when);
            Assert.True(Transactions.SequenceEqual(now.Transactions), when);
            Assert.True(Utxos.SetEquals(chain.View.Index.Addresses.Values.SelectMany(a => a.Utxos.Values)), when);
        }
    }
}
