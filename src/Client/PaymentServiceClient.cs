using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol;

namespace Masumi.Client;

/// <summary>
/// A payment service as its users see it. Refusals are <see cref="MasumiApiException"/>; after a <see cref="TimeoutException"/> or
/// <see cref="HttpRequestException"/> of a write the outcome is unknown: resolve the identifier, then decide.
/// </summary>
public sealed class PaymentServiceClient
{
    // The most rows that a service lists at once.
    private const int Page = 100;

    private readonly ServiceClock _time;
    private readonly JsonHttp _http;

    /// <summary>A client; nothing is asked yet.</summary>
    /// <param name="http">Its own timeout must not be shorter than 30 seconds.</param>
    /// <param name="baseAddress">
    /// Including <c>/api/v1</c>. Over http only on this machine, at private addresses and on <paramref name="clearTextHosts"/>: an
    /// <see cref="ArgumentException"/> says so before the key is sent anywhere.
    /// </param>
    /// <param name="apiKey">Sent in the <c>token</c> header.</param>
    /// <param name="network">The network all calls are for.</param>
    /// <param name="clock">Measures timeouts, and what has passed since the service told its time.</param>
    /// <param name="clearTextHosts">Names to which the key may go over http, such as those of containers on one network.</param>
    public PaymentServiceClient(
        HttpClient http,
        Uri baseAddress,
        string apiKey,
        Network network,
        TimeProvider clock,
        IEnumerable<string>? clearTextHosts = null
    )
    {
        _time = new ServiceClock(clock);
        _http = new JsonHttp(http, baseAddress, apiKey, clock, clearTextHosts, _time.Observe);
        Network = network;
    }

    /// <summary>The network all calls are for.</summary>
    public Network Network { get; }

    /// <summary>
    /// The time by which the service judges deadlines, as any of its answers last told (header <c>X-Masumi-Chain-Time</c>), plus what has passed here since.
    /// The local clock's as long as nothing was told, as by services that do not tell. It can go back. Delays and timers are those of the local clock.
    /// </summary>
    public TimeProvider ServiceTime => _time;

