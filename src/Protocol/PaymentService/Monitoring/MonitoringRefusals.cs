using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Monitoring;

/// <summary>How the operations about monitoring say no.</summary>
public static class MonitoringRefusals
{
    /// <summary>It runs.</summary>
    public static RefusalKind AlreadyRunning { get; } =
        new(409, "monitoring_running", "Monitoring service is already running", "For another interval stop it first: POST /monitoring/stop.");

    /// <summary>It does not run.</summary>
    public static RefusalKind NotRunning { get; } =
        new(400, "monitoring_not_running", "Monitoring service is not currently running", "Start it: POST /monitoring/start.");
}
