using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Masumi.Agents;

/// <summary>
/// Turns a function into a paid agent (MIP-003, MIP-004): offers jobs with terms its own node signs, works only after that node has seen the money
/// on chain, commits the result's hash there, and answers for it. Everything a job needs survives a restart.
/// </summary>
public sealed class PaidAgent : IDisposable
{
    private readonly AgentOptions _options;
    private readonly AgentWork _work;
    private readonly PaymentServiceClient _node;
    private readonly JobStore _jobs;
    private readonly ILogger _logger;
    private readonly Dictionary<string, Task> _running = [];

    /// <summary>An agent; <see cref="MapTo"/> serves it, <see cref="RunAsync"/> does the work.</summary>
    public PaidAgent(AgentOptions options, AgentWork work, HttpClient http, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _work = work;
        _logger = logger;
        _node = new PaymentServiceClient(http, options.PaymentService, options.ApiKey);
        _jobs = JobStore.Open(options.JobFile);
    }

    /// <summary>Serves the agentic service API.</summary>
    public void MapTo(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet(
            "/availability",
            () =>
                Json(
                    200,
                    new JsonObject
                    {
                        ["status"] = "available",
                        ["type"] = "masumi-agent",
                        ["message"] = "ready",
                        ["agentIdentifier"] = _options.AgentIdentifier,
                    }
                )
        );
        app.MapGet("/input_schema", () => Json(200, (JsonObject)_options.InputSchema.DeepClone()));
        app.MapPost("/start_job", StartAsync);
        app.MapGet("/status", Status);
        app.MapPost("/provide_input", () => Error(400, "This agent takes no further input."));
    }

    /// <summary>Looks after all open jobs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var job in _jobs.All.Where(j => j.IsOpen).ToList())
            {
                try
                {
                    await TendAsync(job, cancellation).ConfigureAwait(false);
                }
                catch (MasumiApiException e)
                {
                    // The node is away or refuses for now; the job stays as it is.
                    _logger.LogWarning("Job {Id}: {Message}", job.Id, e.Message);
                }
            }

