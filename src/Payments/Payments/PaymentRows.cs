using Masumi.Payments.Deals;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Payments;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Rails;

namespace Masumi.Payments.Payments;

/// <summary>Payments as they are shown.</summary>
internal static class PaymentRows
{
    /// <summary>One row.</summary>
    /// <param name="report">The deal, with what belongs to it.</param>
    /// <param name="withHistory">With all transactions and actions.</param>
    /// <param name="at">When.</param>
    public static PaymentRow Of(DealReport report, bool withHistory, ShownAt at)
    {
        var deal = report.Deal;
        var (terms, chain) = (deal.Terms, deal.Projection);
        var transactions = TransactionRows.Of(report, at.TipHeight);
        var (toBuyer, toSeller) = DealParts.Withdrawn(report);
        return new(
            deal.Id,
            deal.CreatedAt,
            deal.UpdatedAt,
            terms.Identifier.ToString(),
            terms.AgentIdentifier.ToString(),
            deal.AgentName,
            terms.Pricing,
            null,
            terms.Deadlines.PayBy,
            terms.Deadlines.SubmitResult,
            terms.Deadlines.Unlock,
            chain.CollateralReturn?.ToString(),
            (chain.BuyerReturnAddress ?? terms.BuyerReturnAddress)?.ToString(),
            terms.SellerReturnAddress?.ToString(),
            terms.Deadlines.ExternalDisputeUnlock,
            deal.RequestedBy ?? "",
            chain.ResultHash ?? "",
            deal.NextActionChangedAt,
            deal.StateChangedAt,
            DealParts.LastChange(deal),
            terms.InputHash.ToString(),
            DealParts.Ada(chain.BuyerFees),
            DealParts.Ada(chain.SellerFees),
            chain.SellerCooldown.ToUnixTimeMilliseconds(),
            chain.BuyerCooldown.ToUnixTimeMilliseconds(),
            deal.OnChainState,
            new(
                deal.NextAction,
                OfSeller(deal.Problem?.Type),
                deal.Problem?.Note,
                (deal.UnderWay?.Action ?? deal.Intent) == Intent.SubmitResult ? deal.Wishes.Result?.ToString() : null
            ),
            withHistory
                ?
                [
                    .. DealParts
                        .Past(report)
                        .Select(p => new PaymentActionHistoryRow(
                            p.Id,
                            p.Entry.At,
                            p.Until,
                            p.Entry.TxId,
                            p.Entry.Action,
                            OfSeller(p.Entry.ErrorType),
                            p.Entry.ErrorNote,
                            p.Entry.ResultHash?.ToString()
                        )),
                ]
                : null,
            transactions.Current,
            withHistory ? transactions.Others : null,
            DealParts.Amounts(terms.Funds, report.Source.Network),
            toSeller,
            toBuyer,
            DealParts.Source(report.Source),
            DealParts.Counterparty(chain.BuyerAddress),
            DealParts.Wallet(report.Wallet),
            deal.Metadata,
            deal.ForceLayer,
            DealParts.Problem(deal, at.HoldsUntil)
        );
    }

    // The network has no word for a seller whose wallet is short of fees.
    private static ErrorType? OfSeller(ErrorType? type) => type == ErrorType.InsufficientFunds ? ErrorType.Unknown : type;
}
