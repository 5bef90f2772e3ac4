using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Registry;

namespace Masumi.Payments.Registry;

/// <summary>Agents over HTTP.</summary>
internal static class RegistryEndpoints
{
    public static void Map(Service<ApiKey> service, PaymentsContext context)
    {
        var agents = new Agents(context, context.Agents);
        var onChain = new AgentsOnChain(context, context.Agents);
        service.Map(RegistryOperations.Count, (request, call) => agents.CountAsync(request, call.Caller, call.Cancellation));
        service.Map(RegistryOperations.OfWallet, (request, call) => onChain.OfWalletAsync(request, call.Caller, call.Cancellation));
        service.Map(RegistryOperations.OnChain, (request, call) => onChain.FindAsync(request, call.Caller, call.Cancellation));
        service.Map(RegistryOperations.List, (request, call) => agents.ListAsync(request, call.Caller, call.Cancellation));
        service.Map(RegistryOperations.Register, (request, call) => agents.RegisterAsync(request, call.Caller, call.Cancellation));
        service.Map(RegistryOperations.Delete, (request, call) => agents.DeleteAsync(request, call.Cancellation));
        service.Map(RegistryOperations.Diff, (request, call) => agents.DiffAsync(request, call.Caller, call.Cancellation));
        service.Map(RegistryOperations.Deregister, (request, call) => agents.DeregisterAsync(request, call.Caller, call.Cancellation));
        service.Map(RegistryOperations.Update, (request, call) => agents.UpdateAsync(request, call.Caller, call.Cancellation));

        // As it was called for two days of July 2025 (spec payment-service-api.md 9.4).
        service.MapUnlisted(
            RegistryOperations.Deregister with
            {
                Verb = "PATCH",
                Path = "/registry",
            },
            (request, call) => agents.DeregisterAsync(request, call.Caller, call.Cancellation)
        );
    }
}
