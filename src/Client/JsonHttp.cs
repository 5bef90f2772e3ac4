using System.Net;
using System.Text;
using System.Text.Json;

namespace Masumi.Client;

/// <summary>JSON requests against one base address: bounded in time and size, repeated only where a repetition cannot do harm.</summary>
/// <param name="http">Sends.</param>
/// <param name="baseAddress">What paths are appended to.</param>
/// <param name="token">The key, or null for none.</param>
/// <param name="clock">Measures timeouts.</param>
/// <param name="clearTextHosts">Names to which the key may go over http.</param>
/// <param name="answered">Told of every answer, refusals included, as soon as its headers are here.</param>
internal sealed class JsonHttp(
    HttpClient http,
    Uri baseAddress,
    string? token,
    TimeProvider clock,
    IEnumerable<string>? clearTextHosts = null,
    Action<HttpResponseMessage>? answered = null
)
{
    // The size the marketplace accepts (agentic-service-api 1).
    private const int MaxAnswer = 2 * 1024 * 1024;
    private const int Attempts = 3;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly string _base = Usable(baseAddress, token, clearTextHosts).AbsoluteUri.TrimEnd('/');

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => RepeatedAsync(HttpMethod.Get, path, null, cancellation);

    /// <summary>A POST that only reads.</summary>
    public Task<JsonElement> ReadAsync(string path, string body, CancellationToken cancellation) => RepeatedAsync(HttpMethod.Post, path, body, cancellation);

    public Task<JsonElement> PostAsync(string path, string body, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, body, cancellation);

    /// <summary>The <c>data</c> of the payment and registry services' envelope.</summary>
    public static JsonElement Data(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("data", out var data)
            ? data
            : throw new MasumiApiException(HttpStatusCode.OK, "The answer has no data.", answer.GetRawText());

    private static Uri Usable(Uri baseAddress, string? token, IEnumerable<string>? clearTextHosts) =>
        token is not null && KeyTransport.Refusal(baseAddress, clearTextHosts) is { } refusal
            ? throw new ArgumentException($"The service's address cannot be used: {refusal}.", nameof(baseAddress))
            : baseAddress;

    private async Task<JsonElement> RepeatedAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendAsync(method, path, body, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (attempt < Attempts && IsTransient(e, cancellation))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True for failures that say nothing about whether the request was carried out or may be later.</summary>
    internal static bool IsTransient(Exception e, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && e is HttpRequestException or TimeoutException or MasumiApiException { IsTransient: true };

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var request = new HttpRequestMessage(method, _base + path);
        if (token is not null)
        {
            request.Headers.Add("token", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            answered?.Invoke(response);
            var text = await TextAsync(response, linked.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? Parse(response.StatusCode, text)
                : throw new MasumiApiException(response.StatusCode, Message(response.StatusCode, text), Short(text));
        }
        catch (IOException e)
        {
            throw new HttpRequestException("The connection broke.", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer from {_base} within {Timeout.TotalSeconds} s.", e);
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream();
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MaxAnswer)
                {
                    throw new MasumiApiException(response.StatusCode, $"The answer is longer than {MaxAnswer} bytes.", "");
                }
            }

            return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
    }

    private static JsonElement Parse(HttpStatusCode status, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new MasumiApiException(status, "The answer is not JSON.", Short(text));
        }
    }

    // Payment service: error.message; agents: message, error or detail as text.
    private static string Message(HttpStatusCode status, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.Inner("error")?.Text("message") ?? root.Text("message") ?? root.Text("error") ?? root.Text("detail") ?? $"HTTP {(int)status}";
        }
        catch (JsonException)
        {
            return $"HTTP {(int)status}";
        }
    }

    private static string Short(string text) => text.Length <= 4096 ? text : text[..4096];
}
