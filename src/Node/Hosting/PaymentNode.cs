using Masumi.Cardano.Building;
using Masumi.Chain;
using Masumi.Node.Control;
using Masumi.Node.Settings;
using Masumi.Payments;
using Masumi.Payments.Keys;
using Masumi.Plutus;
using Masumi.Settlement;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>A running payment node: database, chain adapter, engine and HTTP API in one host.</summary>
internal sealed class PaymentNode : IAsyncDisposable
{
    /// <summary>The name under which the database keeps the key that API keys are looked up with.</summary>
    public const string KeyHashName = "api-key-hash";

    private readonly WebApplication _app;
    private readonly Resources _resources;

    private PaymentNode(WebApplication app, Resources resources)
    {
        _app = app;
        _resources = resources;
        BaseUrl = WebServer.AddressOf(app);
    }

    /// <summary>The tables of a payment node.</summary>
    public static IReadOnlyList<MigrationModule> Migrations { get; } = [SealedKeys.Migrations, SettlementStore.Migrations, KeyBook.Migrations];

    /// <summary>Where it listens, without the API path.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The chain as it sees it, for services beside it.</summary>
    public IChain Chain => _app.Services.GetRequiredService<IChain>();

    /// <summary>Chain time as this node sees it.</summary>
    public ChainClock Clock => _app.Services.GetRequiredService<ChainClock>();

    /// <summary>What acts for it.</summary>
    public SettlementEngine Engine => _app.Services.GetRequiredService<SettlementEngine>();

    /// <summary>Its memory, for the operator's own process.</summary>
    public SettlementStore Store => _app.Services.GetRequiredService<SettlementStore>();

    /// <summary>Looks whether the options fit what there is on this machine, and changes nothing. Throws <see cref="SettingsException"/>.</summary>
    public static async Task CheckAsync(PaymentNodeOptions options, CancellationToken cancellation)
    {
        using var box = new SecretBox(options.Secret, Chance.Source);
        await new NodeCheck(options, box, TimeProvider.System).ExistingAsync(cancellation);
    }

    /// <summary>
    /// Checks what the database and the chain have against the settings, then opens the database, brings its tables up to date, sets up what is missing, and
    /// starts. Throws <see cref="SettingsException"/> or <see cref="StorageUnavailableException"/>, nothing having been changed. A chain that does not answer
    /// within ten seconds is not waited for: the node serves what it has, and the engine runs as soon as the chain has been looked at.
    /// </summary>
    public static async Task<PaymentNode> StartAsync(PaymentNodeOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var resources = new Resources(new SecretBox(options.Secret, Chance.Source));
        WebApplication? app = null;

        // Put together while chain and database are asked; it takes as long as they do.
        var server = Task.Run(() => WebServer.Create(options.Listen, loggers), cancellation);
        try
        {
            var check = new NodeCheck(options, resources.Box, time);
            resources.Prepare(isNew: !await check.ExistingAsync(cancellation));
            var chain = resources.Open(options, time, loggers);
            var logger = loggers.CreateLogger("chain");
            var found = await ChainStart.TryAsync(check, chain, time, logger, cancellation);
            var (clock, gate) = (new ChainClock(time), new EngineGate());
            resources.Lock = EngineLock.Take(options.Database);
            var database = resources.Database = options.Database.Open(time);
            await database.MigrateAsync(Migrations, cancellation);
            await check.DatabaseAsync(database, cancellation);
            var apiKeyHash = new ApiKeyHash(
                await new SealedKeys(database, resources.Box, time, Chance.Source).GetOrCreateAsync(KeyHashName, ApiKeyHash.KeySize, cancellation)
            );

            var builder = await server;
            builder
                .Services.AddSingleton(time)
                .AddSingleton(Chance.Source)
                .AddSingleton(database)
                .AddSingleton<IChain>(chain)
                .AddSingleton(resources.Box)
                .AddSingleton<IScriptEvaluator, PlutusEvaluator>()
                .AddSingleton(clock)
                .AddSingleton(gate)
                .AddMasumiSettlement(options.Settlement)
                .AddMasumiPayments(apiKeyHash, options.Requests, options.OlderNames, options.Payees)
                .AddSingleton(s => Desk(s, options))
                .AddHostedService(s => new ControlServer(options.Database, s.GetRequiredService<OperatorDesk>(), time, loggers.CreateLogger("control")));
            if (found is null)
            {
                builder.Services.AddHostedService(s => new ChainStart(check, chain, s.GetRequiredService<SettlementStore>(), clock, gate, time, logger));
            }

            app = builder.Build();
            await SetUpAsync(options, app.Services, cancellation);
            if (found is not null)
            {
                await ChainStart.AcceptAsync(found, app.Services.GetRequiredService<SettlementStore>(), clock, gate, cancellation);
            }

            app.MapMasumiPayments();
            var engine = app.Services.GetRequiredService<SettlementEngine>();
            WebServer.MapReadiness(
                app,
                () =>
                    (gate.Problem ?? chain.Problem) is not null ? WebServer.NoChain
                    : engine.State is { IsFailing: true, Cause: var cause } ? cause
                    : null
            );
            await app.StartAsync(cancellation);
            return new PaymentNode(app, resources);
        }
        catch
        {
            await FailedStart.PutAwayAsync(StopAsync(app, resources));
            throw;
        }
    }

