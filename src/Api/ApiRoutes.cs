using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Masumi.Api;

/// <summary>One request on its way through a service.</summary>
/// <typeparam name="TCaller">What authentication yields.</typeparam>
/// <param name="Http">The request.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Input">The body, or the query string for GET.</param>
public sealed record ApiRequest<TCaller>(HttpContext Http, TCaller Caller, RequestInput Input)
{
    /// <summary>Ends when the caller goes away.</summary>
    public CancellationToken Cancellation => Http.RequestAborted;
}

/// <summary>An endpoint: what it is for, who may call it, what it does.</summary>
/// <typeparam name="TCaller">What authentication yields.</typeparam>
/// <param name="Verb">HTTP verb.</param>
/// <param name="Path">Below the base path, without trailing slash.</param>
/// <param name="Permission">What <see cref="ApiOptions{TCaller}.Authenticate"/> checks; null for open endpoints.</param>
/// <param name="Summary">One sentence for the documentation.</param>
/// <param name="Handle">The handler.</param>
public sealed record ApiEndpoint<TCaller>(string Verb, string Path, string? Permission, string Summary, Func<ApiRequest<TCaller>, Task<ApiResult>> Handle)
    where TCaller : class;

/// <summary>What the two services do differently.</summary>
/// <typeparam name="TCaller">What authentication yields.</typeparam>
public sealed record ApiOptions<TCaller>
    where TCaller : class
{
    /// <summary>For example <c>/api/v1</c>.</summary>
    public required string BasePath { get; init; }

    /// <summary>Who calls, or the refusal. Runs before the input is looked at.</summary>
    public required Func<HttpContext, string, Task<(TCaller? Caller, ApiResult? Refusal)>> Authenticate { get; init; }

    /// <summary>How issues are worded.</summary>
    public IssueStyle Style { get; init; }

    /// <summary>True: a wrong verb on a known path is 405 with <c>Allow</c>; false: 404.</summary>
    public bool AnswersMethodNotAllowed { get; init; } = true;

    /// <summary>Largest body in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 100 * 1024;

    /// <summary>What to answer when a handler failed in a way that the service has words for; null: an internal error.</summary>
    public Func<Exception, ApiResult?> Explain { get; init; } = _ => null;

    /// <summary>Headers on every answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers on every answer whose value is asked for when the answer is ready, refusals and failures included.</summary>
    public IReadOnlyDictionary<string, Func<string>> LiveHeaders { get; init; } = new Dictionary<string, Func<string>>();
}

/// <summary>
/// The order of processing both services keep (spec payment-service-api.md 1.3): routing, authentication, input, handler; envelope around the
/// answer. Paths are matched without regard to case or a trailing slash.
/// </summary>
public static class ApiRoutes
{
    private const string TooLarge = "request entity too large";

    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Serves the endpoints below the base path.</summary>
    public static void UseApi<TCaller>(this IApplicationBuilder app, ApiOptions<TCaller> options, IEnumerable<ApiEndpoint<TCaller>> endpoints, ILogger logger)
        where TCaller : class
    {
        var routes = endpoints
            .GroupBy(e => (options.BasePath + e.Path).ToLowerInvariant())
            .ToDictionary(g => g.Key, g => g.ToDictionary(e => e.Verb, StringComparer.Ordinal), StringComparer.Ordinal);

        app.Use(
            async (http, next) =>
            {
                var path = (http.Request.Path.Value ?? "/").ToLowerInvariant();
                path = path.Length > 1 ? path.TrimEnd('/') : path;
                if (!path.StartsWith(options.BasePath, StringComparison.Ordinal))
                {
                    await next(http);
                    return;
                }

                foreach (var (name, value) in options.Headers)
                {
                    http.Response.Headers[name] = value;
                }

                ApiResult result;
                try
                {
                    result = await AnswerAsync(http, path, routes, options);
                }
                catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
                {
                    return;
                }
                catch (BadHttpRequestException e)
                {
                    // The server's own limits: size, speed, framing.
                    result = ApiResult.Refuse(e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge : "The request could not be read");
                }
                catch (Exception e) when (options.Explain(e) is { } explained)
                {
                    logger.LogWarning("{Verb} {Path}: {Message}", http.Request.Method, path, e.Message);
                    result = explained;
                }
                catch (Exception e)
                {
                    logger.LogError(e, "{Verb} {Path} failed", http.Request.Method, path);
                    result = ApiResult.Refuse(500, "Internal Server Error");
                }

                foreach (var (name, value) in options.LiveHeaders)
                {
                    http.Response.Headers[name] = value();
                }

                await WriteAsync(http, result);
            }
        );
    }

