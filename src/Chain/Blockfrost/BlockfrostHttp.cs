using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Masumi.Chain.Blockfrost;

/// <summary>What came back from one call.</summary>
/// <param name="Status">The HTTP status; 0 when no whole answer arrived.</param>
/// <param name="Body">The answer's bytes.</param>
/// <param name="Problem">Why there is no answer, when there is none.</param>
internal readonly record struct HttpAnswer(int Status, byte[] Body, string? Problem)
{
    /// <summary>True when asking again may help: no answer, rate limited, or a failing server.</summary>
    public bool IsTransient => Status is 0 or 408 or 425 or 429 or >= 500;

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

/// <summary>Calls to a Blockfrost-compatible endpoint: rate limit, timeout, bounded answers, and repetition of reads that got no good answer.</summary>
internal sealed class BlockfrostHttp(HttpClient http, BlockfrostOptions options, TimeProvider time, Random random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    // Blockfrost bans a caller (418) that goes on after 402 or 429; calling on during the ban prolongs it.
    private static readonly TimeSpan BanPause = TimeSpan.FromMinutes(5);

    private readonly string _base = options.BaseUrl.ToString().TrimEnd('/');
    private readonly RateLimit _limit = new(options.EffectiveCallsPerSecond, options.Burst, time);
    private readonly Lock _lock = new();
    private DateTimeOffset _bannedUntil = DateTimeOffset.MinValue;

    /// <summary>Reads JSON; null when the API says 404. Throws <see cref="ChainUnavailableException"/>.</summary>
    public async Task<JsonElement?> GetAsync(string path, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await SendAsync(HttpMethod.Get, path, null, cancellation).ConfigureAwait(false);
            if (answer.Status == 200)
            {
                return Parse(path, answer.Body);
            }

            if (answer.IsNotFound())
            {
                return null;
            }

            if (!answer.IsTransient || attempt >= options.MaxAttempts)
            {
                throw new ChainUnavailableException($"{options.BaseUrl.Authority}{path}: {Explain(answer)}");
            }

            await Task.Delay(DelayBefore(attempt), time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Sends bytes once, whatever comes back.</summary>
    public async Task<HttpAnswer> PostCborAsync(string path, ReadOnlyMemory<byte> cbor, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(cbor);
        content.Headers.ContentType = new("application/cbor");
        return await SendAsync(HttpMethod.Post, path, content, cancellation).ConfigureAwait(false);
    }

    /// <summary>The statuses an operator must act on, in words.</summary>
    public static string Explain(HttpAnswer answer) =>
        answer.Status switch
        {
            402 => "the project's daily request limit is used up (402)",
            403 => "the project id is missing, wrong or for another network (403)",
            418 => "this address is banned for a while after ignoring the rate limit (418)",
            404 => "404 without the API's error body: is the base URL right?",
            _ => answer.Describe(),
        };

    private JsonElement Parse(string path, byte[] body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException e)
        {
            throw new ChainUnavailableException($"{options.BaseUrl.Authority}{path} answered nonsense: {e.Message}", e);
        }
    }

    private async Task<HttpAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        if (IsBanned())
        {
            return new HttpAnswer(418, [], null);
        }

        await _limit.WaitAsync(cancellation).ConfigureAwait(false);
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
            if ((int)response.StatusCode == 418)
            {
                lock (_lock)
                {
                    _bannedUntil = time.GetUtcNow() + BanPause;
                }
            }

            return body is null
                ? new HttpAnswer(0, [], $"the answer is longer than {options.MaxAnswerBytes} bytes")
                : new HttpAnswer((int)response.StatusCode, body, null);
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

    private TimeSpan DelayBefore(int attempt)
    {
        var limit = FirstDelay * Math.Pow(2, attempt - 1);
        double part;
        lock (_lock)
        {
            part = random.NextDouble();
        }

        // At least half: an immediate repetition would hardly find the server better.
        return (limit < LongestDelay ? limit : LongestDelay) * (0.5 + (part / 2));
    }

    private bool IsBanned()
    {
        lock (_lock)
        {
            return time.GetUtcNow() < _bannedUntil;
        }
    }
}