    /// <summary>Stops serving, lets the engine come to its end, and leaves one complete database file. Throws <see cref="StorageUnavailableException"/> if it cannot.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
        }
        finally
        {
            await StopAsync(_app, _resources);
        }
    }

    private static async ValueTask StopAsync(WebApplication? app, Resources resources)
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        await resources.DisposeAsync();
    }

    private static async Task SetUpAsync(PaymentNodeOptions options, IServiceProvider services, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<SettlementStore>();
        var keyring = services.GetRequiredService<Keyring>();
        var ids = services.GetRequiredService<IdSource>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var setup in options.Sources)
        {
            var (contract, policy, scripts) = setup.Contract;
            await store.Sources.AddAsync(PaymentSource.Of(ids.Next(), options.Network.ToWire(), contract, policy, now), cancellation);
            var source = (await store.Sources.ListAsync(cancellation)).Single(s => s.ContractAddress == contract.Address);
            foreach (var script in scripts)
            {
                await store.Scripts.PutAsync(script, cancellation);
            }

            foreach (var wallet in setup.Wallets)
            {
                var sealedWallet = keyring.Seal(ids.Next(), source, wallet.Role, wallet.Mnemonic, wallet.CollectionAddress, wallet.Note, now);
                await store.Wallets.AddAsync(sealedWallet, cancellation);
            }
        }

        await services.GetRequiredService<KeyBook>().EnsureAdminAsync(ids.Next(), options.AdminKey, cancellation);
    }

    private static OperatorDesk Desk(IServiceProvider services, PaymentNodeOptions options) =>
        new(
            services.GetRequiredService<DealInspection>(),
            services.GetRequiredService<EventReading>(),
            new EngineDesk(
                services.GetRequiredService<SettlementEngine>(),
                services.GetRequiredService<IChain>(),
                services.GetRequiredService<ChainClock>(),
                options.Settlement,
                services.GetRequiredService<EngineGate>(),
                services.GetRequiredService<DealRecovery>(),
                services.GetRequiredService<AttemptProof>(),
                services.GetRequiredService<Reconciliation>(),
                services.GetRequiredService<DealFutures>()
            ),
            options.Database.ToString(),
            services.GetRequiredService<TimeProvider>()
        );

    // What the host is handed and does not own.
    private sealed class Resources(SecretBox box) : IAsyncDisposable
    {
        private ProvidedChain? _chain;
        private Task _prepared = Task.CompletedTask;

        public SecretBox Box { get; } = box;

        public IDatabase? Database { get; set; }

        public EngineLock? Lock { get; set; }

        // A new database is sealed into at once; the key is made while the chain is asked.
        public void Prepare(bool isNew) => _prepared = isNew ? Task.Run(Box.Prepare, CancellationToken.None) : _prepared;

        public ProvidedChain Open(PaymentNodeOptions options, TimeProvider time, ILoggerFactory loggers) =>
            _chain = ChainProvider.Open(options.Chain, options.Network, time, loggers);

        public async ValueTask DisposeAsync()
        {
            _chain?.Dispose();
            try
            {
                await _prepared;
                if (Database is not null)
                {
                    await Database.DisposeAsync();
                }
            }
            finally
            {
                Lock?.Dispose();
                Box.Dispose();
            }
        }
    }
}
