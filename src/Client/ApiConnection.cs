using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Client;

/// <summary>A service said no: status, message and, when there is one, the row it names (409).</summary>
public sealed class MasumiApiException : Exception
{
    /// <summary>No detail.</summary>
    public MasumiApiException() { }

    /// <summary>With the service's words.</summary>
    public MasumiApiException(string message)
        : base(message) { }

    /// <summary>With the transport's failure inside; <see cref="Status"/> is 0 and nothing is known about the outcome.</summary>
    public MasumiApiException(string message, Exception inner)
        : base(message, inner) { }

    internal MasumiApiException(int status, string message, JsonObject? body)
        : base(message)
    {
        Status = status;
        Body = body;
    }

    /// <summary>The HTTP status; 0 when no answer came, so that the outcome is unknown.</summary>
    public int Status { get; }

    /// <summary>The whole answer, when it was JSON.</summary>
    public JsonObject? Body { get; }
}

/// <summary>One HTTP service: base address, key, time-out, size limit, envelope.</summary>
internal sealed class ApiConnection(HttpClient http, Uri baseUrl, string? key, bool enveloped)
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    public Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, body, cancellation);

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(baseUrl, path));
        if (key is not null)
        {
            request.Headers.Add("token", key);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (response.Content.Headers.ContentLength > MaxAnswerBytes)
            {
                throw new MasumiApiException((int)response.StatusCode, "The answer is too large.", null);
            }

            return Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new MasumiApiException($"{method} {path}: no answer ({e.Message})", e);
        }
    }

    private JsonNode Read(int status, byte[] bytes)
    {
        JsonObject? body;
        try
        {
            body = JsonNode.Parse(bytes) as JsonObject;
        }
        catch (JsonException)
        {
            body = null;
        }

        if (status is >= 200 and < 300 && body is not null)
        {
            return enveloped ? body["data"] ?? throw new MasumiApiException(status, "The answer has no data.", body) : body;
        }

        var message = (body?["error"] as JsonObject)?["message"] ?? body?["error"] ?? body?["message"] ?? body?["detail"];
        throw new MasumiApiException(status, message is JsonValue text ? text.ToString() : $"The service answered {status}.", body);
    }
}
