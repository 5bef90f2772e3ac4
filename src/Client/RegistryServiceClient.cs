using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Client;

/// <summary>What a buyer must know of an agent before he starts a job.</summary>
public sealed record PaymentInformation(
    string AgentIdentifier,
    string Name,
    Uri ApiBaseUrl,
    string? Status,
    string SellerVkey,
    IReadOnlyList<TokenAmount>? FixedPrice,
    JsonElement Raw
);

/// <summary>A registry service as its users see it.</summary>
/// <param name="http">Its own timeout must not be shorter than 30 seconds.</param>
/// <param name="baseAddress">Including <c>/api/v1</c>.</param>
/// <param name="apiKey">Sent in the <c>token</c> header.</param>
/// <param name="clock">Measures timeouts.</param>
public sealed class RegistryServiceClient(HttpClient http, Uri baseAddress, string apiKey, TimeProvider clock)
{
    private readonly JsonHttp _http = new(http, baseAddress, apiKey, clock);

    /// <summary>Registered agents of a network, as the service orders them.</summary>
    public async Task<IReadOnlyList<JsonElement>> RegistryEntriesAsync(string network, int limit, CancellationToken cancellation)
    {
        var body = new JsonObject { ["network"] = network, ["limit"] = limit };
        return JsonHttp.Data(await _http.ReadAsync("/registry-entry", body.ToJsonString(), cancellation).ConfigureAwait(false)).Items("entries");
    }

    /// <summary>How to pay an agent; null when the registry does not know it.</summary>
    public async Task<PaymentInformation?> PaymentInformationAsync(string agentIdentifier, CancellationToken cancellation)
    {
        JsonElement data;
        try
        {
            data = JsonHttp.Data(
                await _http.GetAsync($"/payment-information?agentIdentifier={Uri.EscapeDataString(agentIdentifier)}", cancellation).ConfigureAwait(false)
            );
        }
        catch (MasumiApiException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }

        if (
            !Uri.TryCreate(data.Text("apiBaseUrl"), UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || data.Inner("sellerWallet")?.Text("vkey") is not { } vkey
        )
        {
            throw new MasumiApiException(System.Net.HttpStatusCode.OK, "The payment information lacks apiBaseUrl or sellerWallet.vkey.", data.GetRawText());
        }

        var pricing = data.Inner("AgentPricing");
        var price = pricing?.Text("pricingType") == "Fixed" ? pricing?.Inner("FixedPricing")?.Amounts("Amounts") : null;
        return new(data.Text("agentIdentifier") ?? agentIdentifier, data.Text("name") ?? "", address, data.Text("status"), vkey, price, data);
    }
}
