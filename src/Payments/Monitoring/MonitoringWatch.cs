using System.Globalization;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Protocol.PaymentService.Monitoring;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Operating;

namespace Masumi.Payments.Monitoring;

/// <summary>
/// The watch over changes of deals, as clients of the network's service know it (spec payment-service-api.md 6.11). Here the engine's rounds are that watch, and
/// nothing depends on whether anybody says that it runs: stopping it stops neither the engine nor what is told of changes.
/// </summary>
internal sealed class MonitoringWatch(PaymentsContext context, Reconciliation engine, AgentDirectory chain, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _begun = time.GetUtcNow();
    private bool _runs = true;

    /// <summary>How it stands.</summary>
    public async Task<Reply<MonitoringAnswer>> StatusAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_runs)
            {
                return new MonitoringAnswer(new MonitoringStatus(false, null));
            }
        }

        var sources = (await context.Holdings.ListSourcesAsync(cancellation)).Select(s => s.Id).ToList();
        long tracked = 0;
        foreach (var side in Enum.GetValues<DealSide>())
        {
            tracked += await context.Deals.CountAsync(new DealQuery(side) { Sources = [.. sources], IsOpen = true }, cancellation);
        }

        var cursor = new MonitoringCursor(engine.LastRound ?? _begun, null);
        var memory = GC.GetGCMemoryInfo();
        return new MonitoringAnswer(
            new MonitoringStatus(
                true,
                new MonitoringStats(
                    tracked,
                    cursor,
                    cursor,
                    new MonitoringMemory(
                        Megabytes(GC.GetTotalMemory(forceFullCollection: false)),
                        Megabytes(memory.TotalCommittedBytes),
                        Megabytes(Math.Max(0, Environment.WorkingSet - memory.TotalCommittedBytes))
                    )
                )
            )
        );
    }

    /// <summary>Has the engine look again at everything, and answers when it has.</summary>
    public async Task<Reply<TriggeredCycle>> TriggerAsync(CancellationToken cancellation)
    {
        var sources = await engine.SourcesAsync(null, cancellation);
        if (!sources.IsEmpty)
        {
            await chain.WithinAsync("all that is followed", stop => engine.LookAsync(sources, stop), cancellation);
        }

        return new TriggeredCycle("Monitoring cycle done", Triggered: true);
    }

    /// <summary>Says that it runs.</summary>
    public Task<Reply<StartedMonitoring>> StartAsync(StartMonitoringRequest request)
    {
        lock (_gate)
        {
            if (_runs)
            {
                return Task.FromResult<Reply<StartedMonitoring>>(MonitoringRefusals.AlreadyRunning);
            }

            _runs = true;
        }

        var interval = request.IntervalMs.ToString(CultureInfo.InvariantCulture);
        return Task.FromResult<Reply<StartedMonitoring>>(new StartedMonitoring($"Monitoring service started with an interval of {interval} ms", Started: true));
    }

    /// <summary>Says that it does not.</summary>
    public Task<Reply<StoppedMonitoring>> StopAsync()
    {
        lock (_gate)
        {
            if (!_runs)
            {
                return Task.FromResult<Reply<StoppedMonitoring>>(MonitoringRefusals.NotRunning);
            }

            _runs = false;
        }

        return Task.FromResult<Reply<StoppedMonitoring>>(new StoppedMonitoring("Monitoring service stopped", Stopped: true));
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024 * 1024)} MB");
}
