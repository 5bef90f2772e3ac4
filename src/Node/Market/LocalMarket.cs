using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Masumi.Client;
using Masumi.Contracts.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Market;

/// <summary>What a market is to be like.</summary>
/// <param name="Folder">Where it is kept, to go on from; null: nowhere.</param>
/// <param name="Ports">Where it listens; null: where it did before, or wherever is free.</param>
/// <param name="HasAgents">Whether sample agents are there.</param>
internal sealed record MarketOptions(string? Folder = null, MarketPorts? Ports = null, bool HasAgents = true)
{
    /// <summary>How long each wait of its start may take: many times what a slow machine needs.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);
}

/// <summary>
/// A whole market on this machine: a development chain, a seller's and a buyer's node with sources of both generations, a registry, and sample agents. Each has
/// its own database, keys and port, and nothing is between them but HTTP. The chain's clock is the machine's until somebody moves it.
/// </summary>
internal sealed class LocalMarket : IAsyncDisposable
{
    /// <summary>What the wire calls a development chain.</summary>
    public const Network Network = Protocol.Network.Preprod;

    // The chain makes a block a second.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Stack<IAsyncDisposable> _running = new();
    private readonly ILoggerFactory _loggers;
    private readonly MarketFolder _folder;
    private volatile bool _isStopping;

    private LocalMarket(MarketPlan plan, MarketFolder folder, ILoggerFactory loggers, CancellationToken cancellation)
    {
        Plan = plan;
        Wallets = plan.Wallets();
        _folder = folder;
        _loggers = new StopLoggers(loggers, () => _isStopping || cancellation.IsCancellationRequested);
        Http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
    }

    /// <summary>Its keys, seed and ports.</summary>
    public MarketPlan Plan { get; private set; }

    /// <summary>Its wallets.</summary>
    public MarketWallets Wallets { get; }

    /// <summary>Where the chain is, without an API path.</summary>
    public Uri DevnetUrl { get; private set; } = null!;

    /// <summary>Where the seller's payment service is.</summary>
    public Uri SellerUrl { get; private set; } = null!;

    /// <summary>Where the buyer's payment service is.</summary>
    public Uri BuyerUrl { get; private set; } = null!;

    /// <summary>Where the registry is.</summary>
    public Uri RegistryUrl { get; private set; } = null!;

    /// <summary>Where the page that links all is.</summary>
    public Uri PageUrl { get; private set; } = null!;

    /// <summary>The sample agents.</summary>
    public ImmutableArray<MarketAgent> Agents { get; private set; } = [];

    private HttpClient Http { get; }

    private PaymentServiceClient SellerClient => new(Http, new Uri(SellerUrl, "api/v1"), Plan.SellerKey, Network, TimeProvider.System);

