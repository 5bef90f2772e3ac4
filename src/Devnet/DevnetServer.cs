using System.Net;
using System.Text.Json;
using Masumi.Devnet.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Masumi.Devnet;

/// <summary>
/// A devnet behind HTTP on the loopback interface: Blockfrost's paths at <see cref="BaseUrl"/> and below <c>/api/v0</c>, and its own
/// controls below <c>/devnet</c>. No project id is needed.
/// </summary>
public sealed class DevnetServer : IAsyncDisposable
{
    // Generous for a 16 KiB transaction in hex; everything larger is turned away unread.
    private const int MaxBodySize = 256 * 1024;

    // Native scripts and datums are shown as deeply as they are nested.
    private static readonly JsonWriterOptions Json = new() { MaxDepth = 4000 };

    private readonly WebApplication _app;
    private readonly bool _ownsChain;

    private DevnetServer(WebApplication app, DevnetChain chain, bool ownsChain, Uri baseUrl)
    {
        _app = app;
        _ownsChain = ownsChain;
        Chain = chain;
        BaseUrl = baseUrl;
    }

    /// <summary>The chain itself, for callers in this process.</summary>
    public DevnetChain Chain { get; }

    /// <summary>For example <c>http://127.0.0.1:43210/</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Starts a new chain and serves it.</summary>
    /// <param name="options">How the chain is set up.</param>
    /// <param name="port">0: any free port.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static Task<DevnetServer> StartAsync(DevnetOptions? options = null, int port = 0, CancellationToken cancellation = default) =>
        StartAsync(new DevnetChain(options), true, port, cancellation);

    /// <summary>Serves a chain that stays its caller's.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="port">0: any free port.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static Task<DevnetServer> StartAsync(DevnetChain chain, int port = 0, CancellationToken cancellation = default) =>
        StartAsync(chain, false, port, cancellation);

    /// <summary>Stops serving; a chain of its own is disposed too.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await _app.StopAsync(cancellation);
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
    }

    private static async Task<DevnetServer> StartAsync(DevnetChain chain, bool ownsChain, int port, CancellationToken cancellation)
    {
        // The empty builder: no configuration files, no environment, no log output of the host. It starts in a few milliseconds.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(context => HandleAsync(context, chain));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return new DevnetServer(app, chain, ownsChain, new Uri($"{addresses!.Addresses.First().TrimEnd('/')}/"));
    }

    private static async Task HandleAsync(HttpContext context, DevnetChain chain)
    {
        var response = await AnswerAsync(context, chain);
        context.Response.StatusCode = response.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, Json);
        if (response.Body is { } body)
        {
            body.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        await writer.FlushAsync(context.RequestAborted);
    }

    private static async Task<ApiResponse> AnswerAsync(HttpContext context, DevnetChain chain)
    {
        try
        {
            return Router.Answer(chain, await ReadAsync(context));
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ApiResponse.Error(413, "Payload Too Large", $"The body has more than {MaxBodySize} bytes.")
                : ApiResponse.BadRequest(e.Message);
        }
#pragma warning disable CA1031 // A bug here must reach whoever develops against the devnet, in the shape of every other answer.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return ApiResponse.Error(500, "Internal Server Error", $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static async Task<ApiRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return new ApiRequest(
            context.Request.Method,
            path is ["api", "v0", .. var rest] ? rest : path,
            context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()),
            body.ToArray(),
            context.Request.ContentType
        );
    }
}
