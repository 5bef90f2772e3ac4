using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Inbox;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.Inbox;

/// <summary>Inboxes over HTTP.</summary>
internal static class InboxEndpoints
{
    private const string Path = "/inbox-agents";
    private const string OtherPath = "/registry-inbox";

    public static void Map(Service<ApiKey> service, PaymentsContext context)
    {
        var inboxes = new Inboxes(context, context.Agents);
        Map(service, InboxOperations.OfWallet, (request, call) => inboxes.OfWalletAsync(request, call.Caller, call.Cancellation));
        Map(service, InboxOperations.OnChain, (request, call) => inboxes.FindAsync(request, call.Caller, call.Cancellation));
        Map(service, InboxOperations.List, (request, call) => inboxes.ListAsync(request, call.Caller, call.Cancellation));
        Map(service, InboxOperations.Register, (request, call) => inboxes.RegisterAsync(request, call.Caller, call.Cancellation));
        Map(service, InboxOperations.Delete, (request, call) => inboxes.DeleteAsync(request, call.Cancellation));
        Map(service, InboxOperations.Diff, (request, call) => inboxes.DiffAsync(request, call.Caller, call.Cancellation));
        Map(service, InboxOperations.Deregister, (request, call) => inboxes.DeregisterAsync(request, call.Caller, call.Cancellation));
        Map(service, InboxOperations.Count, (request, call) => inboxes.CountAsync(request, call.Caller, call.Cancellation));
    }

    // Both paths are the network's; the document names one.
    private static void Map<TRequest, TAnswer>(
        Service<ApiKey> service,
        Operation<TRequest, TAnswer> operation,
        Func<TRequest, Call<ApiKey>, Task<Reply<TAnswer>>> handle
    )
        where TRequest : class
        where TAnswer : class
    {
        service.Map(operation, handle);
        service.MapUnlisted(operation with { Path = OtherPath + operation.Path[Path.Length..] }, handle);
    }
}
