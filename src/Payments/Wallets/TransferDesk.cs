using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Settlement.Transfers;
using TransferRow = Masumi.Protocol.PaymentService.Wallets.TransferRow;

namespace Masumi.Payments.Wallets;

/// <summary>
/// Money out of hot wallets (spec payment-service-api.md 6.4). What is asked for is kept as what is wanted; the engine makes it, once. The API has no key by which
/// the same request could be known again: asked for twice is paid twice, as at the network's service.
/// </summary>
internal sealed class TransferDesk(MoneyContext context)
{
    private const long Least = 2_000_000;

    public async Task<Reply<TransferRow>> CreateAsync(CreateTransferRequest request, ApiKey caller, CancellationToken cancellation)
    {
        if (request.LovelaceAmount < Least)
        {
            return WalletRefusals.TransferTooSmall;
        }

        var wallet = (await context.WalletsAsync(cancellation)).FirstOrDefault(w => w.Address.ToString() == request.FromWalletAddress);
        if (wallet is null)
        {
            return WalletRefusals.NotFound;
        }

        if (
            !Address.TryParse(request.ToAddress, out var to)
            || to.IsByron
            || to.IsReward
            || to.Network != wallet.Address.Network
            || to.Pointer is not null
            || to.Payment is not { IsKey: true }
        )
        {
            return WalletRefusals.TransferAddress;
        }

        var assets = (request.Assets ?? []).Select(a => KeyValuePair.Create(AssetId.Parse(a.Unit), (Int128)a.Quantity));
        var transfer = await context.Treasury.SendAsync(
            new Transfer
            {
                Id = context.Ids.Next(),
                SourceId = wallet.SourceId,
                WalletId = wallet.Id,
                To = to,
                Amount = Value.Of(new Lovelace(request.LovelaceAmount), assets),
                RequestedBy = caller.Id,
                GiveUpAt = context.Time.GetUtcNow(),
            },
            cancellation
        );
        return Row(transfer);
    }

    public async Task<Reply<TransferList>> ListAsync(ListTransfersRequest request, CancellationToken cancellation)
    {
        if (request.Id is { } id)
        {
            return await context.Treasury.GetAsync(id, cancellation) is { } one ? new TransferList([Row(one)]) : WalletRefusals.TransferNotFound;
        }

        var walletId = request.HotWalletId;
        if (walletId is null)
        {
            walletId = (await context.WalletsAsync(cancellation)).FirstOrDefault(w => w.Address.ToString() == request.WalletAddress)?.Id;
            if (walletId is null)
            {
                return WalletRefusals.NotFound;
            }
        }

        var page = await context.Treasury.ListTransfersAsync(walletId, request.CursorId, (int)request.Limit, cancellation);
        return new TransferList([.. page.Select(Row)]);
    }

    private static TransferRow Row(Transfer transfer) =>
        new(
            transfer.Id,
            transfer.State switch
            {
                TransferState.Confirmed => TransferStatus.Confirmed,
                TransferState.Failed => TransferStatus.FailedViaTimeout,
                _ => TransferStatus.Pending,
            },
            transfer.TxId?.ToString(),
            transfer.To.ToString(),
            WalletRowText.Text(transfer.Amount.Coin.Amount),
            transfer.Amount.IsAdaOnly ? null : [.. transfer.Amount.Assets.Select(a => new TransferAssetRow(a.Key.ToString(), WalletRowText.Text(a.Value)))],
            transfer.CreatedAt,
            transfer.UpdatedAt,
            transfer.TxId is null ? null : transfer.UpdatedAt,
            transfer.Problem?.Note
        );
}
