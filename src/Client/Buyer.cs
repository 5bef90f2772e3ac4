using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.Tokens;

namespace Masumi.Client;

/// <summary>What a buyer decides.</summary>
public sealed record BuyerOptions
{
    /// <summary>Between two looks at the own node or the agent.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a deadline the chain may still show what happened before it.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The most to pay, per token; tokens that are not named must not be asked. Null leaves the price to the node's check. Each must be a price on the
    /// network of the payment service.
    /// </summary>
    public IReadOnlyList<Price>? MaxPrice { get; init; }

    /// <summary>How far ahead the deadlines of an offer may lie; what lies further is not paid.</summary>
    public DeadlineLimits Deadlines { get; init; } = DeadlineLimits.Default;

    /// <summary>Makes the buyer's nonce of a job.</summary>
#pragma warning disable RS0030 // A default for programs without an id source of their own.
    public Func<BuyerNonce> NewNonce { get; init; } = () => BuyerNonce.From(RandomNumberGenerator.GetBytes(10));
#pragma warning restore RS0030

    /// <summary>Called with the offer before it is paid: the place to store it.</summary>
    public Func<StartedJob, CancellationToken, Task> BeforePaying { get; init; } = (_, _) => Task.CompletedTask;
}

/// <summary>
/// Buys one result from one agent, of either generation: the flow of clients.md 4. Requests no refund by itself. Deadlines are judged by the time that the
/// payment service tells (<see cref="PaymentServiceClient.ServiceTime"/>), so a devnet whose clock is moved is followed.
/// </summary>
/// <param name="http">Calls the agents; its own timeout must not be shorter than 30 seconds.</param>
/// <param name="payments">The own node.</param>
/// <param name="registry">Knows the agents.</param>
/// <param name="clock">Real time, between two looks.</param>
/// <param name="options">What is decided.</param>
public sealed class Buyer(HttpClient http, PaymentServiceClient payments, RegistryServiceClient registry, TimeProvider clock, BuyerOptions options)
{
    private readonly IReadOnlyList<UnitAmount>? _limits = options.MaxPrice is { } most ? [.. most.Select(price => price.On(payments.Network))] : null;

    /// <summary>Starts the job, pays for it, and waits until the result stands on chain or a deadline passed.</summary>
    public async Task<BuyOutcome> BuyAsync(AgentIdentifier agentIdentifier, JsonElement input, CancellationToken cancellation)
    {
        var agent = await registry.PaymentInformationAsync(agentIdentifier, cancellation).ConfigureAwait(false);
        return agent is null
            ? new BuyOutcome.NotPaid("The registry does not know this agent.")
            : await BuyAsync(agent, input, cancellation).ConfigureAwait(false);
    }

