using System.Text.Json.Nodes;

namespace Masumi.Client;

/// <summary>The registry service (port 3000).</summary>
public sealed class RegistryServiceClient
{
    private readonly ApiConnection _api;

    /// <summary>A client; the base URL is without the API path.</summary>
    public RegistryServiceClient(HttpClient http, Uri baseUrl, string apiKey)
    {
        _api = new ApiConnection(http, new Uri(baseUrl, "/api/v1/"), apiKey, enveloped: true);
    }

    /// <summary>Agents of a network, newest first. <paramref name="statuses"/> null: those that answer.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAgentsAsync(string network, IReadOnlyList<string>? statuses, CancellationToken cancellation)
    {
        var body = new JsonObject { ["network"] = network, ["limit"] = 50 };
        if (statuses is not null)
        {
            body["filter"] = new JsonObject { ["status"] = new JsonArray([.. statuses.Select(s => (JsonNode)s)]) };
        }

        var data = await _api.PostAsync("registry-entry", body, cancellation).ConfigureAwait(false);
        return [.. data["entries"]!.AsArray().Select(a => a!.AsObject())];
    }

    /// <summary>Endpoint, price and seller of one agent.</summary>
    public async Task<JsonObject> PaymentInformationAsync(string agentIdentifier, CancellationToken cancellation) =>
        (JsonObject)await _api.GetAsync($"payment-information/?agentIdentifier={Uri.EscapeDataString(agentIdentifier)}", cancellation).ConfigureAwait(false);
}
