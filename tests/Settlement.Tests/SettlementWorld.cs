using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Registry;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Devnet.Views;
using Masumi.Plutus;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Masumi.Tests;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Tests;

/// <summary>
/// A devnet whose time stands still until it is moved and whose blocks are made on demand, reached over HTTP, with a buyer's and a seller's engine, each with
/// a store of its own and a faulty way to the chain. Rounds are run by hand, so every test is the same every time.
/// </summary>
internal sealed class SettlementWorld : IAsyncDisposable
{
    private readonly DevnetServer _server;
    private int _jobs;

    private SettlementWorld(DevnetServer server, ManualTime time, TestNode buyer, TestNode seller)
    {
        _server = server;
        Time = time;
        Buyer = buyer;
        Seller = seller;
    }

    /// <summary>The V1 contract with a fee wallet nobody here has.</summary>
    public static EscrowContract ContractV1 { get; } =
        KnownDeployments.PreprodV1.Contract with
        {
            Address = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V1), NetworkId.Testnet),
        };

    public static EscrowContract Contract { get; } =
        new()
        {
            Family = EscrowFamily.V2,
            Address = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet),
            RequiredAdmins = KnownDeployments.DefaultRequiredAdmins,
            Admins = KnownDeployments.DefaultAdmins,
            Cooldown = KnownDeployments.DefaultCooldown,
        };

    /// <summary>The contract this world's deals are made with.</summary>
    public EscrowContract Escrow { get; private init; } = Contract;

    public DevnetChain Devnet => _server.Chain;

    /// <summary>What the nodes are shown instead of the truth: by the keys <c>buyer</c>, <c>seller</c>, and <c>seller-2</c> for the seller's second provider.</summary>
    public DevnetViews Views => _server.Views;

    /// <summary>The clock on everybody's wall.</summary>
    public ManualTime Time { get; }

    public TestNode Buyer { get; set; }

    public TestNode Seller { get; }

    public DateTimeOffset Now => Devnet.Clock.GetUtcNow();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SettlementWorld> CreateAsync(
        StoreKind store = StoreKind.Sqlite,
        int buyerCoins = 1,
        SettlementOptions? options = null,
        EscrowContract? escrow = null,
        Func<ProvidedChainOptions, ProvidedChainOptions>? provided = null,
        IDatabase? buyerDatabase = null,
        int sellerProviders = 1,
        Func<BlockfrostOptions, BlockfrostOptions>? sellerEndpoint = null
    )
    {
        escrow ??= Contract;
        options ??= new SettlementOptions { LockWindow = TimeSpan.Zero };
        var buyerStore = buyerDatabase ?? await TestStores.OpenEmptyAsync(store);
        var sellerStore = await TestStores.OpenEmptyAsync(store);
        var time = new ManualTime();
        var server = await DevnetServer.StartAsync(new DevnetOptions { Production = BlockProduction.OnDemand, Time = time }, cancellation: Stop);
        var buyer = await TestNode.CreateAsync(buyerStore, Way(usual => usual, "buyer"), WalletRole.Purchasing, time, options, escrow);
        var seller = await TestNode.CreateAsync(
            sellerStore,
            Way(sellerEndpoint ?? (usual => usual), [.. Enumerable.Range(1, sellerProviders).Select(n => n == 1 ? "seller" : $"seller-{n}")]),
            WalletRole.Selling,
            time,
            options,
            escrow
        );
        var world = new SettlementWorld(server, time, buyer, seller) { Escrow = escrow };
        for (var i = 0; i < buyerCoins; i++)
        {
            world.Fund(buyer.Wallet.Address, 1000 / buyerCoins);
        }

        // One coin to pay from and one for collateral.
        world.Fund(seller.Wallet.Address, 100);
        world.Fund(seller.Wallet.Address, 10);
        server.Chain.Mine();
        return world;

        // A key of its own for each, so that each can be shown a chain of its own.
        ProvidedChain Way(Func<BlockfrostOptions, BlockfrostOptions> endpoint, params string[] keys)
        {
            var usual = BlockfrostChain.Defaults(server.BaseUrl);
            return BlockfrostChain.Open(
                [.. keys.Select(key => endpoint(new BlockfrostOptions { BaseUrl = new Uri(server.BaseUrl, "api/v0"), ProjectId = key }))],
                provided?.Invoke(usual) ?? usual,
                new WallClock(server.Chain.Clock),
                new Random(1)
            );
        }
    }

    /// <summary>As a node sees a public network through a hosted endpoint: no tip goes back, no clock is moved, parameters are as usual.</summary>
    public static ProvidedChainOptions Hosted(ProvidedChainOptions usual) =>
        usual with
        {
            MayGoBack = false,
            IsDevnet = false,
            Parameters = ParameterLimits.Standard,
        };

    /// <summary>Publishes a script for reference at the seller's enterprise address.</summary>
    public Utxo Publish(Script script, Address? at = null)
    {
        var wallet = Seller.Wallet.Address;
        var owner = Address.Create(NetworkId.Testnet, Credential.Key(Seller.Keys.Payment.KeyHash));
        var output = ReferenceScripts.Output(script, at ?? owner, Devnet.Parameters);
        Fund(owner, 50);
        Devnet.Mine();
        var plan = new TransactionPlan
        {
            Available = [.. Devnet.State.Utxos.Where(u => u.Value.Address == owner).Select(u => new Utxo(u.Key, u.Value))],
            Outputs = [output],
            ChangeAddress = wallet,
            Signers = [Seller.Keys.Payment],
        };
        var built = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, Devnet.Parameters, Devnet.Slots, new PlutusEvaluator()));
        Assert.IsType<DevnetSubmission.Accepted>(Devnet.Submit(built.Transaction));
        Devnet.Mine();
        return new Utxo(new TxInput(built.Transaction.Id, 0), output);
    }

    public void Fund(Address address, long ada) => Assert.IsType<DevnetFunding.Paid>(Devnet.Fund(address, Value.Of(Lovelace.FromAda(ada))));

    /// <summary>A job both sides agreed on: a payment with the seller, a purchase with the buyer. Returns the identifier.</summary>
    public async Task<string> AgreeAsync(
        long ada = 5,
        TimeSpan? payWithin = null,
        string? source = null,
        EscrowContract? contract = null,
        HotWallet? seller = null
    )
    {
        contract ??= Escrow;
        seller ??= Seller.Wallet;
        var job = ++_jobs;
        var now = Now;
        var agent = AgentIdentifier.Parse(new string('0', 56) + "ab");
        var hash = InputHash.Parse(new string('a', 64));
        var deadlines = new Deadlines(now + (payWithin ?? TimeSpan.FromHours(2)), now.AddHours(4), now.AddHours(6), now.AddHours(8));
        var price = Value.Of(Lovelace.FromAda(ada));
        var offer = new EscrowOffer
        {
            Family = contract.Family,
            AgentIdentifier = agent,
            BuyerNonce = BuyerNonce.Parse($"{job:x16}"),
            InputHash = hash.ToString(),
            Deadlines = deadlines,
            Seller = seller.Address,
            Escrow = contract.Address,
        };
        var identifier = offer.Sign(TestNode.Open(seller).Payment, SellerNonce.From(SHA256.HashData(BitConverter.GetBytes(job)))).Encode();
        Deal Side(DealSide side, TestNode node) =>
            new()
            {
                Id = $"{side}-{job:d4}",
                Side = side,
                SourceId = source ?? node.Source.Id,
                Terms = new DealTerms(BlockchainIdentifier.Parse(identifier), agent, PricingType.Fixed, price, hash, deadlines, seller.Address, null, null),
                WalletId = side == DealSide.Payment ? seller.Id : null,
                CreatedAt = now,
                Family = contract.Family,
            };
        Assert.IsType<InsertOutcome.Stored>(await Seller.MakeAsync(Side(DealSide.Payment, Seller), now));
        Assert.IsType<InsertOutcome.Stored>(await Buyer.MakeAsync(Side(DealSide.Purchase, Buyer), now));
        return identifier;
    }

    /// <summary>A job whose funds are locked, seen by both.</summary>
    public async Task<string> LockAsync(long ada = 5)
    {
        var identifier = await AgreeAsync(ada);
        await SettleAsync();
        Assert.Equal(OnChainState.FundsLocked, (await Buyer.DealAsync(identifier)).Projection.State);
        Assert.Equal(OnChainState.FundsLocked, (await Seller.DealAsync(identifier)).Projection.State);
        return identifier;
    }

    /// <summary>Rounds and blocks until everything that can happen now has happened.</summary>
    public async Task SettleAsync(int rounds = 4)
    {
        for (var i = 0; i < rounds; i++)
        {
            await Buyer.RoundAsync();
            await Seller.RoundAsync();
            Devnet.Mine();
        }

        await Buyer.RoundAsync();
        await Seller.RoundAsync();
    }

    /// <summary>Moves the chain's time, then settles.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Devnet.Advance(by);
        await SettleAsync();
    }

    /// <summary>Time passes everywhere, on the chain and on the nodes' own clocks, with a block at its end; then settles.</summary>
    public async Task PassAsync(TimeSpan by)
    {
        Time.Move(by);
        Devnet.Mine();
        await SettleAsync();
    }

    /// <summary>The transactions on chain that lock funds under an identifier.</summary>
    public List<TransactionId> LocksOf(string identifier) =>
        [
            .. Devnet
                .Blocks.SelectMany(b => b.Transactions)
                .Where(t =>
                    t.Body.Outputs.Any(o =>
                        o.Address == Escrow.Address
                        && EscrowDatum.TryRead(o, Escrow.Family, out var datum, out _)
                        && datum.State == EscrowState.FundsLocked
                        && IdentifierParts.Of(datum, Escrow.Address).Encode() == identifier
                    ) && !t.Witnesses.Redeemers.Any()
                )
                .Select(t => t.Id),
        ];

    public async ValueTask DisposeAsync()
    {
        await Buyer.DisposeAsync();
        await Seller.DisposeAsync();
        await _server.DisposeAsync();
    }
}

