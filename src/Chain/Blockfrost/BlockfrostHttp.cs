using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Masumi.Chain.Blockfrost;

/// <summary>What came back from one call.</summary>
/// <param name="Status">The HTTP status; 0 when no whole answer arrived.</param>
/// <param name="Body">The answer's bytes.</param>
/// <param name="Problem">Why there is no answer, when there is none.</param>
/// <param name="RetryAfter">How long to wait before the next call, when the server says so.</param>
internal readonly record struct HttpAnswer(int Status, byte[] Body, string? Problem, TimeSpan? RetryAfter = null)
{
    // Blockfrost bans a caller (418) that goes on after 402 or 429; calling on during the ban prolongs it.
    private static readonly TimeSpan BanPause = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with the server, as far as the status says; null for a good answer or a refusal of what was asked (425: its mempool is full).</summary>
    public ProviderTrouble? Trouble =>
        Status switch
        {
            0 or 408 => ProviderTrouble.NoAnswer,
            402 or 403 => ProviderTrouble.Refused,
            418 or 429 => ProviderTrouble.Limited,
            >= 500 => ProviderTrouble.Failing,
            _ => null,
        };

    /// <summary>How long to leave the server alone; null when nothing says so.</summary>
    public TimeSpan? Pause => Status is 418 && (RetryAfter is null || RetryAfter < BanPause) ? BanPause : RetryAfter;

    /// <summary>One line: the status and the server's own message, shortened.</summary>
    public string Describe()
    {
        if (Problem is not null)
        {
            return Problem;
        }

        var text = Message() ?? Encoding.UTF8.GetString(Body);
        return string.Create(CultureInfo.InvariantCulture, $"{Status} {(text.Length > 2_000 ? text[..2_000] + "..." : text)}").TrimEnd();
    }

    /// <summary>The statuses an operator must act on, in words.</summary>
    public string Explain() =>
        Status switch
        {
            402 => "the project's daily request limit is used up (402)",
            403 => "the project id is missing, wrong or for another network (403)",
            418 => "this address is banned for a while after ignoring the rate limit (418)",
            404 => "404 without the API's error body: is the base URL right?",
            _ => Describe(),
        };

    /// <summary>The <c>message</c> of an error body, or null.</summary>
    public string? Message() =>
        TryJson() is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("message", out var message)
            ? message.ValueKind == JsonValueKind.String
                ? message.GetString()
                : message.GetRawText()
            : null;

    /// <summary>True for a 404 in the API's own words, as opposed to some proxy's.</summary>
    public bool IsNotFound() =>
        Status == 404
        && TryJson() is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("status_code", out var code)
        && code.ValueKind == JsonValueKind.Number;

    private JsonElement? TryJson()
    {
        try
        {
            return Body is { Length: > 0 } ? JsonElement.Parse(Body) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Single calls to a Blockfrost-compatible endpoint, each with a timeout and a bounded answer. Asking again is for those above.</summary>
internal sealed class BlockfrostHttp(HttpClient http, BlockfrostOptions options, TimeProvider time)
{
    private readonly string _base = options.BaseUrl.ToString().TrimEnd('/');

    /// <summary>Reads JSON; null when the API says 404. Throws <see cref="ChainUnavailableException"/>.</summary>
    public async Task<JsonElement?> GetAsync(string path, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, path, null, cancellation).ConfigureAwait(false);
        if (answer.Status == 200)
        {
            return Parse(path, answer.Body);
        }

        return answer.IsNotFound()
            ? null
            : throw new ChainUnavailableException($"{options.BaseUrl.Authority}{path}: {answer.Explain()}")
            {
                Trouble = answer.Trouble ?? ProviderTrouble.Nonsense,
                RetryAfter = answer.Pause,
            };
    }

    /// <summary>Sends bytes once, whatever comes back.</summary>
    public async Task<HttpAnswer> PostCborAsync(string path, ReadOnlyMemory<byte> cbor, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(cbor);
        content.Headers.ContentType = new("application/cbor");
        return await SendAsync(HttpMethod.Post, path, content, cancellation).ConfigureAwait(false);
    }

    private JsonElement Parse(string path, byte[] body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException e)
        {
            throw new ChainUnavailableException($"{options.BaseUrl.Authority}{path} answered nonsense: {e.Message}", e) { Trouble = ProviderTrouble.Nonsense };
        }
    }

    private async Task<HttpAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var request = new HttpRequestMessage(method, new Uri(_base + path)) { Content = content };
        if (options.ProjectId is not null)
        {
            request.Headers.Add("project_id", options.ProjectId);
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var body = await ReadAsync(response, either.Token).ConfigureAwait(false);
            return body is null
                ? new HttpAnswer(0, [], $"the answer is longer than {options.MaxAnswerBytes} bytes")
                : new HttpAnswer((int)response.StatusCode, body, null, Wait(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new HttpAnswer(0, [], $"no answer within {options.CallTimeout.TotalSeconds:0.###} s");
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // The HTTP client's own timeout or pool.
            return new HttpAnswer(0, [], $"no answer: {e.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new HttpAnswer(0, [], $"no answer: {e.Message}");
        }
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? header) =>
        header switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
            _ => null,
        };

    private async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (body.Length + count > options.MaxAnswerBytes)
            {
                return null;
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }
}
