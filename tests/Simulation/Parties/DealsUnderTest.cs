using Masumi.Protocol;
using Masumi.Settlement;
using Masumi.Simulation.Nodes;
using Masumi.Storage;

namespace Masumi.Simulation.Parties;

/// <summary>What a party can ask its node to do with an escrow.</summary>
internal enum Wish
{
    SubmitResult,
    RequestRefund,
    CancelRefundRequest,
    AuthorizeRefund,
    AuthorizeWithdrawal,
}

/// <summary>A deal as its party sees it.</summary>
/// <param name="State">What the chain says.</param>
/// <param name="ResultHash">The result.</param>
/// <param name="Escrow">Where the money lies.</param>
/// <param name="IsFree">True when nothing is wanted and nobody is waited for.</param>
/// <param name="NeedsPerson">True when it waits for an operator.</param>
/// <param name="HasNext">True when the node has something to do for it, or time or the other party will bring it.</param>
/// <param name="Summary">In words.</param>
internal sealed record DealGlance(OnChainState? State, string? ResultHash, string? Escrow, bool IsFree, bool NeedsPerson, bool HasNext, string Summary);

/// <summary>A node's deals as its operator's API serves them; with <see cref="EngineUnderTest"/> the only place that knows the product.</summary>
internal sealed class DealsUnderTest(IDatabase database, TimeProvider time)
{
    private readonly SettlementStore _store = new(database, time);

    /// <summary>The seller's side of a job is stored.</summary>
    public Task AgreeToSellAsync(Agreement agreement) =>
        _store.InsertDealAsync(
            DealOf(agreement, DealSide.Payment, agreement.PaymentId) with
            {
                WalletId = agreement.SellingWallet,
                Intent = Intent.Nothing,
            },
            null,
            CancellationToken.None
        );

    /// <summary>The buyer's side of a job is stored: from now on it is to be paid.</summary>
    public Task AgreeToBuyAsync(Agreement agreement) =>
        _store.InsertDealAsync(DealOf(agreement, DealSide.Purchase, agreement.PurchaseId) with { Intent = Intent.Lock }, null, CancellationToken.None);

    /// <summary>How a deal stands; null when the node does not know it.</summary>
    public async Task<DealGlance?> LookAsync(string id) => await _store.GetDealAsync(id, CancellationToken.None) is { } view ? Glance(view) : null;

    /// <summary>Asks for something; false when the node does not take it now.</summary>
    public async Task<bool> WantAsync(string id, Wish wish, string? resultHash) =>
        await _store.ChangeDealAsync(
            id,
            v =>
                v.Deal.Problem is not { NeedsManual: true } && v.Deal.Intent == Intent.Nothing && !v.UnderWay && Allows(v.Deal.Projection.State, wish)
                    ? v.Deal with
                    {
                        Intent = IntentOf(wish),
                        IntentResultHash = resultHash is null ? v.Deal.IntentResultHash : ResultHash.Parse(resultHash),
                    }
                    : null,
            CancellationToken.None
        )
            is not null;

    private static DealGlance Glance(DealView view)
    {
        var deal = view.Deal;
        var person = deal.Problem is { NeedsManual: true };
        return new DealGlance(
            deal.Projection.State,
            deal.Projection.ResultHash,
            deal.Projection.Escrow?.ToString(),
            !person && deal.Intent == Intent.Nothing && !view.UnderWay,
            person,
            !person,
            $"{deal.Projection.State?.ToString() ?? "no lock"}, wants {deal.Intent}{(view.UnderWay ? " (under way)" : "")}{(deal.Problem is { } p ? $", {p.Note}" : "")}"
        );
    }

    private static bool Allows(OnChainState? state, Wish wish) =>
        wish switch
        {
            Wish.SubmitResult => state is OnChainState.FundsLocked or OnChainState.RefundRequested or OnChainState.Disputed,
            Wish.RequestRefund => state is OnChainState.FundsLocked or OnChainState.ResultSubmitted,
            Wish.CancelRefundRequest => state is OnChainState.RefundRequested or OnChainState.Disputed,
            Wish.AuthorizeRefund => state is OnChainState.Disputed or OnChainState.RefundRequested or OnChainState.ResultSubmitted or OnChainState.FundsLocked,
            _ => state is OnChainState.Disputed,
        };

    private static Intent IntentOf(Wish wish) =>
        wish switch
        {
            Wish.SubmitResult => Intent.SubmitResult,
            Wish.RequestRefund => Intent.RequestRefund,
            Wish.CancelRefundRequest => Intent.CancelRefundRequest,
            Wish.AuthorizeRefund => Intent.AuthorizeRefund,
            _ => Intent.AuthorizeWithdrawal,
        };

    private Deal DealOf(Agreement agreement, DealSide side, string id) =>
        new()
        {
            Id = id,
            Side = side,
            SourceId = EngineUnderTest.Source(agreement.Family).Id,
            Terms = new DealTerms(
                BlockchainIdentifier.Parse(agreement.Identifier),
                Agreement.Agent,
                PricingType.Fixed,
                agreement.Terms.Price,
                agreement.Terms.InputHash,
                agreement.Deadlines,
                agreement.Terms.Seller,
                null,
                null
            ),
            CreatedAt = time.GetUtcNow(),
        };
}
