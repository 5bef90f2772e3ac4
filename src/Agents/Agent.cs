using System.Collections.Concurrent;
using System.Net;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Masumi.Agents;

/// <summary>
/// A paid agent. Watches the payments of its jobs at its own node and runs the function only for jobs whose money is locked on chain. Host it as a hosted
/// service and map its routes with <see cref="AgentRoutes.MapAgent"/>. It sells through contracts of either generation, whichever its token belongs to, and
/// judges deadlines by the time its node tells, so a devnet whose clock is moved is followed.
/// </summary>
/// <param name="options">What it is.</param>
/// <param name="payments">Its own node.</param>
/// <param name="function">The work; null delivers nothing, and the buyer gets a refund.</param>
/// <param name="clock">Real time, between two looks.</param>
/// <param name="logger">Gets job ids, never inputs or results.</param>
public sealed partial class Agent(
    AgentOptions options,
    PaymentServiceClient payments,
    Func<JobContext, CancellationToken, Task<string?>> function,
    TimeProvider clock,
    ILogger<Agent> logger
) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    // A PaymentSourceType, boxed so that it is read and written whole.
    private volatile object? _sourceType;

    internal AgentOptions Options { get; } = Checked(options, clock);

    /// <summary>What is asked for each job under dynamic pricing.</summary>
    internal UnitAmount? Price { get; } = options.Price?.On(payments.Network);

    internal InputForm Form { get; } = new(options.InputSchema);

    internal JobStore Jobs { get; } = new(options.JobFile);

    /// <summary>True while no further job is accepted; what only waits for its refund needs no work.</summary>
    internal bool IsFull => Jobs.Open().Count(j => j.State != JobState.Refunding) >= Options.MaxOpenJobs;

    internal PaymentServiceClient Payments { get; } = payments;

    private DateTimeOffset Now => Payments.ServiceTime.GetUtcNow();

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        Jobs.Dispose();
    }

    internal Job? Find(string jobId) => Jobs.Find(jobId);

    /// <summary>
    /// The generation of the contract that the agent is paid through: that of the node's source with the policy of its token. Asked until it is known; null
    /// when the node does not say.
    /// </summary>
    internal async Task<PaymentSourceType?> SourceTypeAsync(CancellationToken cancellation)
    {
        if (_sourceType is PaymentSourceType known)
        {
            return known;
        }

        try
        {
            var sources = await Payments.ListPaymentSourcesAsync(cancellation).ConfigureAwait(false);
            if (AgentSource.TypeOf(sources, Options.AgentIdentifier, Payments.Network) is { } type)
            {
                _sourceType = type;
                return type;
            }
        }
        catch (MasumiApiException e) when (!e.IsTransient)
        {
            // A key or a service that does not show its sources.
        }

        return null;
    }

    /// <summary>Stores a job on disk; from then on it is looked after.</summary>
    internal void Accept(Job job) => Jobs.Save(job);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var job in Jobs.Open())
            {
                try
                {
                    await AdvanceAsync(job, stoppingToken).ConfigureAwait(false);
                }
                catch (Exception e) when (IsTrouble(e, stoppingToken))
                {
                    LogTrouble(e, job.Id);
                }
            }

            try
            {
                await Task.Delay(Options.PollInterval, clock, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await Task.WhenAll(_running.Values).ConfigureAwait(false);
    }

    private Task AdvanceAsync(Job job, CancellationToken cancellation) =>
        job.State switch
        {
            JobState.AwaitingPayment => AwaitPaymentAsync(job, cancellation),
            JobState.Running => RunAsync(job, cancellation),
            JobState.Submitting => SubmitAsync(job, cancellation),
            JobState.Refunding => RefundAsync(job, cancellation),
            _ => Task.CompletedTask,
        };

    private async Task AwaitPaymentAsync(Job job, CancellationToken cancellation)
    {
        var row = await Payments.ResolvePaymentAsync(job.BlockchainIdentifier, cancellation).ConfigureAwait(false);
        switch (row?.OnChainState)
        {
            case { Known: OnChainState.FundsLocked }:
                var paid = Change(job with { State = JobState.Running });
                await RunAsync(paid, cancellation).ConfigureAwait(false);
                break;
            case null when Now > job.Times.PayBy + Options.Grace:
                Fail(job, "payment not received");
                break;
            case null:
                break;
            case { } other:
                await StopAsync(job, other, cancellation).ConfigureAwait(false);
                break;
        }
    }

    private async Task RunAsync(Job job, CancellationToken cancellation)
    {
        if (_running.ContainsKey(job.Id) || _running.Count >= Options.MaxRunning)
        {
            return;
        }

        // Again, because a restart or a full house may lie between the lock and now: a refund may have been asked or paid since. With it comes the time.
        var row = await Payments.ResolvePaymentAsync(job.BlockchainIdentifier, cancellation).ConfigureAwait(false);
        if (Now >= Deadline(job))
        {
            GiveUp(job, "no time left to deliver", RefundPolicy.NotStarted);
            return;
        }

        if (row is null)
        {
            return;
        }

        if (row.OnChainState is not { } state)
        {
            // The lock was rolled back: back to waiting.
            Change(job with { State = JobState.AwaitingPayment });
            return;
        }

        if (state.Known != OnChainState.FundsLocked)
        {
            await StopAsync(job, state, cancellation).ConfigureAwait(false);
            return;
        }

        var started = Change(job with { Attempts = job.Attempts + 1 });
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[job.Id] = Guarded();
        gate.SetResult();

        async Task Guarded()
        {
            await gate.Task.ConfigureAwait(false);
            try
            {
                await WorkAsync(started, cancellation).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                // The result could not be stored; the next round runs the function again.
                LogTrouble(e, job.Id);
            }
            finally
            {
                _running.TryRemove(job.Id, out _);
            }
        }
    }

    private async Task WorkAsync(Job job, CancellationToken cancellation)
    {
        string? result;
        try
        {
            result = await function(new JobContext(job.Id, job.IdentifierFromPurchaser, Form.Convert(job.Input), job.Attempts), cancellation)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // The function is the agent author's: whatever it throws fails its job and nothing else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogTrouble(e, job.Id);
            GiveUp(job, "the agent's function failed", RefundPolicy.NotDelivered);
            return;
        }

        if (string.IsNullOrEmpty(result))
        {
            GiveUp(job, "nothing delivered", RefundPolicy.NotDelivered);
            return;
        }

        ResultHash hash;
        try
        {
            hash = Mip004.ResultHash(job.IdentifierFromPurchaser, result, Options.ResultHashRule);
        }
        catch (FormatException e)
        {
            // It could not be handed over as it is, and so nobody could verify it.
            LogTrouble(e, job.Id);
            GiveUp(job, "the agent's result is no text", RefundPolicy.NotDelivered);
            return;
        }

        Change(job with { State = JobState.Submitting, Result = result, ResultHash = hash });
    }

    private async Task SubmitAsync(Job job, CancellationToken cancellation)
    {
        try
        {
            await Payments.SubmitResultAsync(job.BlockchainIdentifier, job.ResultHash!, cancellation).ConfigureAwait(false);
            Change(job with { State = JobState.Completed });
            return;
        }
        catch (MasumiApiException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Not yet, no longer, or an earlier attempt arrived without its answer: the row tells.
            var row = await Payments.ResolvePaymentAsync(job.BlockchainIdentifier, cancellation).ConfigureAwait(false);
            if (row is not null && (row.QueuedResultHash == job.ResultHash || row.ResultHash == job.ResultHash))
            {
                Change(job with { State = JobState.Completed });
                return;
            }
        }
        catch (Exception e) when (IsTrouble(e, cancellation))
        {
            LogTrouble(e, job.Id);
        }

        if (Now >= Deadline(job))
        {
            Fail(job, "the result was not accepted in time");
        }
    }

    /// <summary>The payment is no longer one to work for.</summary>
    private async Task StopAsync(Job job, Word<OnChainState> state, CancellationToken cancellation)
    {
        if (state.Known != OnChainState.RefundRequested)
        {
            Fail(job, $"the payment is {state}");
            return;
        }

        var stopped = GiveUp(job, "a refund was requested before the work was done", job.Attempts == 0 ? RefundPolicy.NotStarted : RefundPolicy.NotDelivered);
        if (stopped.State == JobState.Refunding)
        {
            await RefundAsync(stopped, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a job that delivers nothing; where the policy says so, agrees to the refund when it is asked for.</summary>
    private Job GiveUp(Job job, string reason, RefundPolicy needed)
    {
        LogFailed(job.Id, reason);
        return Change(job with { State = Options.Refunds >= needed ? JobState.Refunding : JobState.Failed, Reason = reason });
    }

    // Agreeing spares the buyer the wait for the deadline (agentic-service-api 8). After it he collects without us.
    private async Task RefundAsync(Job job, CancellationToken cancellation)
    {
        var row = await Payments.ResolvePaymentAsync(job.BlockchainIdentifier, cancellation).ConfigureAwait(false);
        if (Now >= job.Times.SubmitResult)
        {
            Change(job with { State = JobState.Failed });
            return;
        }

        switch (row?.OnChainState)
        {
            // Nothing asked for yet, or a rollback: later rounds see.
            case null or { Known: OnChainState.FundsLocked }:
                return;

            // Asked for, and something about it is under way: done once the chain says so.
            case { Known: OnChainState.RefundRequested }
                when row.RequestedAction is { Known: RequestedAction.AuthorizeRefundRequested or RequestedAction.AuthorizeRefundInitiated }:
                return;
            case { Known: OnChainState.RefundRequested }:
                // An unknown outcome is looked at in the next round.
                await Payments.AuthorizeRefundAsync(job.BlockchainIdentifier, cancellation).ConfigureAwait(false);
                return;
            default:
                Change(job with { State = JobState.Failed });
                return;
        }
    }

    // An agent whose every offer would be refused does not start.
    private static AgentOptions Checked(AgentOptions options, TimeProvider clock)
    {
        _ = options.Terms(clock.GetUtcNow());
        return options;
    }

    private DateTimeOffset Deadline(Job job) => job.Times.SubmitResult - Options.SubmitReserve;

    private void Fail(Job job, string reason)
    {
        Change(job with { State = JobState.Failed, Reason = reason });
        LogFailed(job.Id, reason);
    }

    private Job Change(Job job)
    {
        var changed = job with { ChangedAt = Now };
        Jobs.Save(changed);
        return changed;
    }

    private static bool IsTrouble(Exception e, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && e is MasumiApiException or HttpRequestException or TimeoutException or IOException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: trouble")]
    private partial void LogTrouble(Exception e, string jobId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} failed: {Reason}")]
    private partial void LogFailed(string jobId, string reason);
}
