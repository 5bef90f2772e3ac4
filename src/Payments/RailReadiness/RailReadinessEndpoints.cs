using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.RailReadiness;

namespace Masumi.Payments.RailReadiness;

/// <summary>What a marketplace asks before it shows agents, over HTTP.</summary>
internal static class RailReadinessEndpoints
{
    public static void Map(Service<ApiKey> service, PaymentsContext context)
    {
        var rails = new Rails(context);
        service.Map(RailReadinessOperations.Get, (request, call) => rails.GetAsync(request, call.Caller, call.Cancellation));
    }
}