    /// <summary>
    /// The time by which the service judges deadlines, asked now (<c>GET /health</c>); what <see cref="ServiceTime"/> has where the service answers without it.
    /// </summary>
    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation)
    {
        try
        {
            // A header can get lost on the way, the body does not.
            var answer = await _http.GetAsync("/health", cancellation).ConfigureAwait(false);
            _time.Observe(JsonHttp.Data(answer).Text("chainTime"), _time.GetTimestamp());
        }
        catch (MasumiApiException)
        {
            // An answer, and nothing about time in it.
        }

        return _time.GetUtcNow();
    }

    /// <summary>What the service says of the key: the simplest check of address and key.</summary>
    public async Task<ApiKeyStatus> GetApiKeyStatusAsync(CancellationToken cancellation) =>
        ApiKeyStatus.Read(JsonHttp.Data(await _http.GetAsync("/api-key-status", cancellation).ConfigureAwait(false)));

    /// <summary>Locks money for a job. The identifier is the idempotency key: repeating the identical request is safe, 409 says it exists.</summary>
    public async Task<DealRow> CreatePurchaseAsync(PurchaseRequest request, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["network"] = Word.Text(Network),
            ["blockchainIdentifier"] = request.BlockchainIdentifier.ToString(),
            ["agentIdentifier"] = request.AgentIdentifier.ToString(),
            ["sellerVkey"] = request.SellerVkey.ToString(),
            ["identifierFromPurchaser"] = request.IdentifierFromPurchaser.ToString(),
            ["inputHash"] = request.InputHash.ToString(),
            ["payByTime"] = WireTime.Text(request.Deadlines.PayBy),
            ["submitResultTime"] = WireTime.Text(request.Deadlines.SubmitResult),
            ["unlockTime"] = WireTime.Text(request.Deadlines.Unlock),
            ["externalDisputeUnlockTime"] = WireTime.Text(request.Deadlines.ExternalDisputeUnlock),
        };
        Add(body, "paymentSourceType", request.PaymentSourceType is { } type ? Word.Text(type) : null);
        Add(body, "supportedPaymentSourceIndex", request.SupportedPaymentSourceIndex);
        Add(body, "sellerReturnAddress", request.SellerReturnAddress);
        Add(body, "Amounts", Amounts(request.Amounts));
        Add(body, "metadata", request.Metadata);
        return await WriteAsync("/purchase", body, cancellation).ConfigureAwait(false);
    }

    /// <summary>The purchase with this identifier, or null.</summary>
    public Task<DealRow?> ResolvePurchaseAsync(BlockchainIdentifier blockchainIdentifier, CancellationToken cancellation) =>
        ResolveAsync("/purchase/resolve-blockchain-identifier", blockchainIdentifier, cancellation);

    /// <summary>Asks for the money back.</summary>
    public Task<DealRow> RequestRefundAsync(BlockchainIdentifier blockchainIdentifier, CancellationToken cancellation) =>
        WriteAsync("/purchase/request-refund", Deal(blockchainIdentifier), cancellation);

    /// <summary>Gives up a refund claim; on V2 this lets the seller withdraw, that is, it pays him.</summary>
    public Task<DealRow> CancelRefundRequestAsync(BlockchainIdentifier blockchainIdentifier, CancellationToken cancellation) =>
        WriteAsync("/purchase/cancel-refund-request", Deal(blockchainIdentifier), cancellation);

    /// <summary>Makes the signed offer for a job.</summary>
    public async Task<DealRow> CreatePaymentAsync(PaymentRequest request, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["network"] = Word.Text(Network),
            ["agentIdentifier"] = request.AgentIdentifier.ToString(),
            ["inputHash"] = request.InputHash.ToString(),
            ["identifierFromPurchaser"] = request.IdentifierFromPurchaser.ToString(),
            ["payByTime"] = Iso(request.PayBy),
            ["submitResultTime"] = Iso(request.SubmitResult),
        };
        Add(body, "unlockTime", request.Unlock is { } unlock ? Iso(unlock) : null);
        Add(body, "externalDisputeUnlockTime", request.ExternalDisputeUnlock is { } dispute ? Iso(dispute) : null);
        Add(body, "supportedPaymentSourceIndex", request.SupportedPaymentSourceIndex);
        Add(body, "RequestedFunds", Amounts(request.RequestedFunds));
        Add(body, "metadata", request.Metadata);
        return await WriteAsync("/payment", body, cancellation).ConfigureAwait(false);
    }

    /// <summary>The payment with this identifier, or null.</summary>
    public Task<DealRow?> ResolvePaymentAsync(BlockchainIdentifier blockchainIdentifier, CancellationToken cancellation) =>
        ResolveAsync("/payment/resolve-blockchain-identifier", blockchainIdentifier, cancellation);

    /// <summary>Queues the result's hash for the chain. 404 means: not yet, or no longer, possible.</summary>
    public Task<DealRow> SubmitResultAsync(BlockchainIdentifier blockchainIdentifier, ResultHash resultHash, CancellationToken cancellation)
    {
        var body = Deal(blockchainIdentifier);
        body["submitResultHash"] = resultHash.ToString();
        return WriteAsync("/payment/submit-result", body, cancellation);
    }

    /// <summary>Consents to a refund.</summary>
    public Task<DealRow> AuthorizeRefundAsync(BlockchainIdentifier blockchainIdentifier, CancellationToken cancellation) =>
        WriteAsync("/payment/authorize-refund", Deal(blockchainIdentifier), cancellation);

    /// <summary>Registers an agent.</summary>
    /// <param name="registration">The body of <c>POST /registry</c>; <c>network</c> is added.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The registration's row.</returns>
    public async Task<JsonElement> RegisterAgentAsync(JsonObject registration, CancellationToken cancellation)
    {
        var body = (JsonObject)registration.DeepClone();
        body["network"] = Word.Text(Network);
        return JsonHttp.Data(await _http.PostAsync("/registry", body.ToJsonString(), cancellation).ConfigureAwait(false));
    }

    /// <summary>All registrations of this service, of both generations, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListRegistrationsAsync(CancellationToken cancellation)
    {
        // The service lists one generation at a time. Older ones do not know the filter and list the same twice.
        var rows = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var type in Word.All<PaymentSourceType>())
        {
            var path = $"/registry?network={Word.Text(Network)}&filterPaymentSourceType={type}&limit={Page}";
            var next = path;
            while (next is not null)
            {
                var page = await ListAsync(next, "Assets", cancellation).ConfigureAwait(false);
                var known = rows.Count;
                foreach (var row in page)
                {
                    rows.TryAdd(row.Text("id") ?? "", row);
                }

                // The cursor's row comes again; a page without anything new is the end, whatever its size.
                var goesOn = page.Count >= Page && rows.Count > known;
                next = goesOn ? $"{path}&cursorId={Uri.EscapeDataString(page[^1].Text("id") ?? "")}" : null;
            }
        }

        return [.. rows.Values.OrderByDescending(row => row.Time("createdAt"))];
    }

    /// <summary>The wallets this key may see.</summary>
    public Task<IReadOnlyList<JsonElement>> ListWalletsAsync(CancellationToken cancellation) => ListAsync("/wallet/list", "Wallets", cancellation);

    /// <summary>The payment sources of this service.</summary>
    public Task<IReadOnlyList<JsonElement>> ListPaymentSourcesAsync(CancellationToken cancellation) =>
        ListAsync($"/payment-source?take={Page}", "PaymentSources", cancellation);

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string path, string name, CancellationToken cancellation) =>
        JsonHttp.Data(await _http.GetAsync(path, cancellation).ConfigureAwait(false)).Items(name);

    private async Task<DealRow> WriteAsync(string path, JsonObject body, CancellationToken cancellation) =>
        DealRow.Read(JsonHttp.Data(await _http.PostAsync(path, body.ToJsonString(), cancellation).ConfigureAwait(false)));

    private async Task<DealRow?> ResolveAsync(string path, BlockchainIdentifier identifier, CancellationToken cancellation)
    {
        try
        {
            return DealRow.Read(JsonHttp.Data(await _http.ReadAsync(path, Deal(identifier).ToJsonString(), cancellation).ConfigureAwait(false)));
        }
        catch (MasumiApiException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private JsonObject Deal(BlockchainIdentifier identifier) => new() { ["network"] = Word.Text(Network), ["blockchainIdentifier"] = identifier.ToString() };

    private static void Add(JsonObject body, string name, JsonNode? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }

    private static JsonArray? Amounts(IReadOnlyList<UnitAmount>? amounts) =>
        amounts is null ? null : new([.. amounts.Select(a => (JsonNode)new JsonObject { ["amount"] = a.AmountText, ["unit"] = a.Unit.ToString() })]);

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
