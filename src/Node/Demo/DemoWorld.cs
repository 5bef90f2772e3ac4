using System.Collections.Immutable;
using Masumi.Agents;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Client;
using Masumi.Contracts.Common;
using Masumi.Devnet;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Masumi.Node.Market;
using Masumi.Node.Settings;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Demo;

/// <summary>A payment node of the story: where it can be reached, and what ends it (a process of its own without warning).</summary>
internal sealed record StoryNode(Uri BaseUrl, IAsyncDisposable Running) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Running.DisposeAsync();
}

/// <summary>
/// Everybody in the story, each with their own database, wallet, keys and port, and nothing between them but HTTP: the devnet, the seller's node and
/// agent, the buyer's node, the registry.
/// </summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    public const Network Network = Protocol.Network.Preprod;

    private readonly List<IAsyncDisposable> _running = [];
    private readonly string _folder;
    private readonly List<Agent> _agents = [];

    private DemoWorld(string folder)
    {
        _folder = folder;
    }

    public required HttpClient Http { get; init; }

    public required DevnetClient Devnet { get; init; }

    public required Uri DevnetUrl { get; init; }

    public required ContractSetup Contract { get; init; }

    public StoryNode Seller { get; private set; } = null!;

    public StoryNode Buyer { get; private set; } = null!;

    public RegistryNode Registry { get; private set; } = null!;

    /// <summary>Where the first agent is, and the second.</summary>
    public required ImmutableArray<Uri> AgentUrls { get; init; }

    public required Address SellerWallet { get; init; }

    public required Address BuyerWallet { get; init; }

    public required string SellerKey { get; init; }

    public required string BuyerKey { get; init; }

    public required string RegistryKey { get; init; }

    private string SellerMnemonic { get; init; } = "";

    private string BuyerMnemonic { get; init; } = "";

    private string SellerSecret { get; } = Fresh("seller-secret-");

    private string BuyerSecret { get; } = Fresh("buyer-secret-");

    private ILoggerFactory Loggers { get; init; } = null!;

    private bool Crashes { get; init; }

    private int SellerPort { get; init; }

    private int BuyerPort { get; init; }

    public PaymentServiceClient SellerClient => new(Http, new Uri(Seller.BaseUrl, "api/v1"), SellerKey, Network, TimeProvider.System);

    public PaymentServiceClient BuyerClient => new(Http, new Uri(Buyer.BaseUrl, "api/v1"), BuyerKey, Network, TimeProvider.System);

    public RegistryServiceClient RegistryClient => new(Http, new Uri(Registry.BaseUrl, "api/v1"), RegistryKey, TimeProvider.System);

    /// <summary>Starts the devnet and makes the parties; the nodes start with <see cref="StartNodesAsync"/>.</summary>
    /// <param name="loggers">Where the parties log.</param>
    /// <param name="crashes">The nodes are processes of their own, and <see cref="CrashAsync"/> kills them.</param>
    /// <param name="cancellation">Ends starting.</param>
    public static async Task<DemoWorld> StartAsync(ILoggerFactory loggers, bool crashes, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("masumi-demo-").FullName;
        // Known as soon as its admins are.
        ContractSetup? contract = null;
        var devnet = await DevnetServer.StartAsync(
            new DevnetOptions { Explain = ContractWords.Of(() => contract is { } known ? [known.Contract] : []) },
            cancellation: cancellation
        );
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        var sellerMnemonic = Mnemonic.FromEntropy(Chance.Bytes(32));
        var buyerMnemonic = Mnemonic.FromEntropy(Chance.Bytes(32));

        // Whoever plays the admins: the story settles no dispute through them.
        ImmutableArray<KeyHash> admins =
        [
            .. Enumerable.Range(0, 3).Select(_ => WalletKeys.FromMnemonic(Mnemonic.FromEntropy(Chance.Bytes(16))).Payment.KeyHash),
        ];
        contract = OwnContract.Of(EscrowFamily.V2, admins, requiredAdmins: 2);
        var world = new DemoWorld(folder)
        {
            Http = http,
            DevnetUrl = devnet.BaseUrl,
            Devnet = new DevnetClient(http, devnet.BaseUrl),
            Contract = contract,
            SellerMnemonic = sellerMnemonic,
            BuyerMnemonic = buyerMnemonic,
            SellerWallet = WalletKeys.FromMnemonic(sellerMnemonic).BaseAddress(NetworkId.Testnet),
            BuyerWallet = WalletKeys.FromMnemonic(buyerMnemonic).BaseAddress(NetworkId.Testnet),
            SellerKey = Fresh("masumi-payment-admin-"),
            BuyerKey = Fresh("masumi-payment-admin-"),
            RegistryKey = Fresh("masumi-registry-"),
            AgentUrls = [.. Enumerable.Range(0, 2).Select(_ => new Uri($"http://127.0.0.1:{WebServer.FreePort()}"))],
            Loggers = loggers,
            Crashes = crashes,
            SellerPort = WebServer.FreePort(),
            BuyerPort = WebServer.FreePort(),
        };
        world._running.Add(devnet);
        return world;
    }

    /// <summary>Starts both nodes and the registry on their databases; after a crash, on the same ones again.</summary>
    public async Task StartNodesAsync(CancellationToken cancellation)
    {
        await StartSellerAsync(cancellation);
        await StartBuyerAsync(cancellation);
        Registry = await RegistryNode.StartAsync(
            new RegistryNodeOptions
            {
                Database = DatabaseSettings.InFile(Path.Combine(_folder, "registry.db")),
                Chain = ChainSettings,
                Key = RegistryKey,
                Policies = [Contract.PolicyId],
                PollInterval = TimeSpan.FromMilliseconds(150),
            },
            Loggers,
            shared: null,
            cancellation
        );
        _running.Add(Registry);
    }

    /// <summary>Starts the seller's node.</summary>
    public async Task StartSellerAsync(CancellationToken cancellation) =>
        Seller = await StartNodeAsync("seller.db", SellerSecret, SellerKey, WalletRole.Selling, SellerMnemonic, SellerPort, cancellation);

    /// <summary>Starts the buyer's node.</summary>
    public async Task StartBuyerAsync(CancellationToken cancellation) =>
        Buyer = await StartNodeAsync("buyer.db", BuyerSecret, BuyerKey, WalletRole.Purchasing, BuyerMnemonic, BuyerPort, cancellation);

    /// <summary>Starts a sample agent, built on the SDK, where its registration said it would be.</summary>
    public async Task StartAgentAsync(SampleAgent sample, AgentIdentifier agentIdentifier, Uri url, CancellationToken cancellation)
    {
        var agent = new Agent(
            new AgentOptions
            {
                Name = sample.Name,
                AgentIdentifier = agentIdentifier,
                SellerVkey = WalletVkey.Parse(SellerWallet.Payment!.Value.Hash.ToString()),
                JobFile = Path.Combine(_folder, $"jobs-{_agents.Count}.jsonl"),
                PollInterval = TimeSpan.FromMilliseconds(150),

                // The story shows both endings of a job without a result, so it agrees to refunds by hand.
                Refunds = RefundPolicy.Never,
            },
            SellerClient,
            sample.WorkAsync,
            TimeProvider.System,
            Loggers.CreateLogger<Agent>()
        );
        _agents.Add(agent);
        var app = WebServer.Create(ListenSettings.Loopback(url.Port), Loggers).Build();
        app.MapAgent(agent);
        await app.StartAsync(cancellation);
        await agent.StartAsync(cancellation);
        _running.Add(app);
    }

    private ChainSettings ChainSettings => new() { Url = new Uri(DevnetUrl, "api/v0") };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            await agent.StopAsync(CancellationToken.None);
        }

        if (Seller is not null)
        {
            await Seller.DisposeAsync();
        }

        if (Buyer is not null)
        {
            await Buyer.DisposeAsync();
        }

        for (var i = _running.Count - 1; i >= 0; i--)
        {
            await _running[i].DisposeAsync();
        }

        foreach (var agent in _agents)
        {
            agent.Dispose();
        }

        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>In a story with crashes: kills both nodes and starts them again on what they left behind. Otherwise nothing.</summary>
    public async Task CrashAsync(CancellationToken cancellation)
    {
        if (!Crashes)
        {
            return;
        }

        await Task.WhenAll(Seller.DisposeAsync().AsTask(), Buyer.DisposeAsync().AsTask());
        await Task.WhenAll(StartSellerAsync(cancellation), StartBuyerAsync(cancellation));
    }

    private async Task<StoryNode> StartNodeAsync(
        string file,
        string secret,
        string adminKey,
        WalletRole role,
        string mnemonic,
        int port,
        CancellationToken cancellation
    )
    {
        var options = new PaymentNodeOptions
        {
            Database = DatabaseSettings.InFile(Path.Combine(_folder, file)),
            Secret = secret,
            AdminKey = adminKey,
            Chain = ChainSettings,
            Listen = ListenSettings.Loopback(port),
            Sources = [new SourceSettings(Contract, [new WalletSettings(role, mnemonic, "demo")], [])],
            Settlement = SettlementOptions.Devnet with { PollInterval = TimeSpan.FromMilliseconds(150) },
        };
        if (Crashes)
        {
            var process = await NodeProcess.StartAsync(options, cancellation);
            return new StoryNode(process.BaseUrl, process);
        }

        var node = await PaymentNode.StartAsync(options, Loggers, cancellation);
        return new StoryNode(node.BaseUrl, node);
    }

    private static string Fresh(string prefix) => prefix + Convert.ToHexStringLower(Chance.Bytes(16));
}
