using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Stores;
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
/// <param name="HasRival">True when something earlier must be excluded first and cannot be.</param>
/// <param name="Summary">In words.</param>
internal sealed record DealGlance(
    OnChainState? State,
    string? ResultHash,
    string? Escrow,
    bool IsFree,
    bool NeedsPerson,
    bool HasNext,
    bool HasRival,
    string Summary
);

/// <summary>A node's deals as its operator's API serves them; with <see cref="EngineUnderTest"/> the only place that knows the product.</summary>
internal sealed class DealsUnderTest(IDatabase database, TimeProvider time)
{
    private readonly SettlementStore _store = new(database);

    /// <summary>The seller's side of a job is stored.</summary>
    public Task AgreeToSellAsync(Agreement agreement) =>
        _store.Deals.InsertAsync(
            DealMachine.Begin(DealOf(agreement, DealSide.Payment, agreement.PaymentId) with { WalletId = agreement.SellingWallet }, time.GetUtcNow(), Rules),
            null,
            time.GetUtcNow(),
            CancellationToken.None
        );

    /// <summary>The buyer's side of a job is stored: from now on it is to be paid.</summary>
    /// <returns>False when its terms are refused, as the API does.</returns>
    public async Task<bool> AgreeToBuyAsync(Agreement agreement)
    {
        if (!DeadlineRules.CheckLimits(agreement.Deadlines, time.GetUtcNow(), DeadlineLimits.Default).IsEmpty)
        {
            return false;
        }

        await _store.Deals.InsertAsync(
            DealMachine.Begin(DealOf(agreement, DealSide.Purchase, agreement.PurchaseId), time.GetUtcNow(), Rules),
            null,
            time.GetUtcNow(),
            CancellationToken.None
        );
        return true;
    }

    /// <summary>How a deal stands; null when the node does not know it.</summary>
    public async Task<DealGlance?> LookAsync(string id) => await _store.Deals.GetAsync(id, CancellationToken.None) is { } deal ? Glance(deal) : null;

    /// <summary>Asks for something; false when the node does not take it now.</summary>
    public async Task<bool> WantAsync(string id, Wish wish, string? resultHash) =>
        await _store.Deals.ChangeAsync(
            id,
            d =>
                d.NextAction == RequestedAction.WaitingForExternalAction && Allows(d.Projection.State, wish)
                    ? DealMachine.Apply(d, EventOf(wish, resultHash), time.GetUtcNow(), Rules)
                    : null,
            time.GetUtcNow(),
            CancellationToken.None
        )
            is not null;

    private static DealRules Rules { get; } = new SettlementOptions().Rules;

    private static DealGlance Glance(Deal deal)
    {
        var person = deal.Problem is { NeedsManual: true };
        return new DealGlance(
            deal.OnChainState,
            deal.Projection.ResultHash,
            deal.Projection.Escrow?.ToString(),
            deal.NextAction == RequestedAction.WaitingForExternalAction,
            person,
            !person,
            deal.Trouble is { Kind: TroubleKind.Rival },
            $"{deal.OnChainState?.ToString() ?? "no lock"}, wants {deal.Intent}{(deal.UnderWay is { } a ? $" ({a.TxId} under way)" : "")}{(deal.Problem is { } p ? $", {p.Note}" : "")}, next {deal.NextAt:u}"
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

    private static DealEvent EventOf(Wish wish, string? resultHash) =>
        wish switch
        {
            Wish.SubmitResult => new DealEvent.ResultGiven(ResultHash.Parse(resultHash!)),
            Wish.RequestRefund => new DealEvent.RefundWished(RefundWish.Asked),
            Wish.CancelRefundRequest => new DealEvent.RefundWished(RefundWish.TakenBack),
            Wish.AuthorizeRefund => new DealEvent.RefundAgreed(),
            _ => new DealEvent.RefundWished(RefundWish.Released),
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
            Family = agreement.Family,
        };
}