    /// <summary>
    /// Starts everything, and waits until the registry lists the agents. Throws <see cref="FormatException"/>, <see cref="SettingsException"/> or
    /// <see cref="Devnet.Storage.DevnetStateException"/> for what cannot be gone on from, <see cref="MarketException"/> for what does not come, and
    /// <see cref="OperationCanceledException"/>, whatever the stop met, when it was stopped.
    /// </summary>
    public static async Task<LocalMarket> StartAsync(MarketOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var folder = MarketFolder.Take(options.Folder);
        LocalMarket? market = null;
        try
        {
            var plan = folder.IsTemporary ? MarketPlan.New(options.Ports ?? MarketPorts.Free()) : MarketPlan.In(folder, options.Ports);
            SettingsException.ThrowIfAny(plan.Ports.Refusals());
            market = new LocalMarket(plan, folder, loggers, cancellation);
            await market.StartAsync(options, cancellation);
            return market;
        }
        catch
        {
            if (market is null)
            {
                folder.Dispose();
            }
            else
            {
                await FailedStart.PutAwayAsync(market.DisposeAsync());
            }

            // Parts that were stopped do not answer the others any more; that is no news.
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Stops everything; each node leaves one complete database file in the market's folder, if it has one.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        List<Exception> troubles = [];
        while (_running.TryPop(out var part))
        {
            try
            {
                await part.DisposeAsync();
            }
            catch (StorageUnavailableException e)
            {
                // The others end as they should.
                troubles.Add(e);
            }
        }

        Http.Dispose();
        _folder.Dispose();
        if (troubles is [var first, ..])
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private async Task StartAsync(MarketOptions options, CancellationToken cancellation)
    {
        // The contracts are compiled while the chain starts.
        var sources = Task.Run(() => (V2: Wallets.Contract(EscrowFamily.V2), V1: Wallets.Contract(EscrowFamily.V1)), cancellation);
        var devnet = await DevnetServer.StartAsync(
            new DevnetOptions
            {
                Production = BlockProduction.Interval,
                Wallets = Wallets.Accounts,
                Explain = ContractWords.Of(() => Enum.GetValues<EscrowFamily>().Select(family => Wallets.Contract(family).Contract)),
                StateDirectory = _folder.IsTemporary ? null : _folder.PathOf(MarketFolder.Devnet),
            },
            Plan.Ports.Devnet,
            cancellation
        );
        _running.Push(devnet);
        DevnetUrl = devnet.BaseUrl;
        var (v2, v1) = await sources;
        var seller = Wait("seller's node", c => StartNodeAsync("seller", Plan.SellerSecret, Plan.SellerKey, WalletRole.Selling, Plan.Ports.Seller, c));
        var buyer = Wait("buyer's node", c => StartNodeAsync("buyer", Plan.BuyerSecret, Plan.BuyerKey, WalletRole.Purchasing, Plan.Ports.Buyer, c));
        var registry = Wait("registry", c => StartRegistryAsync([v2.PolicyId, v1.PolicyId], c));
        try
        {
            await Task.WhenAll(seller, buyer, registry);
        }
        finally
        {
            // One that did not come up does not leave the others running.
            foreach (var started in new Task[] { seller, buyer, registry }.Where(t => t.IsCompletedSuccessfully))
            {
                _running.Push((IAsyncDisposable)(started is Task<PaymentNode> node ? node.Result : ((Task<RegistryNode>)started).Result));
            }
        }

        (SellerUrl, BuyerUrl, RegistryUrl) = ((await seller).BaseUrl, (await buyer).BaseUrl, (await registry).BaseUrl);
        Plan = Plan.Holding(MarketFolder.NodeParts, _folder);
        if (options.HasAgents)
        {
            await StartAgentsAsync(options.Patience, devnet.Chain, cancellation);
            Plan = Plan.Holding(MarketAgents.Parts, _folder);
        }

        var page = await MarketPage.StartAsync(this, _loggers, cancellation);
        _running.Push(page);
        PageUrl = page.BaseUrl;

        Task<T> Wait<T>(string what, Func<CancellationToken, Task<T>> start) =>
            StartWait.ForAsync(() => $"the {what} has not started", options.Patience, start, cancellation);
    }

    private async Task StartAgentsAsync(TimeSpan patience, DevnetChain chain, CancellationToken cancellation)
    {
        var agents = new MarketAgents(Plan, Wallets, SellerClient, _folder, patience, _loggers);
        _running.Push(agents);
        try
        {
            Agents = await agents.StartAsync(cancellation);
            await UntilListedAsync(patience, cancellation);
        }
        catch (MarketException e) when (chain.IsPaused)
        {
            // Somebody paused it before the market was stopped, and so it stays.
            throw new MarketException(
                $"{e.Message}: the chain is paused; start with --agents none, then 'masumi devnet resume --url {MarketText.Plain(DevnetUrl)}'",
                e
            );
        }
    }

    private Task<PaymentNode> StartNodeAsync(string name, string secret, string key, WalletRole role, int port, CancellationToken cancellation) =>
        PaymentNode.StartAsync(
            new PaymentNodeOptions
            {
                Database = DatabaseSettings.InFile(_folder.PathOf($"{name}.db")),
                Secret = secret,
                AdminKey = key,
                Chain = Chain,
                Listen = ListenSettings.Loopback(port),
                Sources = [Source(EscrowFamily.V2, role), Source(EscrowFamily.V1, role)],
                Settlement = SettlementOptions.Devnet with { PollInterval = PollInterval },
            },
            _loggers,
            cancellation
        );

    private Task<RegistryNode> StartRegistryAsync(ImmutableArray<Cardano.PolicyId> policies, CancellationToken cancellation) =>
        RegistryNode.StartAsync(
            new RegistryNodeOptions
            {
                Database = DatabaseSettings.InFile(_folder.PathOf("registry.db")),
                Chain = Chain,
                Key = Plan.RegistryKey,
                Policies = policies,
                Listen = ListenSettings.Loopback(Plan.Ports.Registry),
                PollInterval = PollInterval,
            },
            _loggers,
            shared: null,
            cancellation
        );

    private ChainSettings Chain => new() { Url = new Uri(DevnetUrl, "api/v0") };

    private SourceSettings Source(EscrowFamily family, WalletRole role)
    {
        var wallet = role == WalletRole.Selling ? Wallets.Seller(family) : Wallets.Buyer(family);
        return new SourceSettings(Wallets.Contract(family), [new WalletSettings(role, wallet.Mnemonic, $"{family}")], []);
    }

    // Whoever reads the addresses may look for the agents at once.
    private async Task UntilListedAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var registry = new RegistryServiceClient(Http, new Uri(RegistryUrl, "api/v1"), Plan.RegistryKey, TimeProvider.System);
        foreach (var agent in Agents)
        {
            await StartWait.ForAsync(() => $"the registry does not list the sample agent '{agent.Name}'", patience, c => ListedAsync(agent, c), cancellation);
        }

        async Task<bool> ListedAsync(MarketAgent agent, CancellationToken both)
        {
            while (await registry.PaymentInformationAsync(agent.Identifier, both) is null)
            {
                await Task.Delay(Look, TimeProvider.System, both);
            }

            return true;
        }
    }
}
