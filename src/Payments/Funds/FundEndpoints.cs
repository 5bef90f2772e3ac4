using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Payments.Wallets;
using Masumi.Protocol.PaymentService.Wallets;

namespace Masumi.Payments.Funds;

/// <summary>Funding wallets over HTTP.</summary>
internal static class FundEndpoints
{
    public static void Map(Service<ApiKey> service, MoneyContext context)
    {
        var wallets = new FundWallets(context);
        var distributions = new Distributions(context);
        service.Map(FundOperations.List, (request, call) => wallets.ListAsync(request, call.Cancellation));
        service.Map(FundOperations.Create, (request, call) => wallets.CreateAsync(request, call.Cancellation));
        service.Map(FundOperations.Update, (request, call) => wallets.UpdateAsync(request, call.Cancellation));
        service.Map(FundOperations.Delete, (request, call) => wallets.DeleteAsync(request, call.Cancellation));
        service.Map(FundOperations.ListDistributions, (request, call) => distributions.ListAsync(request, call.Cancellation));
        service.Map(FundOperations.Trigger, (_, call) => distributions.TriggerAsync(call.Cancellation));
    }
}
