using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Masumi.Node.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>How every service of ours listens.</summary>
internal static class WebServer
{
    /// <summary>Why a service is not ready whose provider does not answer.</summary>
    public const string NoChain = "the chain is not available";

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    /// <summary>A host that serves HTTP there and logs to these loggers.</summary>
    public static WebApplicationBuilder Create(IReadOnlyList<IPEndPoint> listen, ILoggerFactory loggers)
    {
        // Our own settings alone say where and how it listens: no appsettings.json of the folder somebody happens to stand in, no ASPNETCORE_ or Kestrel__ variable.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production }
        );
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Services.AddSingleton(loggers);

        // Whoever has sent half a request by the end is not waited for any longer than this.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Farewell);
        builder.Services.Configure<KestrelServerOptions>(o =>
        {
            o.Limits.MaxRequestBodySize = 1024 * 1024;
            o.AddServerHeader = false;
        });
        builder.WebHost.ConfigureKestrel(o =>
        {
            foreach (var place in listen)
            {
                o.Listen(place);
            }
        });
        return builder;
    }

    /// <summary>Its first address, once it has started; what listens everywhere is reached on this machine.</summary>
    public static Uri AddressOf(WebApplication app)
    {
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return IPAddress.TryParse(address.DnsSafeHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri
            : address;
    }

    /// <summary>Answers <c>GET /ready</c>: 200, or 503 as long as there is a problem.</summary>
    /// <param name="app">The service.</param>
    /// <param name="problem">What anybody may know of it; null when there is none.</param>
    public static void MapReadiness(WebApplication app, Func<string?> problem) =>
        app.Map(
            "/ready",
            ready =>
                ready.Run(http =>
                {
                    var reason = problem();
                    http.Response.StatusCode = reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                    http.Response.ContentType = "application/json";
                    return http.Response.WriteAsync(
                        reason is null ? """{"status":"ready"}""" : $$"""{"status":"not ready","reason":{{JsonSerializer.Serialize(reason)}}}"""
                    );
                })
        );

    /// <summary>A port that is free now, for something whose address must be known before it starts.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// Where nobody can listen, and why, a line each: all are tried together, as they will be used. Somebody may take one before the server does; then that is
    /// what starting says.
    /// </summary>
    public static List<SettingProblem> Refusals(IEnumerable<(string Setting, IPEndPoint Place)> places)
    {
        var problems = new List<SettingProblem>();
        var open = new List<Socket>();
        try
        {
            foreach (var (setting, place) in places.Where(p => p.Place.Port != 0))
            {
                var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                try
                {
                    // As the server does it: every address of the newer kind is every address of the older one too.
                    if (place.Address.Equals(IPAddress.IPv6Any))
                    {
                        socket.DualMode = true;
                    }

                    socket.Bind(place);
                    socket.Listen();
                }
                catch (SocketException e)
                {
                    problems.Add(new(setting, $"{place.Port} on {place.Address} cannot be listened on: {e.Message.TrimEnd('.')}"));
                }
            }
        }
        finally
        {
            open.ForEach(s => s.Dispose());
        }

        return problems;
    }
}
