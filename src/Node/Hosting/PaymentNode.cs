using System.Net;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain.Blockfrost;
using Masumi.Contracts.Escrow.Common;
using Masumi.Node.Settings;
using Masumi.Payments;
using Masumi.Plutus;
using Masumi.Protocol;
using Masumi.Settlement;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Masumi.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>A hot wallet to set up at first start.</summary>
internal sealed record WalletSetup(WalletRole Role, string Mnemonic, string Note)
{
    /// <summary>Without the mnemonic.</summary>
    public override string ToString() => $"{Role} wallet ({Note})";
}

/// <summary>How a payment node is set up.</summary>
internal sealed record PaymentNodeOptions
{
    /// <summary>The SQLite file.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>The operator's secret: wallets are sealed under it.</summary>
    public required string Secret { get; init; }

    /// <summary>The operator's first API key.</summary>
    public required string AdminKey { get; init; }

    /// <summary>The chain provider, with its API path.</summary>
    public required Uri ChainUrl { get; init; }

    /// <summary>The provider's key.</summary>
    public string? ChainKey { get; init; }

    /// <summary>Names to which the provider's key may go over http.</summary>
    public IReadOnlyCollection<string> ClearTextHosts { get; init; } = [];

    /// <summary>Which network the provider must be of; a devnet has any magic but those of the public ones.</summary>
    public NodeNetwork Network { get; init; } = NodeNetwork.Devnet;

    /// <summary>Port on loopback; 0 lets the system choose.</summary>
    public int Port { get; init; } = 3001;

    /// <summary>Sources to set up at first start.</summary>
    public IReadOnlyList<PaymentSourceSetup> Sources { get; init; } = [];

    /// <summary>Outputs that carry contract scripts for reference.</summary>
    public IReadOnlyList<TxInput> ReferenceScripts { get; init; } = [];

    /// <summary>The engine.</summary>
    public SettlementOptions Settlement { get; init; } = new();

    /// <summary>One source with one wallet, as <c>masumi node</c> is told.</summary>
    public static PaymentNodeOptions Of(NodeSettings settings) =>
        new()
        {
            DatabaseFile = settings.DatabaseFile,
            Secret = settings.Secret,
            AdminKey = settings.AdminKey,
            ChainUrl = settings.ChainUrl,
            ChainKey = settings.ChainKey,
            ClearTextHosts = settings.ClearTextHosts,
            Network = settings.Network,
            Port = settings.Port,
            Sources =
            [
                new PaymentSourceSetup(
                    settings.WireNetwork,
                    settings.Contract.Contract,
                    settings.Contract.PolicyId,
                    [new WalletSetup(settings.Role, settings.Mnemonic, "set up at first start")],
                    settings.Contract.Scripts
                ),
            ],
            ReferenceScripts = settings.ReferenceScripts,
            Settlement = new SettlementOptions { PollInterval = settings.PollInterval },
        };

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"payment node with {DatabaseFile}";
}

/// <summary>A payment source to set up at first start, with its wallets.</summary>
/// <param name="Network">The network, as the wire knows it.</param>
/// <param name="Contract">The escrow.</param>
/// <param name="PolicyId">The registry policy.</param>
/// <param name="Wallets">Its wallets.</param>
/// <param name="Scripts">Scripts from the operator's files; others are compiled here, or asked of the chain.</param>
internal sealed record PaymentSourceSetup(
    Network Network,
    EscrowContract Contract,
    PolicyId PolicyId,
    IReadOnlyList<WalletSetup> Wallets,
    IReadOnlyList<Script>? Scripts = null
);

/// <summary>A running payment node: database, chain adapter, engine and HTTP API.</summary>
internal sealed class PaymentNode : Demo.IStoryNode
{
    /// <summary>The name under which the database keeps the key that API keys are looked up with.</summary>
    public const string KeyHashName = "api-key-hash";

    private readonly WebApplication _app;
    private readonly SqliteDatabase _database;
    private readonly BlockfrostChain _chain;
    private readonly SecretBox _box;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _engine;

    private PaymentNode(
        WebApplication app,
        SqliteDatabase database,
        BlockfrostChain chain,
        SecretBox box,
        SettlementEngine engine,
        SettlementStore store,
        ChainClock clock
    )
    {
        _app = app;
        _database = database;
        _chain = chain;
        _box = box;
        Store = store;
        Clock = clock;
        Engine = engine;
        BaseUrl = LocalServer.AddressOf(app);
        _engine = Task.Run(() => engine.RunAsync(_stop.Token));
    }

    /// <summary>The tables of a payment node.</summary>
    public static IReadOnlyList<MigrationModule> Migrations { get; } = [SealedKeys.Migrations, SettlementStore.Migrations, PaymentsApi.Migrations];

