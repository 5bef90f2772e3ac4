using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Monitoring;

/// <summary>The operations about watching for changes of deals (spec payment-service-api.md 6.11).</summary>
public static class MonitoringOperations
{
    private const string Tag = "monitoring";

    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How it stands.</summary>
    public static Operation<Nothing, MonitoringAnswer> Status { get; } =
        new("GET", "/monitoring", Access.Admin, "getMonitoring", Tag, "Whether changes of deals are watched for", Nothing.Shape, MonitoringAnswer.Shape)
        {
            IsStatusClosed = true,
            AnswerExample = new(
                new MonitoringStatus(
                    IsMonitoring: true,
                    new MonitoringStats(
                        42,
                        new MonitoringCursor(Noon, "cmk2vh6e2000gl8f3r9y4d0pb"),
                        new MonitoringCursor(Noon, LastId: null),
                        new MonitoringMemory("48 MB", "96 MB", "3 MB")
                    )
                )
            ),
        };

    /// <summary>A look now.</summary>
    public static Operation<Nothing, TriggeredCycle> TriggerCycle { get; } =
        new(
            "POST",
            "/monitoring/trigger-cycle",
            Access.Admin,
            "triggerMonitoringCycle",
            Tag,
            "Looks for changes once, now",
            Nothing.Shape,
            TriggeredCycle.Shape
        )
        {
            IsStatusClosed = true,
            Description = "Answers when the look is done.",
            AnswerExample = new("Monitoring cycle done", Triggered: true),
        };

    /// <summary>Looks at intervals.</summary>
    public static Operation<StartMonitoringRequest, StartedMonitoring> Start { get; } =
        new(
            "POST",
            "/monitoring/start",
            Access.Admin,
            "startMonitoring",
            Tag,
            "Starts looking for changes at intervals",
            StartMonitoringRequest.Shape,
            StartedMonitoring.Shape
        )
        {
            IsStatusClosed = true,
            Description = "A node that starts does this by itself.",
            Refusals = [MonitoringRefusals.AlreadyRunning],
            RequestExample = new(),
            AnswerExample = new("Monitoring service started with an interval of 30000 ms", Started: true),
        };

    /// <summary>No more looks.</summary>
    public static Operation<Nothing, StoppedMonitoring> Stop { get; } =
        new("POST", "/monitoring/stop", Access.Admin, "stopMonitoring", Tag, "Stops looking for changes", Nothing.Shape, StoppedMonitoring.Shape)
        {
            IsStatusClosed = true,
            Refusals = [MonitoringRefusals.NotRunning],
            AnswerExample = new("Monitoring service stopped", Stopped: true),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [Status, TriggerCycle, Start, Stop];
}
