using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Http.Documentation;
using Masumi.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Masumi.Http.Tests;

/// <summary>An answer.</summary>
internal sealed record Answer(int Status, string Text, HttpResponseMessage Response)
{
    public JsonNode? Body => Text.Length == 0 ? null : JsonNode.Parse(Text);

    public string? Message => (string?)Body?["error"]?["message"];
}

/// <summary>A small service on loopback, with both kinds of endpoints.</summary>
public sealed class TestServer : IAsyncLifetime
{
    public const int ServerLimit = 300 * 1024;
    private readonly HttpClient _http = new();
    private WebApplication _strict = null!;
    private WebApplication _lenient = null!;
    private int _numbered;

    internal IReadOnlyList<Operation> Served { get; private set; } = [];

    internal Notes Logged { get; } = new();

    /// <summary>How often a handler behind a key ran.</summary>
    internal int Handled { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new ServiceOptions<string>
        {
            BasePath = "/api/v1",
            Words = IssueWords.Payment,
            Authenticate = AuthenticateAsync,
            CountedAs = caller => caller == "busy" ? caller : null,
            Rates = new RequestRates
            {
                ReadsPerSecond = 1,
                ReadsBurst = 3,
                CostlyPerSecond = 1,
                CostlyBurst = 2,
            },
        };
        _strict = await StartAsync(options);
        _lenient = await StartAsync(
            options with
            {
                Words = IssueWords.Registry,
                SaysWrongVerb = false,
                LongestBody = 1000,
                Headers = new Dictionary<string, string> { ["X-Content-Type-Options"] = "nosniff" },
                LiveHeaders = new Dictionary<string, Func<string>> { ["X-Number"] = () => $"{Interlocked.Increment(ref _numbered)} after {Handled}" },
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _strict.DisposeAsync();
        await _lenient.DisposeAsync();
        _http.Dispose();
    }

    internal Uri AddressOf(bool lenient) =>
        new((lenient ? _lenient : _strict).Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    internal async Task<Answer> AskAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(AddressOf(lenient: false), path));
        request.Headers.TryAddWithoutValidation("token", "user");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Content = new StringContent("""{"name":"x"}""", Encoding.UTF8, "application/json");
        var response = await _http.SendAsync(request, Stop);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response);
    }

    internal Task<Answer> SendAsync(
        string verb,
        string path,
        string? body = null,
        string? key = "user",
        bool lenient = false,
        string? type = "application/json"
    ) => SendAsync(verb, path, body is null ? null : Encoding.UTF8.GetBytes(body), key, lenient, type);

    internal async Task<Answer> SendAsync(string verb, string path, byte[]? body, string? key, bool lenient, string? type, bool chunked = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(AddressOf(lenient), path));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("token", key);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Headers.TransferEncodingChunked = chunked;
            if (type is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }

        var response = await _http.SendAsync(request, Stop);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response);
    }

    private static ValueTask<Authenticated<string>> AuthenticateAsync(HttpContext http, Access access) =>
        ValueTask.FromResult<Authenticated<string>>(
            (string?)http.Request.Headers["token"] switch
            {
                null or "" => No("No token provided"),
                "revoked" => No("API key is revoked"),
                "broken" => throw new TimeoutException("key store at 10.1.2.3 is down"),
                "user" when access == Access.Admin => No("Unauthorized, admin access required"),
                { } known when known is "user" or "admin" or "busy" => new(known, null),
                _ => No("Invalid token"),
            }
        );

    private static Authenticated<string> No(string message) => new(null, new RefusalKind(401, "unauthorized", message).With());

    private async Task<WebApplication> StartAsync(ServiceOptions<string> options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = ServerLimit;
            k.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.UseRouting();
        var service = new Service<string>(app, options, Logged);
        service.Map(Things.Health, (_, _) => Say(new Thing("ok", null, null)));
        service.Map(Things.Get, (query, call) => Handle(new Thing(query.Kind, query.Limit, call.Caller)));
        service.Map(Things.Make, (named, call) => Handle(new Thing(named.Name, null, call.Caller)));
        service.Map(Things.Delete, (_, call) => Handle(new Thing(null, null, call.Caller)));
        service.Map(Things.ById, (one, call) => Handle(new Thing(one.Id, one.Limit, call.Caller)));
        service.Map(Things.Deep, (_, _) => Handle(Reply.Exists(Things.Exists.With(), "1", new Thing("first", null, null))));
        service.Map(Things.Boom, (_, _) => throw new InvalidOperationException("password=hunter2"));
        service.Map(Things.Late, (_, _) => throw new TaskCanceledException("an upstream call took too long"));
        service.Map(Things.Missing, (named, _) => Handle(Things.NotFound.With(("name", named.Name))));
        service.Close();
        Served = service.Served;
        app.MapDocumentation(new OpenApiDocument("A <small> service", "For tests.", "./api/v1", "token"), service.Served);
        app.MapFallback(http =>
        {
            http.Response.StatusCode = 404;
            return http.Response.WriteAsync("somebody else's");
        });
        app.Lifetime.ApplicationStopped.Register(service.Dispose);
        await app.StartAsync(Stop);
        return app;
    }

    private Task<Reply<Thing>> Handle(Reply<Thing> reply)
    {
        Handled++;
        return Task.FromResult(reply);
    }

    private static Task<Reply<Thing>> Say(Reply<Thing> reply) => Task.FromResult(reply);

    internal sealed class Notes : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
            }
        }
    }
}
