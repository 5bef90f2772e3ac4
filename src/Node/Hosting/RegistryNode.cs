using System.Collections.Immutable;
using System.Net;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Node.Settings;
using Masumi.Registry;
using Masumi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>How a registry is set up.</summary>
internal sealed record RegistryNodeOptions
{
    /// <summary>Its tables.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>The chain provider.</summary>
    public required ChainSettings Chain { get; init; }

    /// <summary>The first API key.</summary>
    public required string Key { get; init; }

    /// <summary>Which network the provider must be of.</summary>
    public NodeNetwork Network { get; init; } = NodeNetwork.Devnet;

    /// <summary>The policies to follow.</summary>
    public required ImmutableArray<PolicyId> Policies { get; init; }

    /// <summary>Where it listens.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = ListenSettings.Loopback(0);

    /// <summary>How often the chain is asked.</summary>
    public TimeSpan PollInterval { get; init; } = ChainProvider.PublicPollInterval;

    /// <summary>As <c>masumi registry</c>, or a node with a registry, is told.</summary>
    public static RegistryNodeOptions Of(RegistrySettings settings) =>
        new()
        {
            Database = settings.Database,
            Chain = settings.Chain,
            Key = settings.AdminKey,
            Network = settings.Network,
            Policies = settings.Policies,
            Listen = settings.Listen,
            PollInterval = ChainProvider.PollInterval(settings.Chain, settings.Network),
        };

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"registry with {Database}";
}

/// <summary>A running registry service.</summary>
internal sealed class RegistryNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IDatabase _database;
    private readonly ProvidedChain? _chain;

    private RegistryNode(WebApplication app, IDatabase database, ProvidedChain? chain)
    {
        _app = app;
        _database = database;
        _chain = chain;
        BaseUrl = WebServer.AddressOf(app);
    }

    /// <summary>The tables of a registry.</summary>
    public static IReadOnlyList<MigrationModule> Migrations { get; } = [RegistryApi.Migrations];

    /// <summary>Where it listens, without the API path.</summary>
    public Uri BaseUrl { get; }

    /// <summary>
    /// Checks the settings against what there is, then opens the database and starts. Throws <see cref="SettingsException"/> or
    /// <see cref="StorageUnavailableException"/>, nothing having been changed.
    /// </summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="shared">The chain of a service beside it, which stays that service's; null: one of its own.</param>
    /// <param name="cancellation">Ends starting.</param>
    public static async Task<RegistryNode> StartAsync(RegistryNodeOptions options, ILoggerFactory loggers, IChain? shared, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        IDatabase? database = null;
        ProvidedChain? own = null;
        WebApplication? app = null;
        try
        {
            await RegistryCheck.ExistingAsync(options, time, prefix: "", cancellation);
            if (shared is null)
            {
                own = ChainProvider.Open(options.Chain, options.Network, time, loggers);
                await RegistryCheck.ChainAsync(options, own, time, loggers.CreateLogger("chain"), cancellation);
            }

            database = options.Database.Open(time);
            await database.MigrateAsync(Migrations, cancellation);
            var builder = WebServer.Create(options.Listen, loggers);
            builder
                .Services.AddSingleton(time)
                .AddSingleton(Chance.Source)
                .AddSingleton(database)
                .AddSingleton(shared ?? own!)
                .AddMasumiRegistry(new RegistryOptions { PollInterval = options.PollInterval, AllowLoopbackAgents = options.Network == NodeNetwork.Devnet });
            app = builder.Build();
            var services = app.Services.GetRequiredService<RegistryServices>();
            foreach (var policy in options.Policies)
            {
                await RegistryApi.AddSourceAsync(services, options.Network.ToWire(), policy, cancellation);
            }

            await RegistryApi.EnsureKeyAsync(services, options.Key, admin: true, cancellation);
            app.MapMasumiRegistry();
            WebServer.MapReadiness(app, () => (shared ?? own)?.Problem is null ? null : WebServer.NoChain);
            await app.StartAsync(cancellation);
            return new RegistryNode(app, database, own);
        }
        catch
        {
            await FailedStart.PutAwayAsync(StopAsync(app, database, own));
            throw;
        }
    }

    /// <summary>Stops serving, lets the follower come to its end, and leaves one complete database file. Throws <see cref="StorageUnavailableException"/> if it cannot.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
        }
        finally
        {
            await StopAsync(_app, _database, _chain);
        }
    }

    private static async ValueTask StopAsync(WebApplication? app, IDatabase? database, ProvidedChain? chain)
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
    }
}
