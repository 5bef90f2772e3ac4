using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Monitoring;

/// <summary>How watching for changes of deals stands.</summary>
public sealed record MonitoringAnswer(MonitoringStatus MonitoringStatus)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<MonitoringAnswer> Shape { get; } =
        Shapes.Record<MonitoringAnswer>("MonitoringStatus", s => new(s.Required("MonitoringStatus", MonitoringStatus.Shape, r => r.MonitoringStatus)));
}

/// <summary>Whether changes are watched for, and what was seen.</summary>
/// <param name="IsMonitoring">Whether they are.</param>
/// <param name="Stats">Null while they are not.</param>
public sealed record MonitoringStatus(bool IsMonitoring, MonitoringStats? Stats)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<MonitoringStatus> Shape { get; } =
        Shapes.Record<MonitoringStatus>(s =>
            new(
                s.Required("isMonitoring", Shapes.Boolean, r => r.IsMonitoring),
                s.RequiredOrNull("Stats", MonitoringStats.Shape, r => r.Stats, "null while it is stopped")
            )
        );
}

/// <summary>What watching for changes has come to.</summary>
public sealed record MonitoringStats(long TrackedEntities, MonitoringCursor PurchaseCursor, MonitoringCursor PaymentCursor, MonitoringMemory MemoryUsage)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<MonitoringStats> Shape { get; } =
        Shapes.Record<MonitoringStats>(s =>
            new(
                s.Required("trackedEntities", Shapes.Whole(0), r => r.TrackedEntities, "Deals that can still change"),
                s.Required("PurchaseCursor", MonitoringCursor.Shape, r => r.PurchaseCursor),
                s.Required("PaymentCursor", MonitoringCursor.Shape, r => r.PaymentCursor),
                s.Required("MemoryUsage", MonitoringMemory.Shape, r => r.MemoryUsage)
            )
        );
}

/// <summary>Up to where changes were told.</summary>
public sealed record MonitoringCursor(DateTimeOffset Timestamp, string? LastId)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<MonitoringCursor> Shape { get; } =
        Shapes.Record<MonitoringCursor>(s =>
            new(s.Required("timestamp", Shapes.Moment, r => r.Timestamp), s.RequiredOrNull("lastId", Shapes.AnyText, r => r.LastId, "Of the last row told"))
        );
}

/// <summary>Memory of the process, in words.</summary>
public sealed record MonitoringMemory(string HeapUsed, string HeapTotal, string External)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<MonitoringMemory> Shape { get; } =
        Shapes.Record<MonitoringMemory>(s =>
            new(
                s.Required("heapUsed", Shapes.AnyText, r => r.HeapUsed, "With its unit"),
                s.Required("heapTotal", Shapes.AnyText, r => r.HeapTotal, "With its unit"),
                s.Required("external", Shapes.AnyText, r => r.External, "With its unit")
            )
        );
}

/// <summary>A pass that was made.</summary>
public sealed record TriggeredCycle(string Message, bool Triggered)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TriggeredCycle> Shape { get; } =
        Shapes.Record<TriggeredCycle>(
            "TriggeredMonitoringCycle",
            s => new(s.Required("message", Shapes.AnyText, r => r.Message), s.Required("triggered", Shapes.Boolean, r => r.Triggered))
        );
}

/// <summary>How often to look.</summary>
public sealed record StartMonitoringRequest(long IntervalMs = 30_000)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<StartMonitoringRequest> Shape { get; } =
        Shapes.Record<StartMonitoringRequest>(s =>
            new(s.Default("intervalMs", Shapes.Whole(5_000, 300_000), 30_000, r => r.IntervalMs, "Milliseconds from one look to the next"))
        );
}

/// <summary>Watching that was started.</summary>
public sealed record StartedMonitoring(string Message, bool Started)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<StartedMonitoring> Shape { get; } =
        Shapes.Record<StartedMonitoring>(
            "StartedMonitoring",
            s => new(s.Required("message", Shapes.AnyText, r => r.Message), s.Required("started", Shapes.Boolean, r => r.Started))
        );
}

/// <summary>Watching that was stopped.</summary>
public sealed record StoppedMonitoring(string Message, bool Stopped)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<StoppedMonitoring> Shape { get; } =
        Shapes.Record<StoppedMonitoring>(
            "StoppedMonitoring",
            s => new(s.Required("message", Shapes.AnyText, r => r.Message), s.Required("stopped", Shapes.Boolean, r => r.Stopped))
        );
}