            try
            {
                await Task.Delay(_options.PollInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Closes the job file.</summary>
    public void Dispose() => _jobs.Dispose();

    private async Task<IResult> StartAsync(HttpRequest request, CancellationToken cancellation)
    {
        JsonObject body;
        try
        {
            body = await JsonNode.ParseAsync(request.Body, cancellationToken: cancellation).ConfigureAwait(false) as JsonObject ?? [];
        }
        catch (JsonException e)
        {
            return Error(400, "Malformed JSON: " + e.Message);
        }

        var identifier = Text(body, "identifier_from_purchaser") ?? Text(body, "identifierFromPurchaser");
        if (identifier is not { Length: >= 14 and <= 26 } || identifier.Length % 2 != 0 || !identifier.All(char.IsAsciiHexDigitLower))
        {
            return Error(400, "identifier_from_purchaser must be 14 to 26 lowercase hex digits");
        }

        if (InputOf(body) is not { } input)
        {
            return Error(400, "input_data must be an object");
        }

        if (_jobs.All.Count(j => j.IsOpen) >= _options.MaxOpenJobs)
        {
            return Error(429, "Too many open jobs; try again later.");
        }

        if (Mip004.InputHash(identifier, input.ToJsonString()) is not { } inputHash)
        {
            return Error(400, "input_data has no canonical form");
        }

        var now = _options.Time.GetUtcNow();
        DealInfo payment;
        try
        {
            payment = await _node
                .CreatePaymentAsync(
                    new PaymentOrder(
                        _options.Network,
                        _options.AgentIdentifier,
                        inputHash,
                        identifier,
                        now + _options.PayWithin,
                        now + _options.DeliverWithin,
                        SupportedPaymentSourceIndex: _options.SupportedPaymentSourceIndex
                    ),
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (MasumiApiException e)
        {
            _logger.LogWarning("start_job: the payment node refused: {Message}", e.Message);
            return Error(e.Status == 0 ? 503 : 500, "The payment could not be created: " + e.Message);
        }

        var row = payment.Row;
        var job = new Job(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            JobState.AwaitingPayment,
            payment.BlockchainIdentifier,
            identifier,
            input.ToJsonString(),
            inputHash,
            Number(row, "payByTime"),
            Number(row, "submitResultTime"),
            null,
            null,
            null
        );
        _jobs.Save(job);
        return Json(
            200,
            new JsonObject
            {
                ["id"] = job.Id,
                ["job_id"] = job.Id,
                ["status"] = "success",
                ["blockchainIdentifier"] = job.Identifier,
                ["payByTime"] = job.PayByMs,
                ["submitResultTime"] = job.SubmitResultMs,
                ["unlockTime"] = Number(row, "unlockTime"),
                ["externalDisputeUnlockTime"] = Number(row, "externalDisputeUnlockTime"),
                ["agentIdentifier"] = _options.AgentIdentifier,
                ["sellerVKey"] = _options.SellerVKey,
                ["identifierFromPurchaser"] = identifier,
                ["input_hash"] = inputHash,
                ["inputHash"] = inputHash,
                ["paymentSourceType"] = (string?)row["PaymentSource"]?["paymentSourceType"],
                ["supportedPaymentSourceIndex"] = _options.SupportedPaymentSourceIndex,
                ["sellerReturnAddress"] = (string?)row["sellerReturnAddress"],
                ["smartContractAddress"] = (string?)row["PaymentSource"]?["smartContractAddress"],
                ["network"] = _options.Network,
                ["amounts"] = row["RequestedFunds"]?.DeepClone(),
            }
        );
    }

    private IResult Status(HttpRequest request)
    {
        var id = (string?)request.Query["job_id"] ?? request.Query["jobId"];
        if (string.IsNullOrEmpty(id))
        {
            return Error(400, "job_id is missing");
        }

        if (_jobs.Find(id) is not { } job)
        {
            return Error(404, "No such job");
        }

        var status = job.State switch
        {
            JobState.AwaitingPayment => "awaiting_payment",
            JobState.Running or JobState.Delivering => "running",
            JobState.Completed => "completed",
            _ => "failed",
        };
        var answer = new JsonObject
        {
            ["id"] = $"{job.Id}-{job.State}",
            ["job_id"] = job.Id,
            ["status"] = status,
            ["input_hash"] = job.InputHash,
        };
        if (job.State == JobState.Completed)
        {
            answer["result"] = job.Result;
            answer["output_hash"] = job.ResultHash;
        }
        else if (job.State == JobState.Failed)
        {
            answer["result"] = job.Reason;
        }

        return Json(200, answer);
    }

    private async Task TendAsync(Job job, CancellationToken cancellation)
    {
        if (job.State == JobState.Running && _running.TryGetValue(job.Id, out var task))
        {
            if (task.IsCompleted)
            {
                _running.Remove(job.Id);
            }

            return;
        }

        var payment = await _node.ResolvePaymentAsync(_options.Network, job.Identifier, cancellation).ConfigureAwait(false);
        switch (job.State)
        {
            case JobState.AwaitingPayment when payment.OnChainState == "FundsLocked":
                _jobs.Save(job with { State = JobState.Running });
                Start(job with { State = JobState.Running }, cancellation);
                break;

            case JobState.AwaitingPayment when payment.OnChainState == "FundsOrDatumInvalid":
                _jobs.Save(job with { State = JobState.Failed, Reason = "Not paid in time, or not as agreed." });
                break;

            case JobState.Running:
                // Paid before a restart: the work starts over, since nobody saw a result yet.
                Start(job, cancellation);
                break;

            case JobState.Delivering:
                await DeliverAsync(job, payment, cancellation).ConfigureAwait(false);
                break;
        }
    }

    private void Start(Job job, CancellationToken cancellation) => _running[job.Id] = Task.Run(() => WorkAsync(job, cancellation), cancellation);

    private async Task WorkAsync(Job job, CancellationToken cancellation)
    {
        try
        {
            var input = (JsonObject)JsonNode.Parse(job.Input)!;
            var result = await _work(new JobContext(job.Id, input, job.IdentifierFromPurchaser), cancellation).ConfigureAwait(false);
            _jobs.Save(
                string.IsNullOrEmpty(result)
                    ? job with
                    {
                        State = JobState.Failed,
                        Reason = "The agent delivered nothing.",
                    }
                    : job with
                    {
                        State = JobState.Delivering,
                        Result = result,
                        ResultHash = Mip004.ResultHash(job.IdentifierFromPurchaser, result, ResultHashRule.Raw),
                    }
            );
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Shutting down: the job stays Running and starts over.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _logger.LogError(e, "Job {Id} failed", job.Id);
            _jobs.Save(job with { State = JobState.Failed, Reason = "The agent failed: " + e.Message });
        }
    }

    private async Task DeliverAsync(Job job, DealInfo payment, CancellationToken cancellation)
    {
        var queued = (string?)payment.Row["NextAction"]?["resultHash"];
        if (payment.ResultHash == job.ResultHash)
        {
            _jobs.Save(job with { State = JobState.Completed });
        }
        else if (payment.OnChainState is "FundsLocked" or "RefundRequested" or "Disputed" && queued is null && payment.NextAction == "WaitingForExternalAction")
        {
            await _node.SubmitResultAsync(_options.Network, job.Identifier, job.ResultHash!, cancellation).ConfigureAwait(false);
        }
        else if (payment.OnChainState is "RefundWithdrawn" or "RefundAuthorized" or "DisputedWithdrawn")
        {
            _jobs.Save(job with { State = JobState.Failed, Reason = $"The escrow ended before the result was accepted: {payment.OnChainState}." });
        }
    }

    private static JsonObject? InputOf(JsonObject body)
    {
        var node = body["input_data"] ?? body["inputData"] ?? body["input"];
        if (node is JsonArray pairs)
        {
            // The old list form: [{"key": k, "value": v}].
            var input = new JsonObject();
            foreach (var pair in pairs)
            {
                if (pair is not JsonObject o || Text(o, "key") is not { } key)
                {
                    return null;
                }

                input[key] = o["value"]?.DeepClone();
            }

            return input;
        }

        return node is null ? [] : node as JsonObject;
    }

    private static string? Text(JsonObject o, string name) => o[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    private static long Number(JsonObject row, string name) => long.Parse((string)row[name]!, System.Globalization.CultureInfo.InvariantCulture);

    private static IResult Json(int status, JsonObject body) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    private static IResult Error(int status, string message) => Json(status, new JsonObject { ["error"] = message, ["detail"] = message });
}
