using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>How every service of ours listens.</summary>
internal static class WebServer
{
    /// <summary>A host that serves HTTP there and logs to these loggers.</summary>
    public static WebApplicationBuilder Create(IReadOnlyList<IPEndPoint> listen, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
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

    /// <summary>A port that is free now, for something whose address must be known before it starts.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Why nobody can listen there, in one line; null when one can. Somebody may take it before the server does; then that is what starting says.</summary>
    public static string? Refusal(IPEndPoint place)
    {
        if (place.Port == 0)
        {
            return null;
        }

        try
        {
            using var listener = new TcpListener(place);
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return $"{place.Port} on {place.Address} cannot be listened on: {e.Message.TrimEnd('.')}";
        }
    }
}
