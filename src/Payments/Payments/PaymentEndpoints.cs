using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;
using static Masumi.Protocol.PaymentService.Payments.PaymentsOperations;

namespace Masumi.Payments.Payments;

/// <summary>Payments over HTTP.</summary>
internal static class PaymentEndpoints
{
    public static void Map(Service<ApiKey> service, PaymentsContext context, UnsignedLockDesk locks, bool withOlderNames)
    {
        var payments = new Selling(context);
        service.Map(List, (request, call) => payments.ListAsync(request, call.Caller, call.Cancellation));
        service.Map(Create, (request, call) => payments.CreateAsync(request, call.Caller, call.Cancellation));
        service.Map(Diff, (request, call) => payments.DiffAsync(request, DiffStamp.Any, call.Caller, call.Cancellation));
        service.Map(DiffNextAction, (request, call) => payments.DiffAsync(request, DiffStamp.NextAction, call.Caller, call.Cancellation));
        service.Map(Count, (request, call) => payments.CountAsync(request, call.Caller, call.Cancellation));
        service.Map(DiffState, (request, call) => payments.DiffAsync(request, DiffStamp.State, call.Caller, call.Cancellation));
        service.Map(SubmitResult, (request, call) => payments.SubmitResultAsync(request, null, call.Caller, call.Cancellation));
        service.Map(AuthorizeRefund, (request, call) => payments.AuthorizeRefundAsync(request, null, call.Caller, call.Cancellation));
        service.Map(Recover, (request, call) => payments.RecoverAsync(request, call.Caller, call.Cancellation));
        service.Map(BuildLock, (request, call) => locks.BuildAsync(request, call.Caller, call.Cancellation));
        service.Map(Resolve, (request, call) => payments.ResolveAsync(request, call.Caller, call.Cancellation));
        service.Map(Income, (request, call) => payments.IncomeAsync(request, call.Caller, call.Cancellation));
        service.Map(Get, (request, call) => payments.GetAsync(request, call.Caller, call.Cancellation));
        service.Map(Explain, (request, call) => payments.ExplainAsync(request, call.Caller, call.Cancellation));
        if (withOlderNames)
        {
            MapOlder(service, payments);
        }
    }

    private static void MapOlder(Service<ApiKey> service, Selling payments)
    {
        service.MapUnlisted(
            Older("PATCH", SubmitResult, "olderSubmitResult"),
            (request, call) =>
                request.ReadResult() is ({ } today, _)
                    ? payments.SubmitResultAsync(today, request.Contract, call.Caller, call.Cancellation)
                    : Task.FromResult<Reply<PaymentRow>>(request.ReadResult().Refusal!)
        );
        service.MapUnlisted(
            Older("DELETE", AuthorizeRefund, "olderAuthorizeRefund"),
            (request, call) =>
                request.Read() is ({ } today, _)
                    ? payments.AuthorizeRefundAsync(today, request.Contract, call.Caller, call.Cancellation)
                    : Task.FromResult<Reply<PaymentRow>>(request.Read().Refusal!)
        );
    }

    private static Operation<OlderDealCall, PaymentRow> Older(string verb, Operation today, string name) =>
        new(verb, "/payment", today.Access, name, today.Tag, $"Older name of {today.Path}", OlderDealCall.Shape, PaymentRow.Older);
}
