using Masumi.Http;
using Masumi.Payments.Wallets;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Funds;

/// <summary>What funding wallets top others up with (spec payment-service-api.md 6.12).</summary>
internal sealed class Distributions(MoneyContext context)
{
    public async Task<Reply<DistributionList>> ListAsync(ListDistributionsRequest request, CancellationToken cancellation)
    {
        var query = new TopUpQuery(
            request.PaymentSourceId,
            request.FundWalletId,
            request.Status switch
            {
                DistributionStatus.Pending => TopUpStatus.Pending,
                DistributionStatus.Submitted => TopUpStatus.Submitted,
                DistributionStatus.Confirmed => TopUpStatus.Confirmed,
                DistributionStatus.Failed => TopUpStatus.Failed,
                _ => null,
            },
            request.CursorId,
            (int)request.Take
        );
        return new DistributionList([.. (await context.Treasury.ListAsync(query, cancellation)).Select(Row)]);
    }

    /// <summary>Starts a round of top-ups, which goes on by itself.</summary>
    public async Task<Reply<DistributionTriggered>> TriggerAsync(CancellationToken cancellation) =>
        new DistributionTriggered(Triggered: true, await context.Treasury.HurryAsync(cancellation));

    private static DistributionRow Row(TopUp topUp) =>
        new(
            topUp.Id,
            topUp.CreatedAt,
            topUp.UpdatedAt,
            topUp.FundingId,
            topUp.TargetId,
            DistributionPriority.Warning,
            WalletRowText.Text(topUp.Unit),
            WalletRowText.Text(topUp.Amount),
            topUp.Status switch
            {
                TopUpStatus.Submitted => DistributionStatus.Submitted,
                TopUpStatus.Confirmed => DistributionStatus.Confirmed,
                TopUpStatus.Failed => DistributionStatus.Failed,
                _ => DistributionStatus.Pending,
            },
            topUp.Paying?.TxId?.ToString(),
            topUp.Status == TopUpStatus.Failed ? topUp.Paying?.Note : null,
            topUp.TransferId
        );
}
