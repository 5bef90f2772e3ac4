using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Payments.Wallets;
using Masumi.Protocol.PaymentService.Sources;

namespace Masumi.Payments.Sources;

/// <summary>Payment sources over HTTP.</summary>
internal static class SourceEndpoints
{
    public static void Map(Service<ApiKey> service, MoneyContext context)
    {
        var sources = new PaymentSources(context);
        service.Map(SourceOperations.List, (request, call) => sources.ListAsync(request, call.Caller, call.Cancellation));
        service.Map(SourceOperations.ListExtended, (request, call) => sources.ListAsync(request, call.Cancellation));
        service.Map(SourceOperations.Create, (request, call) => sources.CreateAsync(request, call.Caller, call.Cancellation));
        service.Map(SourceOperations.Update, (request, call) => sources.UpdateAsync(request, call.Caller, call.Cancellation));
        service.Map(SourceOperations.Delete, (request, call) => sources.DeleteAsync(request, call.Caller, call.Cancellation));
        service.Map(SourceOperations.ListRpcKeys, (request, call) => sources.ListAsync(request, call.Cancellation));
    }
}
