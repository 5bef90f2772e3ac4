using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Quarantine;

namespace Masumi.Payments.Quarantine;

/// <summary>What is not explained, over HTTP.</summary>
internal static class QuarantineEndpoints
{
    public static void Map(Service<ApiKey> service, QuarantineWatch watch)
    {
        service.Map(QuarantineOperations.List, (request, call) => watch.ListAsync(request, call.Cancellation));
        service.Map(QuarantineOperations.Preview, (request, call) => watch.PreviewAsync(request, call.Cancellation));
    }
}