    /// <summary>Where it listens, without the API path.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Chain time as this node sees it.</summary>
    public ChainClock Clock { get; }

    /// <summary>What acts for it.</summary>
    public SettlementEngine Engine { get; }

    /// <summary>Its memory, for the operator's own process.</summary>
    public SettlementStore Store { get; }

    /// <summary>
    /// Checks what the database and the chain have against the options, then opens the database, brings its tables up to date, sets up what is missing, and
    /// starts. Throws <see cref="SettingsException"/> or <see cref="Chain.ChainUnavailableException"/>, nothing having been changed.
    /// </summary>
    public static async Task<PaymentNode> StartAsync(PaymentNodeOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var box = new SecretBox(options.Secret, Chance.Source);
        BlockfrostChain? chain = null;
        SqliteDatabase? database = null;
        WebApplication? app = null;
        try
        {
            var check = new NodeCheck(options, box, time);
            await check.ExistingAsync(cancellation);
            chain = BlockfrostChain.Create(
                new BlockfrostOptions
                {
                    BaseUrl = options.ChainUrl,
                    ProjectId = options.ChainKey ?? "",
                    ClearTextHosts = options.ClearTextHosts,
                    Confirmations = options.Settlement.Confirmations,
                },
                time,
                loggers.CreateLogger<BlockfrostChain>()
            );
            var references = await check.ChainAsync(chain, cancellation);
            var clock = new ChainClock(time);
            clock.Observe(await chain.GetTipAsync(cancellation));

            database = SqliteDatabase.Open(options.DatabaseFile, time);
            await database.MigrateAsync(Migrations, cancellation);
            await check.DatabaseAsync(database, cancellation);
            var apiKeyHash = new ApiKeyHash(
                await new SealedKeys(database, box, time, Chance.Source).GetOrCreateAsync(KeyHashName, ApiKeyHash.KeySize, cancellation)
            );
            var store = new SettlementStore(database, time);
            var wallets = new Keyring(box);
            var ids = new IdSource(time, Chance.Source);
            foreach (var setup in options.Sources)
            {
                await SetUpAsync(setup, store, wallets, ids, time, cancellation);
            }

            foreach (var reference in references)
            {
                await store.PutReferenceAsync(reference, cancellation);
            }

            var engine = new SettlementEngine(
                store,
                chain,
                new ScriptCatalog(chain, store),
                wallets,
                new PlutusEvaluator(),
                clock,
                ids,
                options.Settlement,
                time,
                loggers.CreateLogger("settlement")
            );
            var services = new PaymentsServices(database, apiKeyHash, store, chain, wallets, clock, time, ids, engine);
            await PaymentsApi.EnsureAdminKeyAsync(services, options.AdminKey, cancellation);
            app = LocalServer.Create(options.Port);
            app.UsePaymentsApi(services, loggers.CreateLogger("payments"));
            await app.StartAsync(cancellation);
            return new PaymentNode(app, database, chain, box, engine, store, clock);
        }
        catch
        {
            await StopAsync(app, database, chain, box);
            throw;
        }
    }

    /// <summary>Stops serving, lets the engine come to its end, and leaves one complete database file.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
            await _stop.CancelAsync();
            await _engine;
        }
        finally
        {
            await StopAsync(_app, _database, _chain, _box);
            _stop.Dispose();
        }
    }

    private static async Task StopAsync(WebApplication? app, SqliteDatabase? database, BlockfrostChain? chain, SecretBox box)
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        chain?.Dispose();
        if (database is not null)
        {
            await database.DisposeAsync();
        }

        box.Dispose();
    }

    private static async Task SetUpAsync(
        PaymentSourceSetup setup,
        SettlementStore store,
        Keyring wallets,
        IdSource ids,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var contract = setup.Contract;
        var source = PaymentSource.Of(ids.Next(), setup.Network, contract, setup.PolicyId, time.GetUtcNow());
        await store.AddSourceAsync(source, cancellation);
        source = (await store.ListSourcesAsync(cancellation)).Single(s => s.Network == setup.Network && s.ContractAddress == contract.Address);
        foreach (var script in setup.Scripts ?? [])
        {
            await store.PutScriptAsync(script, cancellation);
        }

        foreach (var wallet in setup.Wallets)
        {
            await store.AddWalletAsync(wallets.Seal(ids.Next(), source, wallet.Role, wallet.Mnemonic, null, wallet.Note, time.GetUtcNow()), cancellation);
        }
    }
}

/// <summary>Small Kestrel servers on loopback.</summary>
internal static class LocalServer
{
    public static WebApplication Create(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(o =>
        {
            o.Limits.MaxRequestBodySize = 1024 * 1024;
            o.AddServerHeader = false;
        });
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, port));
        return builder.Build();
    }

    /// <summary>A port that is free now, for something whose address must be known before it starts.</summary>
    public static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