    private static async Task<ApiResult> AnswerAsync<TCaller>(
        HttpContext http,
        string path,
        Dictionary<string, Dictionary<string, ApiEndpoint<TCaller>>> routes,
        ApiOptions<TCaller> options
    )
        where TCaller : class
    {
        var verb = http.Request.Method;
        if (!routes.TryGetValue(path, out var verbs))
        {
            return ApiResult.NotFound($"Can not {verb} {http.Request.Path}");
        }

        if (HttpMethods.IsOptions(verb))
        {
            return new ApiResult(200, null, null);
        }

        if (!verbs.TryGetValue(HttpMethods.IsHead(verb) ? HttpMethods.Get : verb, out var endpoint))
        {
            if (!options.AnswersMethodNotAllowed)
            {
                return ApiResult.NotFound($"Can not {verb} {http.Request.Path}");
            }

            http.Response.Headers.Allow = string.Join(", ", verbs.Keys.Order(StringComparer.Ordinal));
            return ApiResult.Refuse(405, $"{verb} is not allowed");
        }

        // A body that is no JSON is refused before anything else, as the services' body parser does.
        var (body, malformed) = await ReadInputAsync(http, options.MaxBodyBytes);
        if (malformed is not null)
        {
            return malformed;
        }

        TCaller? caller = null;
        if (endpoint.Permission is { } permission)
        {
            (caller, var refusal) = await options.Authenticate(http, permission);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        if (body is not JsonObject input)
        {
            return ApiResult.BadRequest(
                options.Style == IssueStyle.Dots ? "Invalid input: expected object, received array" : "Expected object, received array"
            );
        }

        return await endpoint.Handle(new ApiRequest<TCaller>(http, caller!, new RequestInput(input, options.Style)));
    }

    private static async Task<(JsonNode? Body, ApiResult? Malformed)> ReadInputAsync(HttpContext http, int maxBytes)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            var query = new JsonObject();
            foreach (var (name, values) in http.Request.Query)
            {
                query[name] = values.Count == 1 ? values[0] : new JsonArray([.. values.Select(v => (JsonNode?)v)]);
            }

            return (query, null);
        }

        var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0)
        {
            if (buffer.Length + read > maxBytes)
            {
                return (null, ApiResult.Refuse(413, TooLarge));
            }

            buffer.Write(chunk, 0, read);
        }

        if (buffer.Length == 0)
        {
            return (new JsonObject(), null);
        }

        if (!IsJson(http.Request.ContentType))
        {
            return (null, ApiResult.Refuse(415, "The body must be JSON (Content-Type: application/json)"));
        }

        try
        {
            var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
            var node = JsonNode.Parse(bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes, documentOptions: Limits);
            if (node is not (JsonObject or JsonArray))
            {
                return (null, ApiResult.BadRequest("Malformed JSON: an object is needed"));
            }

            // Looking at every text now finds those that are none here instead of in a handler.
            Touch(node);
            return (node, null);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return (
                null,
                ApiResult.BadRequest(
                    "Malformed JSON"
                        + (e is JsonException { LineNumber: { } line, BytePositionInLine: { } place } ? $" at line {line + 1}, byte {place + 1}" : "")
                )
            );
        }
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    // A missing type is taken for JSON, as nothing else is served.
    private static bool IsJson(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || (
            MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (
                type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            )
            && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        );

    private static void Touch(JsonNode? node)
    {
        if (node is JsonObject o)
        {
            foreach (var (_, value) in o)
            {
                Touch(value);
            }
        }
        else if (node is JsonArray a)
        {
            foreach (var item in a)
            {
                Touch(item);
            }
        }
        else if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            // Escaped lone surrogates are no text.
            _ = value.GetValue<string>();
        }
    }

    private static async Task WriteAsync(HttpContext http, ApiResult result)
    {
        http.Response.StatusCode = result.Status;
        if (result is { Data: null, Message: null })
        {
            return;
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(result.Envelope(), Json);
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        }
    }
}
