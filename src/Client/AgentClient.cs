using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Client;

/// <summary>The answer of <c>/start_job</c>: the seller's signed offer for one job.</summary>
public sealed record StartedJob(
    string JobId,
    string BlockchainIdentifier,
    DealTimes Times,
    string AgentIdentifier,
    string SellerVkey,
    string IdentifierFromPurchaser,
    string InputHash,
    string? PaymentSourceType,
    int? SupportedPaymentSourceIndex,
    string? SellerReturnAddress,
    IReadOnlyList<TokenAmount> Amounts
);

/// <summary>The answer of <c>/status</c>.</summary>
public sealed record JobStatus(string Status, string? Result, string? Message);

/// <summary>A paid agent as MIP-003 lets anyone see it.</summary>
/// <param name="http">Its own timeout must not be shorter than 30 seconds.</param>
/// <param name="baseAddress">The agent's <c>apiBaseUrl</c>.</param>
/// <param name="clock">Measures timeouts.</param>
public sealed class AgentClient(HttpClient http, Uri baseAddress, TimeProvider clock)
{
    private readonly JsonHttp _http = new(http, baseAddress, null, clock);

    /// <summary>Starts a job. Not repeated on failure: two identical requests are two jobs.</summary>
    public async Task<StartedJob> StartJobAsync(string identifierFromPurchaser, JsonElement input, CancellationToken cancellation)
    {
        var body = new JsonObject { ["identifier_from_purchaser"] = identifierFromPurchaser, ["input_data"] = JsonNode.Parse(input.GetRawText()) };
        var answer = await _http.PostAsync("/start_job", body.ToJsonString(), cancellation).ConfigureAwait(false);
        return
            (answer.Text("id") ?? answer.Text("job_id")) is { Length: > 0 } id
            && answer.Text("blockchainIdentifier") is { } identifier
            && DealTimes.Read(answer) is { } times
            && answer.Text("agentIdentifier") is { } agent
            && (answer.Text("sellerVKey") ?? answer.Text("sellerVkey")) is { } vkey
            && answer.Text("identifierFromPurchaser") is { } purchaser
            && (answer.Text("input_hash") ?? answer.Text("inputHash")) is { } hash
            ? new StartedJob(
                id,
                identifier,
                times,
                agent,
                vkey,
                purchaser,
                hash,
                answer.Text("paymentSourceType") is "None" ? null : answer.Text("paymentSourceType"),
                answer.Integer("supportedPaymentSourceIndex"),
                answer.Text("sellerReturnAddress"),
                answer.Amounts("amounts")
            )
            : throw new MasumiApiException(System.Net.HttpStatusCode.OK, "The start_job answer lacks a required field.", answer.GetRawText());
    }

    /// <summary>How a job stands.</summary>
    public async Task<JobStatus> StatusAsync(string jobId, CancellationToken cancellation)
    {
        var answer = await _http.GetAsync($"/status?job_id={Uri.EscapeDataString(jobId)}", cancellation).ConfigureAwait(false);
        return answer.Text("status") is { } status
            ? new JobStatus(status, answer.Text("result"), answer.Text("message"))
            : throw new MasumiApiException(System.Net.HttpStatusCode.OK, "The status answer lacks status.", answer.GetRawText());
    }

    /// <summary>Whether the agent takes jobs.</summary>
    public async Task<bool> AvailabilityAsync(CancellationToken cancellation)
    {
        var answer = await _http.GetAsync("/availability", cancellation).ConfigureAwait(false);
        return answer.Text("status") == "available" && answer.Text("type") == "masumi-agent";
    }

    /// <summary>The form of the agent's input.</summary>
    public Task<JsonElement> InputSchemaAsync(CancellationToken cancellation) => _http.GetAsync("/input_schema", cancellation);
}
