using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Masumi.Agents;

/// <summary>The routes of MIP-003.</summary>
public static class AgentRoutes
{
    private const int MaxBody = 1024 * 1024;

    /// <summary>Serves an agent's routes.</summary>
    public static void MapAgent(this IEndpointRouteBuilder app, Agent agent)
    {
        app.MapPost("/start_job", context => StartJobAsync(agent, context));
        app.MapGet("/status", context => StatusAsync(agent, context));
        app.MapPost("/provide_input", context => ProvideInputAsync(agent, context));
        app.MapGet("/input_schema", context => context.Response.WriteAsJsonAsync(agent.Options.InputSchema, context.RequestAborted));
        app.MapGet(
            "/availability",
            context =>
                context.Response.WriteAsJsonAsync(
                    new
                    {
                        status = "available",
                        type = "masumi-agent",
                        message = agent.Options.Name,
                        agentIdentifier = agent.Options.AgentIdentifier.ToString(),
                    },
                    context.RequestAborted
                )
        );
    }

    private static async Task StartJobAsync(Agent agent, HttpContext context)
    {
        if (await BodyAsync(context).ConfigureAwait(false) is not { } body)
        {
            return;
        }

        var (request, problem, errors) = StartJobRequest.Read(body, agent.Form);
        if (request is null)
        {
            await RefuseAsync(context, 400, "invalid_input", problem!, errors).ConfigureAwait(false);
            return;
        }

        if (agent.IsFull)
        {
            await RefuseAsync(context, 429, "busy", "Too many open jobs").ConfigureAwait(false);
            return;
        }

        Offered offered;
        try
        {
            offered = await CreateAsync(agent, request, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or MasumiApiException { IsTransient: true })
        {
            await RefuseAsync(context, 503, "payment_service", "The payment service does not answer").ConfigureAwait(false);
            return;
        }
        catch (MasumiApiException e)
        {
            await RefuseAsync(context, 500, "payment_service", e.Message).ConfigureAwait(false);
            return;
        }

        await context.Response.WriteAsJsonAsync(Answer(agent, offered), context.RequestAborted).ConfigureAwait(false);
    }

    private static JsonObject Answer(Agent agent, Offered offered)
    {
        var (job, type, index) = offered;
        var o = agent.Options;
        var network = agent.Payments.Network;
        var answer = new JsonObject
        {
            ["id"] = job.Id,
            ["job_id"] = job.Id,
            ["blockchainIdentifier"] = job.BlockchainIdentifier.ToString(),
            ["payByTime"] = job.Times.PayBy.ToUnixTimeMilliseconds(),
            ["submitResultTime"] = job.Times.SubmitResult.ToUnixTimeMilliseconds(),
            ["unlockTime"] = job.Times.Unlock.ToUnixTimeMilliseconds(),
            ["externalDisputeUnlockTime"] = job.Times.ExternalDisputeUnlock.ToUnixTimeMilliseconds(),
            ["agentIdentifier"] = o.AgentIdentifier.ToString(),
            ["sellerVKey"] = o.SellerVkey.ToString(),
            ["identifierFromPurchaser"] = job.IdentifierFromPurchaser.ToString(),
            ["input_hash"] = job.InputHash.ToString(),
            ["inputHash"] = job.InputHash.ToString(),
            ["paymentSourceType"] = Word.Text(type),
        };
        if (index is { } chosen)
        {
            answer["supportedPaymentSourceIndex"] = chosen;
        }

        answer["sellerReturnAddress"] = job.SellerReturnAddress;
        answer["amounts"] = new JsonArray([.. job.Amounts.Select(a => Shown(a, network))]);
        answer["network"] = Word.Text(network);
        return answer;
    }

    /// <summary>A new job, the generation of the contract it is sold through, and which advertised source it was priced by.</summary>
    private sealed record Offered(Job Job, PaymentSourceType Type, int? Index);

    private static async Task<Offered> CreateAsync(Agent agent, StartJobRequest request, CancellationToken cancellation)
    {
        var o = agent.Options;

        // Asked anew: these deadlines are what others will judge, and the chain's clock may have been moved.
        var now = await agent.Payments.GetTimeAsync(cancellation).ConfigureAwait(false);

        // The first generation has one price, and no list of sources to choose from.
        var type = await agent.SourceTypeAsync(cancellation).ConfigureAwait(false);
        int? index = type == PaymentSourceType.Web3CardanoV1 ? null : o.PricingIndex;

        var (payBy, submitResult) = o.Terms(now);
        var hash = Mip004.InputHash(request.IdentifierFromPurchaser, request.Input);
        var row = await agent
            .Payments.CreatePaymentAsync(
                new PaymentRequest(
                    o.AgentIdentifier,
                    hash,
                    request.IdentifierFromPurchaser,
                    payBy,
                    submitResult,
                    SupportedPaymentSourceIndex: index,
                    RequestedFunds: agent.Price is { } price ? [price] : null
                ),
                cancellation
            )
            .ConfigureAwait(false);
        if (row.Deadlines is not { } times || row.BlockchainIdentifier is not { } identifier)
        {
            throw new MasumiApiException(System.Net.HttpStatusCode.OK, "The payment row lacks its identifier or deadlines.", "");
        }

        if (DeadlineRules.CheckLimits(times, now, o.Deadlines) is [var far, ..])
        {
            throw new MasumiApiException(System.Net.HttpStatusCode.OK, far.Message, "");
        }

        var returnAddress = row.Raw.TryGetProperty("sellerReturnAddress", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var job = new Job(
            o.NewJobId(),
            request.IdentifierFromPurchaser,
            request.Input,
            hash,
            identifier,
            times,
            returnAddress,
            row.Funds ?? [],
            JobState.AwaitingPayment,
            0,
            null,
            null,
            null,
            now
        );
        agent.Accept(job);
        return new Offered(job, AgentSource.TypeOf(row.Raw) ?? type ?? PaymentSourceType.Web3CardanoV2, index);
    }

    private static JsonObject Shown(UnitAmount amount, Network network) =>
        new JsonObject { ["amount"] = amount.AmountText, ["unit"] = amount.Unit.ToString() }.Labelled(amount.Unit.ToString(), network);

    private static async Task StatusAsync(Agent agent, HttpContext context)
    {
        var id = context.Request.Query["job_id"].FirstOrDefault() ?? context.Request.Query["jobId"].FirstOrDefault();
        if (string.IsNullOrEmpty(id))
        {
            await RefuseAsync(context, 400, "invalid_input", "job_id is required").ConfigureAwait(false);
            return;
        }

        if (agent.Find(id) is not { } job)
        {
            await RefuseAsync(context, 404, "not_found", "Job not found").ConfigureAwait(false);
            return;
        }

        var status = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = $"{job.Id}-{job.State}-{job.Attempts}",
            ["job_id"] = job.Id,
            ["status"] = Word.Text(
                job.State switch
                {
                    JobState.AwaitingPayment => JobStatus.AwaitingPayment,
                    JobState.Running or JobState.Submitting => JobStatus.Running,
                    JobState.Completed => JobStatus.Completed,
                    _ => JobStatus.Failed,
                }
            ),
            ["input_hash"] = job.InputHash.ToString(),
        };
        if (job is { State: JobState.Completed, Result: { } result, ResultHash: { } hash })
        {
            status["result"] = result;
            status["output_hash"] = hash.ToString();
        }
        else if (job is { State: JobState.Failed or JobState.Refunding, Reason: { } reason })
        {
            status["result"] = reason;
        }

        await context.Response.WriteAsJsonAsync(status, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>These agents ask nothing in mid-job, so no job ever waits for input.</summary>
    private static async Task ProvideInputAsync(Agent agent, HttpContext context)
    {
        if (await BodyAsync(context).ConfigureAwait(false) is not { } body)
        {
            return;
        }

        if (!body.TryGetProperty("job_id", out var id) || id.ValueKind != JsonValueKind.String)
        {
            await RefuseAsync(context, 400, "invalid_input", "job_id is required").ConfigureAwait(false);
        }
        else if (agent.Find(id.GetString()!) is null)
        {
            await RefuseAsync(context, 404, "not_found", "Job not found").ConfigureAwait(false);
        }
        else
        {
            await RefuseAsync(context, 400, "not_waiting", "The job is not waiting for input").ConfigureAwait(false);
        }
    }

    /// <summary>The body as a JSON object; null when it was refused.</summary>
    private static async Task<JsonElement?> BodyAsync(HttpContext context)
    {
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted).ConfigureAwait(false);
            // Texts that are no Unicode would fail only when they are read.
            if (document.RootElement.ValueKind == JsonValueKind.Object && CanonicalJson.TryOf(document.RootElement.GetRawText(), out _))
            {
                return document.RootElement.Clone();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Answered below.
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, "invalid_input", "The body cannot be read").ConfigureAwait(false);
            return null;
        }

        await RefuseAsync(context, 400, "invalid_input", "The body must be a JSON object").ConfigureAwait(false);
        return null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string error, string message, InputErrors? errors = null)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new
            {
                error,
                message,
                field_errors = errors?.Fields
                    ?? System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableArray<string>>.Empty,
                detail = message,
            },
            context.RequestAborted
        );
    }
}