    /// <summary>As above, with the agent's payment information at hand.</summary>
    public async Task<BuyOutcome> BuyAsync(PaymentInformation agent, JsonElement input, CancellationToken cancellation)
    {
        var seller = new AgentClient(http, agent.ApiBaseUrl, clock);
        var nonce = options.NewNonce();
        await LearnTimeAsync(cancellation).ConfigureAwait(false);
        StartedJob job;
        try
        {
            job = await seller.StartJobAsync(nonce, input, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MasumiApiException or HttpRequestException or TimeoutException)
        {
            // Nothing is owed for a job that nobody pays.
            return new BuyOutcome.NotPaid($"The agent did not start the job: {e.Message}");
        }

        if (OfferCheck.Refuse(job, agent, nonce, input, _limits, payments.Network, payments.ServiceTime.GetUtcNow(), options.Deadlines) is { } refusal)
        {
            return new BuyOutcome.NotPaid(refusal);
        }

        await options.BeforePaying(job, cancellation).ConfigureAwait(false);
        return await PayAsync(job, agent, cancellation).ConfigureAwait(false) is { } refused
            ? new BuyOutcome.NotPaid(refused)
            : await ResumeAsync(job, agent.ApiBaseUrl, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits for a job that is paid already, for instance after a restart.</summary>
    public async Task<BuyOutcome> ResumeAsync(StartedJob job, Uri agentAddress, CancellationToken cancellation)
    {
        var locked = await WatchAsync(job, row => row.OnChainState is not null, job.Deadlines.PayBy, cancellation).ConfigureAwait(false);
        if (locked?.OnChainState is null or { Known: OnChainState.FundsOrDatumInvalid })
        {
            return new BuyOutcome.NotLocked(job, locked?.ErrorNote ?? locked?.OnChainState?.Text ?? "The chain shows no lock.", locked);
        }

        var shown = await WatchAsync(job, row => row.ResultHashText is not null || IsOver(row), job.Deadlines.SubmitResult, cancellation).ConfigureAwait(false);
        return shown?.ResultHashText is { } hash
            ? await FetchAsync(job, new AgentClient(http, agentAddress, clock), shown, hash, cancellation).ConfigureAwait(false)
            : new BuyOutcome.NotDelivered(job, $"The chain shows no result; state {shown?.OnChainState}.", shown);
    }

    // What is offered is judged by the time of the own node, which will be asked to pay.
    private async Task LearnTimeAsync(CancellationToken cancellation)
    {
        try
        {
            await payments.GetTimeAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (JsonHttp.IsTransient(e, cancellation))
        {
            // It has until payByTime to come back; nothing is paid before.
        }
    }

    private async Task<BuyOutcome> FetchAsync(StartedJob job, AgentClient seller, DealRow shown, string hash, CancellationToken cancellation)
    {
        // The agent's own slowness is measured in real time; no deadline is near.
        var patience = clock.GetUtcNow() + options.Grace;
        while (true)
        {
            var status = await StatusAsync(seller, job.JobId, cancellation).ConfigureAwait(false);
            if (status is { Status.Known: JobStatus.Completed, Result: { } result })
            {
                return shown.ResultHash is { } known && Mip004.MatchResult(known, job.IdentifierFromPurchaser, result) is { } rule
                    ? new BuyOutcome.Delivered(job, result, rule, shown)
                    : new BuyOutcome.ResultDiffers(job, result, hash, shown);
            }

            if (status?.Status.Known == JobStatus.Failed || clock.GetUtcNow() >= patience)
            {
                return new BuyOutcome.NotDelivered(job, status?.Result ?? "The agent does not hand out its result.", shown);
            }

            await Task.Delay(options.PollInterval, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The own node's refusal, or null. The identical body is repeated while the outcome is unknown: the identifier makes that safe.</summary>
    private async Task<string?> PayAsync(StartedJob job, PaymentInformation agent, CancellationToken cancellation)
    {
        var type = job.PaymentSourceType ?? agent.PaymentSourceType;
        var request = new PurchaseRequest(
            job.BlockchainIdentifier,
            job.AgentIdentifier,
            job.SellerVkey,
            job.IdentifierFromPurchaser,
            job.InputHash,
            job.Deadlines,
            type,
            // The first generation has one price, and no list to choose from (clients.md 4, step 4).
            type == PaymentSourceType.Web3CardanoV1
                ? null
                : job.SupportedPaymentSourceIndex,
            job.SellerReturnAddress,
            agent.FixedPrice ?? (job.Amounts is { Count: > 0 } ? job.Amounts : null),
            new JsonObject { ["jobId"] = job.JobId }.ToJsonString()
        );
        while (true)
        {
            try
            {
                await payments.CreatePurchaseAsync(request, cancellation).ConfigureAwait(false);
                return null;
            }
            catch (MasumiApiException e) when (e.Status == HttpStatusCode.Conflict)
            {
                // Only our own earlier attempt has all these terms (clients.md 2.5).
                var row = await payments.ResolvePurchaseAsync(job.BlockchainIdentifier, cancellation).ConfigureAwait(false);
                return row?.InputHash == job.InputHash && row.Deadlines == job.Deadlines ? null : "Another purchase has this identifier.";
            }
            catch (MasumiApiException e) when (!e.IsTransient)
            {
                return e.Message;
            }
            catch (Exception e) when (JsonHttp.IsTransient(e, cancellation) && payments.ServiceTime.GetUtcNow() < job.Deadlines.PayBy)
            {
                await Task.Delay(options.PollInterval, clock, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (JsonHttp.IsTransient(e, cancellation))
            {
                // Unknown, so not "not paid": watch what the chain shows.
                return null;
            }
        }
    }

    private async Task<DealRow?> WatchAsync(StartedJob job, Func<DealRow, bool> done, DateTimeOffset deadline, CancellationToken cancellation)
    {
        DealRow? last = null;
        while (true)
        {
            try
            {
                last = await payments.ResolvePurchaseAsync(job.BlockchainIdentifier, cancellation).ConfigureAwait(false) ?? last;
            }
            catch (Exception e) when (JsonHttp.IsTransient(e, cancellation))
            {
                // The next look tells; the deadline bounds them.
            }

            if ((last is not null && done(last)) || payments.ServiceTime.GetUtcNow() >= deadline + options.Grace)
            {
                return last;
            }

            await Task.Delay(options.PollInterval, clock, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<JobProgress?> StatusAsync(AgentClient seller, string jobId, CancellationToken cancellation)
    {
        try
        {
            return await seller.StatusAsync(jobId, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (JsonHttp.IsTransient(e, cancellation))
        {
            return null;
        }
    }

    private static bool IsOver(DealRow row) =>
        row.OnChainState is { Known: OnChainState.RefundWithdrawn or OnChainState.Withdrawn or OnChainState.DisputedWithdrawn };
}