/// <summary>One party's node: a store that outlives the process, and an engine that does not.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly SettlementOptions _options;

    // One for all: deriving a key from a secret is slow on purpose.
    private static readonly SecretBox Box = new("the secret of this test's operator", RandomNumberGenerator.Create());
    private SettlementEngine _engine = null!;
    private ChainClock _clock = null!;

    private TestNode(IDatabase database, ProvidedChain provided, TimeProvider time, SettlementOptions options)
    {
        _database = database;
        _time = time;
        _options = options;
        Provided = provided;
        Chain = new FaultyChain(provided);
        Store = new SettlementStore(database);
    }

    /// <summary>What it asks its provider.</summary>
    public ProvidedChain Provided { get; }

    public FaultyChain Chain { get; }

    /// <summary>The engine of the process that runs now.</summary>
    public SettlementEngine Engine => _engine;

    /// <summary>Chain time as this node sees it.</summary>
    public ChainClock Clock => _clock;

    public SettlementOptions Options => _options;

    public SettlementStore Store { get; }

    /// <summary>The tables themselves.</summary>
    public IDatabase Database => _database;

    public PaymentSource Source { get; private set; } = null!;

    public HotWallet Wallet { get; private set; } = null!;

    public WalletKeys Keys { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TestLog Log { get; } = new();

    /// <summary>What it said to its operator.</summary>
    public IReadOnlyList<string> Lines => Log.Lines;

    public static async Task<TestNode> CreateAsync(
        IDatabase database,
        ProvidedChain chain,
        WalletRole role,
        TimeProvider time,
        SettlementOptions options,
        EscrowContract escrow
    )
    {
        await database.MigrateAsync([SettlementStore.Migrations], Stop);
        var node = new TestNode(database, chain, time, options);
        node.Source = PaymentSource.Of("source", Network.Preprod, escrow, RegistryScript.Of(escrow.Family, escrow.Address).Hash.ToPolicyId(), time.GetUtcNow());
        await node.Store.Sources.AddAsync(node.Source, Stop);
        var mnemonic = Mnemonic.FromEntropy(SHA256.HashData([(byte)role]));
        node.Keys = WalletKeys.FromMnemonic(mnemonic);
        node.Wallet = new Keyring(Box).Seal("wallet", node.Source, role, mnemonic, null, null, time.GetUtcNow());
        await node.Store.Wallets.AddAsync(node.Wallet, Stop);
        node.Restart();
        return node;
    }

    /// <summary>A wallet that this node could have.</summary>
    public HotWallet Seal(string id, PaymentSource source, WalletRole role, string mnemonic) =>
        new Keyring(Box).Seal(id, source, role, mnemonic, null, null, _time.GetUtcNow());

    /// <summary>The keys of a wallet of any node here.</summary>
    public static WalletKeys Open(HotWallet wallet) => new Keyring(Box).Open(wallet);

    /// <summary>The same node on another database: a copy of its own, or the very same while this one still runs.</summary>
    public TestNode On(IDatabase database)
    {
        var other = new TestNode(database, Provided, _time, _options)
        {
            Source = Source,
            Wallet = Wallet,
            Keys = Keys,
        };
        other.Restart();
        return other;
    }

    /// <summary>The word of a process that is stopped in order, of each that ran on this database.</summary>
    public async Task SignOffAsync()
    {
        var now = new TwoTimes(_time.GetUtcNow(), (await Provided.GetTipAsync(Stop)).Time);
        await Store.Life.StopAsync("the one before", now, new TwoTimes(now.Local.AddSeconds(1), now.Chain.AddSeconds(1)), Stop);
    }

    /// <summary>A second process on the database of this one.</summary>
    public TestNode Twin() => On(_database);

    /// <summary>Until when it signs no payment.</summary>
    public DateTimeOffset? HoldsUntil => _engine.HoldsUntil;

    /// <summary>The engine runs by itself for a round, or until something is so, and is stopped in order.</summary>
    public async Task RunUntilStoppedAsync(Func<bool>? until = null)
    {
        using var stop = new CancellationTokenSource();
        var running = _engine.RunAsync(stop.Token);
        while (!(until?.Invoke() ?? _engine.Rounds > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        await stop.CancelAsync();
        await running;
    }

    /// <summary>A new process on the same store: nothing in memory is left.</summary>
    public void Restart() =>
        _engine = new SettlementEngine(
            new EnginePorts(
                Store,
                Chain,
                new ScriptCatalog(Chain, Store),
                new Keyring(Box),
                new PlutusEvaluator(),
                _clock = new ChainClock(_time),
                new IdSource(_time, RandomNumberGenerator.Create()),
                _time,
                new EngineWait(_time),
                Log
            ),
            _options
        );

    /// <summary>One round. A process that dies in it starts again; a provider that is down ends it.</summary>
    public async Task RoundAsync()
    {
        try
        {
            await _engine.RunRoundAsync(Stop);
        }
        catch (ProcessDied)
        {
            Restart();
        }
        catch (ChainUnavailableException) { }
    }

    public async Task<Deal> DealAsync(string identifier) =>
        (
            await Store.Deals.FindAsync(Wallet.Role == WalletRole.Purchasing ? DealSide.Purchase : DealSide.Payment, [Source.Id], identifier, Stop)
            ?? throw new InvalidOperationException("No such deal.")
        );

    /// <summary>Stores a deal as the service does.</summary>
    public Task<InsertOutcome> MakeAsync(Deal deal, DateTimeOffset now) =>
        Store.Deals.InsertAsync(DealMachine.Begin(deal, now, _options.Rules), null, _time.GetUtcNow(), Stop);

    /// <summary>The deal's owner decides.</summary>
    public async Task WantAsync(string identifier, Intent intent, string? resultHash = null)
    {
        var deal = await DealAsync(identifier);
        DealEvent happened = intent switch
        {
            Intent.SubmitResult => new DealEvent.ResultGiven(ResultHash.Parse(resultHash!)),
            Intent.AuthorizeRefund => new DealEvent.RefundAgreed(),
            Intent.RequestRefund => new DealEvent.RefundWished(RefundWish.Asked),
            Intent.CancelRefundRequest => new DealEvent.RefundWished(RefundWish.TakenBack),
            Intent.AuthorizeWithdrawal => new DealEvent.RefundWished(RefundWish.Released),
            _ => throw new ArgumentOutOfRangeException(nameof(intent), intent, "Nobody decides that."),
        };
        Assert.NotNull(
            await Store.Deals.ChangeAsync(deal.Id, d => DealMachine.Apply(d, happened, _clock.GetUtcNow(), _options.Rules), _time.GetUtcNow(), Stop)
        );
    }

    public async Task<IReadOnlyList<Attempt>> AttemptsAsync(string identifier) => await Store.Attempts.ListForAsync((await DealAsync(identifier)).Id, Stop);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Provided.Dispose();
    }
}

/// <summary>The engine's words, in the test's own output.</summary>
internal sealed class TestLog : ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Add(formatter(state, exception));
            TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }
}

/// <summary>The local clock of a node beside a devnet: the devnet's own, whose timers are real ones.</summary>
internal sealed class WallClock(TimeProvider devnet) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => devnet.GetUtcNow();
}
