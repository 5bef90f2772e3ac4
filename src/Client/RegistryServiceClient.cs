using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol;

namespace Masumi.Client;

/// <summary>What a buyer must know of an agent before he starts a job.</summary>
/// <param name="AgentIdentifier">The agent.</param>
/// <param name="Name">For people.</param>
/// <param name="ApiBaseUrl">Where it serves MIP-003.</param>
/// <param name="Status">How the registry sees it.</param>
/// <param name="SellerVkey">The wallet that sells.</param>
/// <param name="FixedPrice">The price of each job; null when it is named per job.</param>
/// <param name="PaymentSourceType">The generation of the contract it is paid through; null when it is not paid, or in a way that is not known here.</param>
/// <param name="Raw">The whole answer.</param>
public sealed record PaymentInformation(
    AgentIdentifier AgentIdentifier,
    string Name,
    Uri ApiBaseUrl,
    Word<AgentStatus>? Status,
    WalletVkey SellerVkey,
    IReadOnlyList<UnitAmount>? FixedPrice,
    PaymentSourceType? PaymentSourceType,
    JsonElement Raw
);

/// <summary>A registry service as its users see it.</summary>
/// <param name="http">Its own timeout must not be shorter than 30 seconds.</param>
/// <param name="baseAddress">
/// Including <c>/api/v1</c>. Over http only on this machine, at private addresses and on <paramref name="clearTextHosts"/>: an
/// <see cref="ArgumentException"/> says so before the key is sent anywhere.
/// </param>
/// <param name="apiKey">Sent in the <c>token</c> header.</param>
/// <param name="clock">Measures timeouts.</param>
/// <param name="clearTextHosts">Names to which the key may go over http, such as those of containers on one network.</param>
public sealed class RegistryServiceClient(HttpClient http, Uri baseAddress, string apiKey, TimeProvider clock, IEnumerable<string>? clearTextHosts = null)
{
    private readonly JsonHttp _http = new(http, baseAddress, apiKey, clock, clearTextHosts);

    /// <summary>Registered agents of a network, as the service orders them.</summary>
    public async Task<IReadOnlyList<JsonElement>> RegistryEntriesAsync(Network network, int limit, CancellationToken cancellation)
    {
        var body = new JsonObject { ["network"] = Word.Text(network), ["limit"] = limit };
        return JsonHttp.Data(await _http.ReadAsync("/registry-entry", body.ToJsonString(), cancellation).ConfigureAwait(false)).Items("entries");
    }

    /// <summary>How to pay an agent; null when the registry does not know it.</summary>
    public async Task<PaymentInformation?> PaymentInformationAsync(AgentIdentifier agentIdentifier, CancellationToken cancellation)
    {
        JsonElement data;
        try
        {
            data = JsonHttp.Data(await _http.GetAsync($"/payment-information?agentIdentifier={agentIdentifier}", cancellation).ConfigureAwait(false));
        }
        catch (MasumiApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (
            !Uri.TryCreate(data.Text("apiBaseUrl"), UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || data.Inner("sellerWallet") is not { } wallet
        )
        {
            throw new MasumiApiException(HttpStatusCode.OK, "The payment information lacks apiBaseUrl or sellerWallet.", data.GetRawText());
        }

        return new(
            data.Text("agentIdentifier") is null ? agentIdentifier : data.Required<AgentIdentifier>("agentIdentifier"),
            data.Text("name") ?? "",
            address,
            Word.Read<AgentStatus>(data.Text("status")),
            wallet.Required<WalletVkey>("vkey"),
            FixedPrice(data),
            Word.TryParse<PaymentSourceType>(data.Text("paymentType"), out var type) ? type : null,
            data
        );
    }

    // A fixed price that cannot be read is none to pay by: without it the agent's own answer would count.
    private static IReadOnlyList<UnitAmount>? FixedPrice(JsonElement data)
    {
        var pricing = data.Inner("AgentPricing");
        return pricing?.Text("pricingType") != Word.Text(PricingType.Fixed)
            ? null
            : pricing?.Inner("FixedPricing")?.Amounts("Amounts")
                ?? throw new MasumiApiException(HttpStatusCode.OK, "The payment information's fixed price cannot be read.", data.GetRawText());
    }
}
