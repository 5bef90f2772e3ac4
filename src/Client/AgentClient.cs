using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Client;

/// <summary>What an agent answers to <c>POST /start_job</c>: a job, and the signed terms to pay for it.</summary>
public sealed record JobOffer(
    string JobId,
    string BlockchainIdentifier,
    string AgentIdentifier,
    string SellerVKey,
    string IdentifierFromPurchaser,
    string InputHash,
    DateTimeOffset PayBy,
    DateTimeOffset SubmitResultBy,
    DateTimeOffset Unlock,
    DateTimeOffset ExternalDisputeUnlock,
    int? SupportedPaymentSourceIndex,
    string? SellerReturnAddress
);

/// <summary>What an agent answers to <c>GET /status</c>.</summary>
public sealed record JobStatus(string Status, string? Result, string? OutputHash);

/// <summary>An agent's own API (MIP-003).</summary>
public sealed class AgentClient
{
    private readonly ApiConnection _api;

    /// <summary>A client of the agent at this base URL.</summary>
    public AgentClient(HttpClient http, Uri baseUrl)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        _api = new ApiConnection(http, new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/"), null, enveloped: false);
    }

    /// <summary>Starts a job. What comes back is an offer, to be checked before it is paid.</summary>
    public async Task<JobOffer> StartJobAsync(string identifierFromPurchaser, JsonObject input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var body = new JsonObject { ["identifier_from_purchaser"] = identifierFromPurchaser, ["input_data"] = input.DeepClone() };
        var answer = (JsonObject)await _api.PostAsync("start_job", body, cancellation).ConfigureAwait(false);
        return new JobOffer(
            Text(answer, "id", "job_id"),
            Text(answer, "blockchainIdentifier"),
            Text(answer, "agentIdentifier"),
            Text(answer, "sellerVKey", "sellerVkey"),
            Text(answer, "identifierFromPurchaser"),
            Text(answer, "input_hash", "inputHash"),
            Time(answer, "payByTime"),
            Time(answer, "submitResultTime"),
            Time(answer, "unlockTime"),
            Time(answer, "externalDisputeUnlockTime"),
            (int?)answer["supportedPaymentSourceIndex"],
            (string?)answer["sellerReturnAddress"]
        );
    }

    /// <summary>How a job stands.</summary>
    public async Task<JobStatus> StatusAsync(string jobId, CancellationToken cancellation)
    {
        var answer = await _api.GetAsync($"status?job_id={Uri.EscapeDataString(jobId)}", cancellation).ConfigureAwait(false);
        return new JobStatus((string?)answer["status"] ?? "", (string?)answer["result"], (string?)answer["output_hash"]);
    }

    private static string Text(JsonObject answer, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (answer[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0)
            {
                return text;
            }
        }

        throw new MasumiApiException($"The agent's answer has no {names[0]}.");
    }

    // Milliseconds as a number or in text; agents of older kits write seconds.
    private static DateTimeOffset Time(JsonObject answer, string name)
    {
        if (answer[name] is JsonValue value && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(number) : DateTimeOffset.FromUnixTimeMilliseconds(number);
        }

        throw new MasumiApiException($"The agent's answer has no {name}.");
    }
}
