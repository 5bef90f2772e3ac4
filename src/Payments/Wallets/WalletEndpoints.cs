using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Wallets;

namespace Masumi.Payments.Wallets;

/// <summary>Hot wallets, and addresses and their money, over HTTP.</summary>
internal static class WalletEndpoints
{
    public static void Map(Service<ApiKey> service, MoneyContext context)
    {
        var wallets = new HotWallets(context);
        service.Map(WalletOperations.Get, (request, call) => wallets.GetAsync(request, call.Cancellation));
        service.Map(WalletOperations.Generate, (request, call) => wallets.GenerateAsync(request, call.Caller, call.Cancellation));
        service.Map(WalletOperations.Update, (request, call) => wallets.UpdateAsync(request, call.Cancellation));
        service.Map(WalletOperations.List, (request, call) => wallets.ListAsync(request, call.Caller, call.Cancellation));

        var rules = new BalanceRulesDesk(context);
        service.Map(LowBalanceOperations.List, (request, call) => rules.ListAsync(request, call.Cancellation));
        service.Map(LowBalanceOperations.Create, (request, call) => rules.CreateAsync(request, call.Cancellation));
        service.Map(LowBalanceOperations.Update, (request, call) => rules.UpdateAsync(request, call.Cancellation));
        service.Map(LowBalanceOperations.Delete, (request, call) => rules.DeleteAsync(request, call.Cancellation));

        var transfers = new TransferDesk(context);
        service.Map(WalletOperations.CreateTransfer, (request, call) => transfers.CreateAsync(request, call.Caller, call.Cancellation));
        service.Map(WalletOperations.ListTransfers, (request, call) => transfers.ListAsync(request, call.Cancellation));

        var addresses = new AddressLook(context);
        service.Map(WalletOperations.ListUtxos, (request, call) => addresses.ListAsync(request, call.Caller, call.Cancellation));
        service.Map(WalletOperations.GetBalance, (request, call) => addresses.BalanceAsync(request, call.Caller, call.Cancellation));
    }
}
