using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol;

namespace Masumi.Client;

/// <summary>The answer of <c>/start_job</c>: the seller's signed offer for one job.</summary>
/// <param name="JobId">The agent's name for the job.</param>
/// <param name="BlockchainIdentifier">The signed offer.</param>
/// <param name="Deadlines">The deadlines it is for.</param>
/// <param name="AgentIdentifier">The agent that sells.</param>
/// <param name="SellerVkey">Whose signature it is.</param>
/// <param name="IdentifierFromPurchaser">The buyer's nonce, as the agent understood it.</param>
/// <param name="InputHash">The input, as the agent understood it.</param>
/// <param name="PaymentSourceType">The contract's generation, where the agent says it.</param>
/// <param name="SupportedPaymentSourceIndex">Which advertised payment source is to be used.</param>
/// <param name="SellerReturnAddress">Where the seller is paid; signed.</param>
/// <param name="Amounts">The price; null where the agent names none that can be read.</param>
public sealed record StartedJob(
    string JobId,
    BlockchainIdentifier BlockchainIdentifier,
    Deadlines Deadlines,
    AgentIdentifier AgentIdentifier,
    WalletVkey SellerVkey,
    BuyerNonce IdentifierFromPurchaser,
    InputHash InputHash,
    PaymentSourceType? PaymentSourceType,
    int? SupportedPaymentSourceIndex,
    string? SellerReturnAddress,
    IReadOnlyList<UnitAmount>? Amounts
);

/// <summary>The answer of <c>/status</c>.</summary>
/// <param name="Status">How the job stands.</param>
/// <param name="Result">The result once it is completed, the reason when it failed.</param>
/// <param name="Message">For people.</param>
public sealed record JobProgress(Word<JobStatus> Status, string? Result, string? Message);

/// <summary>A paid agent as MIP-003 lets anyone see it.</summary>
/// <param name="http">Its own timeout must not be shorter than 30 seconds.</param>
/// <param name="baseAddress">The agent's <c>apiBaseUrl</c>.</param>
/// <param name="clock">Measures timeouts.</param>
public sealed class AgentClient(HttpClient http, Uri baseAddress, TimeProvider clock)
{
    private readonly JsonHttp _http = new(http, baseAddress, null, clock);

    /// <summary>
    /// Starts a job and reads the offer for it. Not repeated on failure: two identical requests are two jobs. An answer without an offer, such as that
    /// of an agent that works for free, is a <see cref="MasumiApiException"/>.
    /// </summary>
    public async Task<StartedJob> StartJobAsync(BuyerNonce identifierFromPurchaser, JsonElement input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(identifierFromPurchaser);
        var body = new JsonObject { ["identifier_from_purchaser"] = identifierFromPurchaser.ToString(), ["input_data"] = JsonNode.Parse(input.GetRawText()) };
        var answer = await _http.PostAsync("/start_job", body.ToJsonString(), cancellation).ConfigureAwait(false);
        if ((answer.Text("id") ?? answer.Text("job_id")) is not { Length: > 0 } id)
        {
            throw new MasumiApiException(HttpStatusCode.OK, "The start_job answer lacks id.", answer.GetRawText());
        }

        return new StartedJob(
            id,
            answer.Required<BlockchainIdentifier>("blockchainIdentifier"),
            answer.Deadlines() ?? throw new MasumiApiException(HttpStatusCode.OK, "The start_job answer lacks a deadline.", answer.GetRawText()),
            answer.Required<AgentIdentifier>("agentIdentifier"),
            answer.Required<WalletVkey>("sellerVKey", "sellerVkey"),
            answer.Required<BuyerNonce>("identifierFromPurchaser"),
            answer.Required<InputHash>("input_hash", "inputHash"),
            SourceType(answer),
            answer.Integer("supportedPaymentSourceIndex"),
            answer.Text("sellerReturnAddress"),
            answer.Amounts("amounts")
        );
    }

    /// <summary>How a job stands.</summary>
    public async Task<JobProgress> StatusAsync(string jobId, CancellationToken cancellation)
    {
        var answer = await _http.GetAsync($"/status?job_id={Uri.EscapeDataString(jobId)}", cancellation).ConfigureAwait(false);
        return Word.Read<JobStatus>(answer.Text("status")) is { } status
            ? new JobProgress(status, answer.Text("result"), answer.Text("message"))
            : throw new MasumiApiException(HttpStatusCode.OK, "The status answer lacks status.", answer.GetRawText());
    }

    /// <summary>Whether the agent takes jobs.</summary>
    public async Task<bool> AvailabilityAsync(CancellationToken cancellation)
    {
        var answer = await _http.GetAsync("/availability", cancellation).ConfigureAwait(false);
        return answer.Text("status") == "available" && answer.Text("type") == "masumi-agent";
    }

    /// <summary>The form of the agent's input.</summary>
    public Task<JsonElement> InputSchemaAsync(CancellationToken cancellation) => _http.GetAsync("/input_schema", cancellation);

    private static PaymentSourceType? SourceType(JsonElement answer) =>
        answer.Text("paymentSourceType") is not ({ } text and not "None") ? null
        : Word.TryParse<PaymentSourceType>(text, out var type) ? type
        : throw new MasumiApiException(
            HttpStatusCode.OK,
            $"The answer's paymentSourceType is none of {string.Join(", ", Word.All<PaymentSourceType>())}.",
            answer.GetRawText()
        );
}
