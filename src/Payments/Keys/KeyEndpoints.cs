using Masumi.Http;
using Masumi.Protocol.PaymentService.Keys;

namespace Masumi.Payments.Keys;

/// <summary>API keys over HTTP.</summary>
internal static class KeyEndpoints
{
    public static void Map(Service<ApiKey> service, ApiKeys keys)
    {
        service.Map(KeyOperations.Status, (_, call) => Task.FromResult<Reply<ApiKeyRow>>(call.Caller.ToRow()));
        service.Map(KeyOperations.List, (request, call) => keys.ListAsync(request, call.Cancellation));
        service.Map(KeyOperations.Create, (request, call) => keys.CreateAsync(request, call.Cancellation));
        service.Map(KeyOperations.Update, (request, call) => keys.UpdateAsync(request, call.Cancellation));
        service.Map(KeyOperations.Delete, (request, call) => keys.DeleteAsync(request, call.Cancellation));
    }
}
