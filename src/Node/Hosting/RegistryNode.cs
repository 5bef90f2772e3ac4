using Masumi.Cardano;
using Masumi.Chain.Blockfrost;
using Masumi.Protocol;
using Masumi.Registry;
using Masumi.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>How a registry is set up.</summary>
internal sealed record RegistryNodeOptions
{
    /// <summary>The SQLite file.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>The chain provider, with its API path.</summary>
    public required Uri ChainUrl { get; init; }

    /// <summary>The provider's key.</summary>
    public string? ChainKey { get; init; }

    /// <summary>The first API key.</summary>
    public required string Key { get; init; }

    /// <summary>The network, as the wire knows it.</summary>
    public required Network Network { get; init; }

    /// <summary>The policy to follow.</summary>
    public required PolicyId Policy { get; init; }

    /// <summary>Port on loopback; 0 lets the system choose.</summary>
    public int Port { get; init; } = 3000;

    /// <summary>How often the chain is asked.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>True on a devnet.</summary>
    public bool AllowLoopbackAgents { get; init; }
}

/// <summary>A running registry service.</summary>
internal sealed class RegistryNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SqliteDatabase _database;
    private readonly BlockfrostChain _chain;
    private readonly CancellationTokenSource _stop = new();
    private readonly RegistryFollower _follower;
    private readonly Task _following;

    private RegistryNode(WebApplication app, SqliteDatabase database, BlockfrostChain chain, RegistryFollower follower)
    {
        _app = app;
        _database = database;
        _chain = chain;
        BaseUrl = LocalServer.AddressOf(app);
        _follower = follower;
        _following = Task.Run(() => follower.RunAsync(_stop.Token));
    }

    /// <summary>Where it listens, without the API path.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Opens the database and starts.</summary>
    public static async Task<RegistryNode> StartAsync(RegistryNodeOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var database = SqliteDatabase.Open(options.DatabaseFile, time);
        BlockfrostChain? chain = null;
        WebApplication? app = null;
        try
        {
            await database.MigrateAsync([RegistryApi.Migrations], cancellation);
            chain = BlockfrostChain.Create(
                new BlockfrostOptions { BaseUrl = options.ChainUrl, ProjectId = options.ChainKey },
                time,
                loggers.CreateLogger<BlockfrostChain>()
            );
            var services = new RegistryServices(
                database,
                chain,
                time,
                Chance.Source,
                new RegistryOptions { PollInterval = options.PollInterval, AllowLoopbackAgents = options.AllowLoopbackAgents }
            );
            await RegistryApi.AddSourceAsync(services, options.Network, options.Policy, cancellation);
            await RegistryApi.EnsureKeyAsync(services, options.Key, admin: true, cancellation);
            app = LocalServer.Create(options.Port);
            app.UseRegistryApi(services, loggers.CreateLogger("registry"));
            await app.StartAsync(cancellation);
            return new RegistryNode(app, database, chain, new RegistryFollower(services, loggers.CreateLogger("registry")));
        }
        catch
        {
            await StopAsync(app, database, chain);
            throw;
        }
    }

    /// <summary>Stops serving, lets the follower come to its end, and leaves one complete database file.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
            await _stop.CancelAsync();
            await _following;
        }
        finally
        {
            _follower.Dispose();
            await StopAsync(_app, _database, _chain);
            _stop.Dispose();
        }
    }

    private static async Task StopAsync(WebApplication? app, SqliteDatabase database, BlockfrostChain? chain)
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        chain?.Dispose();
        await database.DisposeAsync();
    }
}
