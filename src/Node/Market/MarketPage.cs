using System.Net;
using System.Text;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Protocol.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Market;

/// <summary>The page that links all parts of a market, and <c>/market.json</c> beside it, as <c>masumi up --json</c> prints it.</summary>
internal sealed class MarketPage : IAsyncDisposable
{
    // Keys stand on it: nothing of others may be loaded, and no other site may frame it.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly WebApplication _app;

    private MarketPage(WebApplication app)
    {
        _app = app;
        BaseUrl = WebServer.AddressOf(app);
    }

    /// <summary>Where it is.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Serves it.</summary>
    public static async Task<MarketPage> StartAsync(LocalMarket market, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var app = WebServer.Create(ListenSettings.Loopback(market.Plan.Ports.Page), loggers).Build();
        string? json = null;
        var html = Html(market);
        app.Run(context =>
        {
            // A name that somebody else's server resolves to this machine must not read the keys.
            if (context.Request.Host.Host.TrimEnd('.').ToLowerInvariant() is not ("127.0.0.1" or "localhost" or "[::1]"))
            {
                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                return Task.CompletedTask;
            }

            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.ContentSecurityPolicy = Policy;
            switch (context.Request.Path.Value)
            {
                case "/" or "":
                    context.Response.ContentType = "text/html; charset=utf-8";
                    return context.Response.WriteAsync(html, context.RequestAborted);
                case "/market.json":
                    context.Response.ContentType = "application/json; charset=utf-8";
                    return context.Response.WriteAsync(json ??= MarketText.Json(market).ToJsonString(), context.RequestAborted);
                default:
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
            }
        });
        try
        {
            await app.StartAsync(cancellation);
            return new MarketPage(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string Html(LocalMarket market)
    {
        var rows = new StringBuilder();
        Row("Seller's node", market.SellerUrl, "docs", market.Plan.SellerKey, "payment service that sells: offers, results, refunds");
        Row("Buyer's node", market.BuyerUrl, "docs", market.Plan.BuyerKey, "payment service that buys: locks money, asks for refunds");
        Row("Registry", market.RegistryUrl, "docs", market.Plan.RegistryKey, "finds agents and their prices");
        Row("Devnet", market.DevnetUrl, "", null, "the chain: blocks, transactions, faucet; Blockfrost's API at /api/v0");
        foreach (var agent in market.Agents)
        {
            Row(
                agent.Name,
                agent.Url,
                "availability",
                null,
                $"{agent.Family}, {AmountText.Format(agent.Price, LocalMarket.Network)} a job; identifier {agent.Identifier}"
            );
        }

        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Masumi market</title>
            <style>
              :root { color-scheme: light dark; }
              body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
              h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
              .part { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; padding: .75rem 1rem; margin: .75rem 0; overflow-wrap: anywhere; }
              .part a { font-weight: 600; }
              code, pre { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
              pre { overflow-x: auto; padding: .75rem 1rem; border-radius: .5rem; background: color-mix(in srgb, currentColor 7%, transparent); }
              small { opacity: .75; }
            </style>
            </head>
            <body>
            <h1>A Masumi market on this machine</h1>
            <p><small>Everything below is a development chain's: no money here is worth anything, and its clock is this machine's until
            <code>./masumi advance 8h</code> moves it.</small></p>
            {{rows}}
            <h2>Variables for clients</h2>
            <pre>{{WebUtility.HtmlEncode(MarketText.Environment(market))}}</pre>
            <p><a href="/market.json">Everything as JSON</a>, with the wallets and their words.</p>
            </body>
            </html>
            """;

        void Row(string name, Uri url, string path, string? key, string what) =>
            rows.Append(
                $"<div class=\"part\"><a href=\"{WebUtility.HtmlEncode($"{MarketText.Plain(url)}/{path}")}\">{WebUtility.HtmlEncode(name)}</a> <code>{WebUtility.HtmlEncode(MarketText.Plain(url))}</code>"
                    + $"<br><small>{WebUtility.HtmlEncode(what)}</small>{(key is null ? "" : $"<br><small>key</small> <code>{WebUtility.HtmlEncode(key)}</code>")}</div>\n"
            );
    }
}
