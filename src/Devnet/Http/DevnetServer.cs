using System.Net;
using Masumi.Devnet.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Masumi.Devnet.Http;

/// <summary>
/// A devnet behind HTTP on the loopback interface: Blockfrost's paths at <see cref="BaseUrl"/> and below <c>/api/v0</c>, and its own
/// controls below <c>/devnet</c>; a page for people at <c>/</c>. No project id is needed; it may name a view (<see cref="Views"/>).
/// </summary>
public sealed class DevnetServer : IAsyncDisposable
{
    // Clients are on this machine: who takes longer to send the head of a request does not mean to.
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);

    // Whoever has sent half a request by the end is not waited for any longer than this.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly Exchange _exchange;
    private readonly bool _ownsChain;

    private DevnetServer(WebApplication app, Exchange exchange, DevnetChain chain, DevnetViews views, bool ownsChain, Uri baseUrl)
    {
        _app = app;
        _exchange = exchange;
        _ownsChain = ownsChain;
        Chain = chain;
        Views = views;
        BaseUrl = baseUrl;
    }

    /// <summary>The chain itself, for callers in this process.</summary>
    public DevnetChain Chain { get; }

    /// <summary>Which clients are shown something else than the truth.</summary>
    public DevnetViews Views { get; }

    /// <summary>For example <c>http://127.0.0.1:43210/</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Starts a new chain and serves it.</summary>
    /// <param name="options">How the chain is set up.</param>
    /// <param name="port">0: any free port.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static Task<DevnetServer> StartAsync(DevnetOptions? options = null, int port = 0, CancellationToken cancellation = default) =>
        // Chain and web host take about as long, and do not wait for each other.
        StartAsync(Task.Run(() => new DevnetChain(options), cancellation), true, port, cancellation);

    /// <summary>Serves a chain that stays its caller's.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="port">0: any free port.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static Task<DevnetServer> StartAsync(DevnetChain chain, int port = 0, CancellationToken cancellation = default) =>
        StartAsync(Task.FromResult(chain), false, port, cancellation);

    /// <summary>Stops serving; a chain of its own is disposed too.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await _app.StopAsync(cancellation);
        Views.Dispose();
        if (_ownsChain)
        {
            Chain.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _exchange.Dispose();
    }

    private static async Task<DevnetServer> StartAsync(Task<DevnetChain> starting, bool ownsChain, int port, CancellationToken cancellation)
    {
        // The empty builder: no configuration files, no environment, no log output of the host. It starts in a few milliseconds.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Exchange.MaxBodySize;
            kestrel.Limits.RequestHeadersTimeout = HeadTimeout;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Farewell);
        var app = builder.Build();
        var chain = await starting;
        var views = new DevnetViews(chain);
        var exchange = new Exchange(chain, views);
        app.Run(exchange.HandleAsync);
        try
        {
            // Compiles the ledger's rules meanwhile, for the first transaction not to wait for that.
            _ = Task.Run(chain.Rehearse, CancellationToken.None);
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            exchange.Dispose();
            views.Dispose();
            if (ownsChain)
            {
                chain.Dispose();
            }

            throw;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return new DevnetServer(app, exchange, chain, views, ownsChain, new Uri($"{addresses!.Addresses.First().TrimEnd('/')}/"));
    }
}
