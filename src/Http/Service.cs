using System.Collections.Immutable;
using System.Text.Json;
using Masumi.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Masumi.Http;

/// <summary>One request of an operation.</summary>
/// <typeparam name="TCaller">What a key stands for.</typeparam>
/// <param name="Http">The request.</param>
/// <param name="Caller">Who asks; null for an open operation.</param>
public readonly record struct Call<TCaller>(HttpContext Http, TCaller Caller)
{
    /// <summary>Ends when the caller goes away.</summary>
    public CancellationToken Cancellation => Http.RequestAborted;
}

/// <summary>
/// A service over HTTP: its operations on ASP.NET Core's routing, each request in the order that clients know (spec payment-service-api.md 1.3): malformed JSON, path
/// and verb, key, rate, input, use case. Paths are matched without regard to case or a slash at the end.
/// </summary>
/// <typeparam name="TCaller">What a key stands for.</typeparam>
public sealed class Service<TCaller> : IDisposable
    where TCaller : class
{
    private readonly ServiceOptions<TCaller> _options;
    private readonly WebApplication _app;
    private readonly RequestCounts _counts;
    private readonly List<Operation> _served = [];
    private readonly Dictionary<string, ImmutableArray<string>> _verbs = new(StringComparer.Ordinal);

    /// <summary>A service of an application. What is mapped is served when the application runs.</summary>
    public Service(WebApplication app, ServiceOptions<TCaller> options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(options);
        _app = app;
        _options = options;
        _counts = new RequestCounts(options.Rates);
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments(options.BasePath, StringComparison.OrdinalIgnoreCase),
            branch => branch.Use((http, next) => GuardAsync(http, next, logger))
        );
    }

    /// <summary>What is served, in the order of mapping.</summary>
    public IReadOnlyList<Operation> Served => _served;

    /// <summary>Serves an operation.</summary>
    public void Map<TRequest, TAnswer>(Operation<TRequest, TAnswer> operation, Func<TRequest, Call<TCaller>, Task<Reply<TAnswer>>> handle)
        where TRequest : class
        where TAnswer : class
    {
        ArgumentNullException.ThrowIfNull(operation);
        _served.Add(operation);
        MapUnlisted(operation, handle);
    }

    /// <summary>Serves an operation that the document does not name: an older name of another one.</summary>
    public void MapUnlisted<TRequest, TAnswer>(Operation<TRequest, TAnswer> operation, Func<TRequest, Call<TCaller>, Task<Reply<TAnswer>>> handle)
        where TRequest : class
        where TAnswer : class
    {
        ArgumentNullException.ThrowIfNull(operation);
        _verbs[operation.Path] = [.. _verbs.GetValueOrDefault(operation.Path, []), operation.Verb];
        _app.MapMethods(
            _options.BasePath + operation.Path,
            operation.Verb == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [operation.Verb],
            (RequestDelegate)(http => AnswerAsync(http, operation, handle))
        );
    }

    /// <summary>Says no to other verbs and paths. After everything is mapped.</summary>
    public void Close()
    {
        foreach (var (path, verbs) in _verbs)
        {
            var allowed = string.Join(", ", verbs.Order(StringComparer.Ordinal));
            _app.Map(_options.BasePath + path, (RequestDelegate)(http => OtherVerbAsync(http, allowed))).WithOrder(1);
        }

        _app.Map(_options.BasePath + "/{**rest}", (RequestDelegate)NoPathAsync).WithOrder(2);
    }

    /// <inheritdoc/>
    public void Dispose() => _counts.Dispose();

    private Task OtherVerbAsync(HttpContext http, string allowed)
    {
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            return Task.CompletedTask;
        }

        if (!_options.SaysWrongVerb)
        {
            return NoPathAsync(http);
        }

        http.Response.Headers.Allow = allowed;
        return ReplyWriter.RefuseAsync(http, CommonRefusals.WrongVerb.With(("method", http.Request.Method))).AsTask();
    }

    private static Task NoPathAsync(HttpContext http) =>
        ReplyWriter.RefuseAsync(http, CommonRefusals.NoSuchPath.With(("method", http.Request.Method), ("path", http.Request.Path))).AsTask();

    // Headers on whatever is answered, and words for whatever fails.
    private async Task GuardAsync(HttpContext http, RequestDelegate next, ILogger logger)
    {
        foreach (var (name, value) in _options.Headers)
        {
            http.Response.Headers[name] = value;
        }

        http.Response.OnStarting(
            static state =>
            {
                var (response, live) = ((HttpResponse, IReadOnlyDictionary<string, Func<string>>))state;
                foreach (var (name, value) in live)
                {
                    response.Headers[name] = value();
                }

                return Task.CompletedTask;
            },
            (http.Response, _options.LiveHeaders)
        );
        Refusal refusal;
        try
        {
            await next(http);
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException e)
        {
            // The server's own limits: size, speed, framing.
            refusal =
                e.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? CommonRefusals.TooLarge.With()
                    : (CommonRefusals.Unreadable with { Status = e.StatusCode }).With();
        }
        catch (Exception e) when (_options.Explain(e) is { } explained)
        {
            logger.LogWarning("{Verb} {Path}: {Message}", http.Request.Method, http.Request.Path, e.Message);
            refusal = explained;
        }
        catch (Exception e)
        {
            logger.LogError(e, "{Verb} {Path} failed", http.Request.Method, http.Request.Path);
            refusal = CommonRefusals.Failed.With();
        }

        if (!http.Response.HasStarted)
        {
            await ReplyWriter.RefuseAsync(http, refusal);
        }
    }

    private async Task AnswerAsync<TRequest, TAnswer>(
        HttpContext http,
        Operation<TRequest, TAnswer> operation,
        Func<TRequest, Call<TCaller>, Task<Reply<TAnswer>>> handle
    )
        where TRequest : class
        where TAnswer : class
    {
        // A body that is no JSON is refused before anything else, as the services' body parser does.
        var (document, malformed) = await RequestReader.ReadAsync(http, operation.IsQuery, _options.LongestBody);
        if (document is null)
        {
            await ReplyWriter.RefuseAsync(http, malformed!);
            return;
        }

        try
        {
            var (caller, refusal) = await CallerAsync(http, operation);
            if (refusal is not null)
            {
                await ReplyWriter.RefuseAsync(http, refusal);
                return;
            }

            var (input, unread) = Today(http, operation, Input(http, operation, document));
            if (unread is not null)
            {
                await ReplyWriter.RefuseAsync(http, unread);
                return;
            }

            var reading = new Reading(_options.Words, operation.IsQuery);
            if (!operation.Request.TryRead(input, reading, out var request) || !reading.IsFine)
            {
                await ReplyWriter.RefuseAsync(http, CommonRefusals.InvalidInput.With(("issues", string.Join("; ", reading.Issues))));
                return;
            }

            await ReplyWriter.WriteAsync(http, operation.Answer, await handle(request, new Call<TCaller>(http, caller!)));
        }
        finally
        {
            RequestReader.Release(document);
        }
    }

    private async ValueTask<Authenticated<TCaller>> CallerAsync(HttpContext http, Operation operation)
    {
        if (operation.Access == Access.Open)
        {
            return default;
        }

        var authenticated = await _options.Authenticate(http, operation.Access);
        if (authenticated.Caller is { } caller && _options.CountedAs(caller) is { } counted && _counts.Take(counted, operation) is { } wait)
        {
            http.Response.Headers.RetryAfter = RequestCounts.Seconds(wait);
            return new Authenticated<TCaller>(null, CommonRefusals.TooMany.With());
        }

        return authenticated;
    }

    // Who uses older names is told so.
    private (JsonElement Input, Refusal? Refusal) Today(HttpContext http, Operation operation, JsonElement input)
    {
        var (today, refusal) = _options.Rewrite(operation, input);
        if (today is not null)
        {
            http.Response.Headers["Deprecation"] = "true";
        }

        return (today ?? input, refusal);
    }

    // What stands in the path is a member like any other.
    private static JsonElement Input(HttpContext http, Operation operation, JsonDocument document)
    {
        if (!operation.Path.Contains('{', StringComparison.Ordinal))
        {
            return document.RootElement;
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.EnumerateObject() : default)
        {
            members[member.Name] = member.Value;
        }

        foreach (var (name, value) in http.Request.RouteValues)
        {
            members[name] = JsonSerializer.SerializeToElement((string?)value, PathJson.Default.String);
        }

        return JsonSerializer.SerializeToElement(members, PathJson.Default.DictionaryStringJsonElement);
    }
}
