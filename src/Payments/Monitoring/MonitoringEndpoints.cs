using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Monitoring;

namespace Masumi.Payments.Monitoring;

/// <summary>The watch over HTTP.</summary>
internal static class MonitoringEndpoints
{
    public static void Map(Service<ApiKey> service, MonitoringWatch watch)
    {
        service.Map(MonitoringOperations.Status, (_, call) => watch.StatusAsync(call.Cancellation));
        service.Map(MonitoringOperations.TriggerCycle, (_, call) => watch.TriggerAsync(call.Cancellation));
        service.Map(MonitoringOperations.Start, (request, _) => watch.StartAsync(request));
        service.Map(MonitoringOperations.Stop, (_, _) => watch.StopAsync());
    }
}
