using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Masumi.Api.Tests;

/// <summary>An answer.</summary>
internal sealed record Answer(int Status, string Text, HttpResponseMessage Response)
{
    public JsonNode? Body => Text.Length == 0 ? null : JsonNode.Parse(Text);

    public string? Message => (string?)Body?["error"]?["message"];
}

/// <summary>A small service on loopback, with both kinds of endpoints.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    public const int ServerLimit = 300 * 1024;
    private readonly HttpClient _http = new();
    private WebApplication _strict = null!;
    private WebApplication _lenient = null!;
    private int _numbered;

    internal Notes Logged { get; } = new();

    /// <summary>How often a handler behind a key ran.</summary>
    internal int Handled { get; private set; }

    internal IReadOnlyList<ApiEndpoint<string>> Endpoints { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ApiServer()
    {
        Endpoints =
        [
            new("GET", "/health", null, "Lives.", _ => Task.FromResult(ApiResult.Ok(new JsonObject { ["ok"] = true }))),
            new("GET", "/thing", "user", "Shows <things> & more.", r => Handle(Query(r.Input))),
            new(
                "POST",
                "/thing",
                "user",
                "Makes a thing.",
                r => Handle(r.Input.Refusal ?? ApiResult.Ok(new JsonObject { ["name"] = r.Input.OptionalText("name") }))
            ),
            new("DELETE", "/thing", "admin", "Deletes a thing.", r => Handle(ApiResult.Ok(new JsonObject { ["caller"] = r.Caller }))),
            new("POST", "/deep/path", "user", "Refuses.", _ => Handle(ApiResult.Refuse(409, "exists", new JsonObject { ["id"] = "1" }))),
            new("POST", "/boom", "user", "Fails.", _ => throw new InvalidOperationException("password=hunter2")),
            new("POST", "/late", "user", "Gives up.", _ => throw new TaskCanceledException("an upstream call took too long")),
        ];
    }

    public async ValueTask InitializeAsync()
    {
        _strict = await StartAsync(new ApiOptions<string> { BasePath = "/api/v1", Authenticate = AuthenticateAsync });
        _lenient = await StartAsync(
            new ApiOptions<string>
            {
                BasePath = "/api/v1",
                Authenticate = AuthenticateAsync,
                Style = IssueStyle.Slashes,
                AnswersMethodNotAllowed = false,
                MaxBodyBytes = 1000,
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

    private static ApiResult Query(RequestInput input)
    {
        var limit = input.Integer("limit", 10, 1, 50, coerce: true);
        var kind = input.OptionalText("kind");
        return input.Refusal ?? ApiResult.Ok(new JsonObject { ["limit"] = limit, ["kind"] = kind });
    }

    private Task<ApiResult> Handle(ApiResult result)
    {
        Handled++;
        return Task.FromResult(result);
    }

    private static Task<(string? Caller, ApiResult? Refusal)> AuthenticateAsync(HttpContext http, string permission) =>
        Task.FromResult<(string?, ApiResult?)>(
            (string?)http.Request.Headers["token"] switch
            {
                null or "" => (null, ApiResult.Refuse(401, "No token provided")),
                "revoked" => (null, ApiResult.Refuse(401, "API key is revoked")),
                "broken" => throw new TimeoutException("key store at 10.1.2.3 is down"),
                "user" when permission == "admin" => (null, ApiResult.Refuse(401, "Unauthorized, admin access required")),
                "user" or "admin" => ((string?)http.Request.Headers["token"], null),
                _ => (null, ApiResult.Refuse(401, "Invalid token")),
            }
        );

    private async Task<WebApplication> StartAsync(ApiOptions<string> options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = ServerLimit;
            k.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.UseApiDocumentation("A <small> service", options.BasePath, Endpoints);
        app.UseApi(options, Endpoints, Logged);
        app.Run(http =>
        {
            http.Response.StatusCode = 404;
            return http.Response.WriteAsync("somebody else's");
        });
        await app.StartAsync(Stop);
        return app;
    }

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
