using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;
using static Masumi.Protocol.PaymentService.Purchases.PurchasesOperations;

namespace Masumi.Payments.Purchases;

/// <summary>Purchases over HTTP.</summary>
internal static class PurchaseEndpoints
{
    public static void Map(Service<ApiKey> service, PaymentsContext context, bool withOlderNames)
    {
        var purchases = new Buying(context);
        service.Map(Count, (request, call) => purchases.CountAsync(request, call.Caller, call.Cancellation));
        service.Map(Recover, (request, call) => purchases.RecoverAsync(request, call.Caller, call.Cancellation));
        service.Map(List, (request, call) => purchases.ListAsync(request, call.Caller, call.Cancellation));
        service.Map(Create, (request, call) => purchases.CreateAsync(request, call.Caller, call.Cancellation));
        service.Map(Diff, (request, call) => purchases.DiffAsync(request, DiffStamp.Any, call.Caller, call.Cancellation));
        service.Map(DiffNextAction, (request, call) => purchases.DiffAsync(request, DiffStamp.NextAction, call.Caller, call.Cancellation));
        service.Map(DiffState, (request, call) => purchases.DiffAsync(request, DiffStamp.State, call.Caller, call.Cancellation));
        service.Map(RequestRefund, (request, call) => purchases.RequestRefundAsync(request, null, call.Caller, call.Cancellation));
        service.Map(CancelRefundRequest, (request, call) => purchases.CancelRefundRequestAsync(request, call.Caller, call.Cancellation));
        service.Map(Resolve, (request, call) => purchases.ResolveAsync(request, call.Caller, call.Cancellation));
        service.Map(Spending, (request, call) => purchases.SpendingAsync(request, call.Caller, call.Cancellation));
        service.Map(Get, (request, call) => purchases.GetAsync(request, call.Caller, call.Cancellation));
        service.Map(Explain, (request, call) => purchases.ExplainAsync(request, call.Caller, call.Cancellation));
        if (withOlderNames)
        {
            service.MapUnlisted(
                new Operation<OlderDealCall, PurchaseRow>(
                    "PATCH",
                    "/purchase",
                    RequestRefund.Access,
                    "olderRequestRefund",
                    RequestRefund.Tag,
                    "Older name of /purchase/request-refund",
                    OlderDealCall.Shape,
                    PurchaseRow.Older
                ),
                (request, call) =>
                    request.Read() is ({ } today, _)
                        ? purchases.RequestRefundAsync(today, request.Contract, call.Caller, call.Cancellation)
                        : Task.FromResult<Reply<PurchaseRow>>(request.Read().Refusal!)
            );
        }
    }
}
