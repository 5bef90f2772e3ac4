using System.Text.Json.Nodes;

namespace Masumi.Client;

/// <summary>A purchase or payment as the payment service shows it.</summary>
/// <param name="Row">The whole row.</param>
public sealed record DealInfo(JsonObject Row)
{
    /// <summary>The node's id.</summary>
    public string Id => (string)Row["id"]!;

    /// <summary>The signed identifier, hex.</summary>
    public string BlockchainIdentifier => (string)Row["blockchainIdentifier"]!;

    /// <summary>What the chain says; null before a lock was seen.</summary>
    public string? OnChainState => (string?)Row["onChainState"];

    /// <summary>What the node does or waits for next.</summary>
    public string NextAction => (string)Row[nameof(NextAction)]!["requestedAction"]!;

    /// <summary>What went wrong, if anything.</summary>
    public string? Error => (string?)Row[nameof(NextAction)]!["errorNote"];

    /// <summary>The result's hash on chain.</summary>
    public string? ResultHash => (string?)Row["resultHash"] is { Length: > 0 } hash ? hash : null;

    /// <summary>The newest transaction.</summary>
    public string? TransactionHash => (string?)Row["CurrentTransaction"]?["txHash"];
}

/// <summary>What <c>POST /payment</c> takes.</summary>
public sealed record PaymentOrder(
    string Network,
    string AgentIdentifier,
    string InputHash,
    string IdentifierFromPurchaser,
    DateTimeOffset PayBy,
    DateTimeOffset SubmitResultBy,
    DateTimeOffset? Unlock = null,
    DateTimeOffset? ExternalDisputeUnlock = null,
    int SupportedPaymentSourceIndex = 0,
    string? Metadata = null
);

/// <summary>The payment service (port 3001).</summary>
public sealed class PaymentServiceClient
{
    private readonly ApiConnection _api;

    /// <summary>A client; the base URL is without the API path.</summary>
    public PaymentServiceClient(HttpClient http, Uri baseUrl, string apiKey)
    {
        _api = new ApiConnection(http, new Uri(baseUrl, "/api/v1/"), apiKey, enveloped: true);
    }

    /// <summary>Buys what an agent offered: the node verifies everything and locks the funds. The same offer again gives the purchase that stands.</summary>
    public async Task<DealInfo> PurchaseAsync(string network, JobOffer offer, string inputHash, string identifierFromPurchaser, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var body = new JsonObject
        {
            ["network"] = network,
            ["blockchainIdentifier"] = offer.BlockchainIdentifier,
            ["inputHash"] = inputHash,
            ["sellerVkey"] = offer.SellerVKey,
            ["agentIdentifier"] = offer.AgentIdentifier,
            ["identifierFromPurchaser"] = identifierFromPurchaser,
            ["payByTime"] = Ms(offer.PayBy),
            ["submitResultTime"] = Ms(offer.SubmitResultBy),
            ["unlockTime"] = Ms(offer.Unlock),
            ["externalDisputeUnlockTime"] = Ms(offer.ExternalDisputeUnlock),
        };
        if (offer.SupportedPaymentSourceIndex is { } index)
        {
            body["supportedPaymentSourceIndex"] = index;
        }

        if (offer.SellerReturnAddress is { } sellerReturn)
        {
            body["sellerReturnAddress"] = sellerReturn;
        }

        try
        {
            return new DealInfo((JsonObject)await _api.PostAsync("purchase", body, cancellation).ConfigureAwait(false));
        }
        catch (MasumiApiException e) when (e.Status == 409 && e.Body?["object"] is JsonObject existing)
        {
            return new DealInfo(existing);
        }
    }

    /// <summary>A purchase by its identifier.</summary>
    public Task<DealInfo> ResolvePurchaseAsync(string network, string identifier, CancellationToken cancellation) =>
        DealAsync("purchase/resolve-blockchain-identifier", network, identifier, cancellation);

    /// <summary>Asks for a refund.</summary>
    public Task<DealInfo> RequestRefundAsync(string network, string identifier, CancellationToken cancellation) =>
        DealAsync("purchase/request-refund", network, identifier, cancellation);

    /// <summary>Releases a disputed purchase to the seller, for good.</summary>
    public Task<DealInfo> CancelRefundRequestAsync(string network, string identifier, CancellationToken cancellation) =>
        DealAsync("purchase/cancel-refund-request", network, identifier, cancellation);

