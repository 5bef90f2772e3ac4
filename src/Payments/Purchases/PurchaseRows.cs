using Masumi.Payments.Deals;
using Masumi.Protocol.PaymentService.Purchases;
using Masumi.Settlement.Operating;

namespace Masumi.Payments.Purchases;

/// <summary>Purchases as they are shown.</summary>
internal static class PurchaseRows
{
    /// <summary>One row.</summary>
    /// <param name="report">The deal, with what belongs to it.</param>
    /// <param name="withHistory">With all transactions and actions.</param>
    /// <param name="at">When.</param>
    public static PurchaseRow Of(DealReport report, bool withHistory, ShownAt at)
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
            terms.Deadlines.ExternalDisputeUnlock,
            DealParts.Ada(chain.BuyerFees),
            DealParts.Ada(chain.SellerFees),
            DealParts.LastChange(deal),
            deal.NextActionChangedAt,
            deal.StateChangedAt,
            deal.RequestedBy ?? "",
            deal.OnChainState,
            chain.CollateralReturn?.ToString(),
            (chain.BuyerReturnAddress ?? terms.BuyerReturnAddress)?.ToString(),
            terms.SellerReturnAddress?.ToString(),
            chain.BuyerCooldown.ToUnixTimeMilliseconds(),
            chain.SellerCooldown.ToUnixTimeMilliseconds(),
            terms.InputHash.ToString(),
            chain.ResultHash,
            new(deal.NextAction, deal.Problem?.Type, deal.Problem?.Note),
            withHistory
                ?
                [
                    .. DealParts
                        .Past(report)
                        .Select(p => new PurchaseActionHistoryRow(p.Id, p.Entry.At, p.Until, p.Entry.Action, p.Entry.ErrorType, p.Entry.ErrorNote)),
                ]
                : null,
            transactions.Current,
            withHistory ? transactions.Others : null,
            DealParts.Amounts(terms.Funds, report.Source.Network),
            toSeller,
            toBuyer,
            DealParts.Source(report.Source),
            DealParts.Counterparty(terms.SellerAddress),
            DealParts.Wallet(report.Wallet),
            deal.Metadata,
            deal.ForceLayer,
            deal.PaymentForceLayer,
            DealParts.Problem(deal, at.HoldsUntil)
        );
    }
}