    /// <summary>Signs the terms of a job.</summary>
    public async Task<DealInfo> CreatePaymentAsync(PaymentOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        var body = new JsonObject
        {
            ["network"] = order.Network,
            ["agentIdentifier"] = order.AgentIdentifier,
            ["inputHash"] = order.InputHash,
            ["identifierFromPurchaser"] = order.IdentifierFromPurchaser,
            ["payByTime"] = Iso(order.PayBy),
            ["submitResultTime"] = Iso(order.SubmitResultBy),
            ["supportedPaymentSourceIndex"] = order.SupportedPaymentSourceIndex,
        };
        if (order.Unlock is { } unlock)
        {
            body["unlockTime"] = Iso(unlock);
        }

        if (order.ExternalDisputeUnlock is { } dispute)
        {
            body["externalDisputeUnlockTime"] = Iso(dispute);
        }

        if (order.Metadata is { } metadata)
        {
            body["metadata"] = metadata;
        }

        return new DealInfo((JsonObject)await _api.PostAsync("payment", body, cancellation).ConfigureAwait(false));
    }

    /// <summary>A payment by its identifier.</summary>
    public Task<DealInfo> ResolvePaymentAsync(string network, string identifier, CancellationToken cancellation) =>
        DealAsync("payment/resolve-blockchain-identifier", network, identifier, cancellation);

    /// <summary>Puts a result's hash on chain.</summary>
    public async Task<DealInfo> SubmitResultAsync(string network, string identifier, string resultHash, CancellationToken cancellation) =>
        new(
            (JsonObject)
                await _api.PostAsync(
                        "payment/submit-result",
                        new JsonObject
                        {
                            ["network"] = network,
                            ["blockchainIdentifier"] = identifier,
                            ["submitResultHash"] = resultHash,
                        },
                        cancellation
                    )
                    .ConfigureAwait(false)
        );

    /// <summary>Agrees to a refund.</summary>
    public Task<DealInfo> AuthorizeRefundAsync(string network, string identifier, CancellationToken cancellation) =>
        DealAsync("payment/authorize-refund", network, identifier, cancellation);

    /// <summary>Registers an agent; the body is that of <c>POST /registry</c>.</summary>
    public async Task<JsonObject> RegisterAgentAsync(JsonObject registration, CancellationToken cancellation) =>
        (JsonObject)await _api.PostAsync("registry", registration, cancellation).ConfigureAwait(false);

    /// <summary>This node's registrations on V2 sources, newest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListRegistrationsAsync(string network, CancellationToken cancellation)
    {
        var data = await _api.GetAsync($"registry?network={network}&filterPaymentSourceType=Web3CardanoV2&limit=100", cancellation).ConfigureAwait(false);
        return [.. data["Assets"]!.AsArray().Select(a => a!.AsObject())];
    }

    /// <summary>The node's hot wallets of a type (<c>Selling</c>, <c>Purchasing</c>).</summary>
    public async Task<IReadOnlyList<JsonObject>> ListWalletsAsync(string type, CancellationToken cancellation)
    {
        var data = await _api.GetAsync($"wallet/list?walletType={type}&take=100", cancellation).ConfigureAwait(false);
        return [.. data["Wallets"]!.AsArray().Select(a => a!.AsObject())];
    }

    /// <summary>The node's payment sources.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListPaymentSourcesAsync(CancellationToken cancellation)
    {
        var data = await _api.GetAsync("payment-source?take=100", cancellation).ConfigureAwait(false);
        return [.. data["PaymentSources"]!.AsArray().Select(a => a!.AsObject())];
    }

    /// <summary>Any other call of the service: the verb, the path below <c>/api/v1/</c> and the body.</summary>
    public Task<JsonNode> CallAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation) =>
        _api.SendAsync(method, path, body, cancellation);

    private async Task<DealInfo> DealAsync(string path, string network, string identifier, CancellationToken cancellation) =>
        new(
            (JsonObject)
                await _api.PostAsync(path, new JsonObject { ["network"] = network, ["blockchainIdentifier"] = identifier }, cancellation).ConfigureAwait(false)
        );

    private static string Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
}
