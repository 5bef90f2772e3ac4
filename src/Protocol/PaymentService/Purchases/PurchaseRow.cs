using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Purchases;

/// <summary>A purchase: the buyer's side of a deal. Times of the deal are milliseconds in text, times of the row ISO 8601.</summary>
/// <remarks>
/// <see cref="CooldownTime"/>: until when the contract wants the buyer to wait after its last action, in unix milliseconds; 0 before one.
/// <see cref="CooldownTimeOtherParty"/>: the same of the seller.
/// <see cref="ResultHash"/>: null until the chain shows a result.
/// <see cref="ActionHistory"/>: null where history was not asked for.
/// <see cref="TransactionHistory"/>: null where history was not asked for. Without the current one.
/// <see cref="ForceLayer"/>: what the buyer insists on; null: no matter.
/// <see cref="PaymentForceLayer"/>: what the seller insists on and signed; null: no matter.
/// </remarks>
public sealed record PurchaseRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string BlockchainIdentifier,
    string? AgentIdentifier,
    string? AgentName,
    PricingType PricingType,
    DateTimeOffset? LastCheckedAt,
    DateTimeOffset? PayByTime,
    DateTimeOffset SubmitResultTime,
    DateTimeOffset UnlockTime,
    DateTimeOffset ExternalDisputeUnlockTime,
    decimal TotalBuyerCardanoFees,
    decimal TotalSellerCardanoFees,
    DateTimeOffset NextActionOrOnChainStateOrResultLastChangedAt,
    DateTimeOffset NextActionLastChangedAt,
    DateTimeOffset OnChainStateOrResultLastChangedAt,
    string RequestedById,
    OnChainState? OnChainState,
    string? CollateralReturnLovelace,
    string? BuyerReturnAddress,
    string? SellerReturnAddress,
    long CooldownTime,
    long CooldownTimeOtherParty,
    string InputHash,
    string? ResultHash,
    PurchaseActionRow NextAction,
    ImmutableArray<PurchaseActionHistoryRow>? ActionHistory,
    TransactionRow? CurrentTransaction,
    ImmutableArray<TransactionRow>? TransactionHistory,
    ImmutableArray<AmountRow> PaidFunds,
    ImmutableArray<AmountRow> WithdrawnForSeller,
    ImmutableArray<AmountRow> WithdrawnForBuyer,
    DealSourceRow PaymentSource,
    CounterpartyRow? SellerWallet,
    DealWalletRow? SmartContractWallet,
    string? Metadata,
    SettlementLayer? ForceLayer,
    SettlementLayer? PaymentForceLayer,
    ProblemRow? Problem
)
{
    // Before the shapes that are made of it.
    private static readonly Func<Members<PurchaseRow>, bool, PurchaseRow> Of = (s, hasHistory) =>
        new(
            s.Required("id", Shapes.AnyText, r => r.Id),
            s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
            s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt, "Of any change at all: no cursor"),
            s.Required("blockchainIdentifier", Shapes.AnyText, r => r.BlockchainIdentifier, "What the seller signed; both sides know the deal by it"),
            s.RequiredOrNull("agentIdentifier", Shapes.AnyText, r => r.AgentIdentifier),
            s.RequiredOrNull("agentName", Shapes.AnyText, r => r.AgentName),
            s.Required("pricingType", Shapes.Word<PricingType>(), r => r.PricingType),
            s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt),
            s.RequiredOrNull("payByTime", Shapes.Milliseconds, r => r.PayByTime, "The lock must be in a block by then; unix milliseconds"),
            s.Required("submitResultTime", Shapes.Milliseconds, r => r.SubmitResultTime, "The result must be on chain before; unix milliseconds"),
            s.Required("unlockTime", Shapes.Milliseconds, r => r.UnlockTime, "Until then a refund can be asked for; unix milliseconds"),
            s.Required("externalDisputeUnlockTime", Shapes.Milliseconds, r => r.ExternalDisputeUnlockTime, "Admins may divide a dispute from then on"),
            s.Required("totalBuyerCardanoFees", Shapes.Number, r => r.TotalBuyerCardanoFees, "Network fees so far, in ADA"),
            s.Required("totalSellerCardanoFees", Shapes.Number, r => r.TotalSellerCardanoFees, "Network fees so far, in ADA"),
            s.Required(
                "nextActionOrOnChainStateOrResultLastChangedAt",
                Shapes.Moment,
                r => r.NextActionOrOnChainStateOrResultLastChangedAt,
                "Cursor of /purchase/diff"
            ),
            s.Required("nextActionLastChangedAt", Shapes.Moment, r => r.NextActionLastChangedAt, "Cursor of /purchase/diff/next-action"),
            s.Required(
                "onChainStateOrResultLastChangedAt",
                Shapes.Moment,
                r => r.OnChainStateOrResultLastChangedAt,
                "Cursor of /purchase/diff/onchain-state-or-result"
            ),
            s.Required("requestedById", Shapes.AnyText, r => r.RequestedById, "The id of the key that made it"),
            s.RequiredOrNull("onChainState", Shapes.Word<OnChainState>(), r => r.OnChainState, "Null while there is no lock"),
            s.RequiredOrNull("collateralReturnLovelace", Shapes.AnyText, r => r.CollateralReturnLovelace, "ADA beside the price that comes back"),
            s.RequiredOrNull("buyerReturnAddress", Shapes.AnyText, r => r.BuyerReturnAddress, "Where refunds go"),
            s.RequiredOrNull("sellerReturnAddress", Shapes.AnyText, r => r.SellerReturnAddress, "Where the price goes"),
            s.Required("cooldownTime", Shapes.Whole(), r => r.CooldownTime, "Until when the buyer must wait, unix milliseconds; 0 for no wait"),
            s.Required("cooldownTimeOtherParty", Shapes.Whole(), r => r.CooldownTimeOtherParty, "The same of the seller"),
            s.Required("inputHash", Shapes.AnyText, r => r.InputHash),
            s.RequiredOrNull("resultHash", Shapes.AnyText, r => r.ResultHash, "As the chain shows it; null before"),
            s.Required("NextAction", PurchaseActionRow.Shape, r => r.NextAction, "What this node does next"),
            hasHistory
                ? s.RequiredOrNull("ActionHistory", Shapes.List(PurchaseActionHistoryRow.Shape), r => r.ActionHistory, "Newest first; null unless asked for")
                : null,
            s.RequiredOrNull("CurrentTransaction", TransactionRow.Shape, r => r.CurrentTransaction, "Under way, or the last one of any party"),
            hasHistory
                ? s.RequiredOrNull("TransactionHistory", Shapes.List(TransactionRow.Shape), r => r.TransactionHistory, "Of all parties; null unless asked for")
                : null,
            s.Required("PaidFunds", AmountRow.Many, r => r.PaidFunds, "The price"),
            s.Required("WithdrawnForSeller", AmountRow.Many, r => r.WithdrawnForSeller, "What the seller got"),
            s.Required("WithdrawnForBuyer", AmountRow.Many, r => r.WithdrawnForBuyer, "What the buyer got back"),
            s.Required("PaymentSource", DealSourceRow.Shape, r => r.PaymentSource),
            s.RequiredOrNull("SellerWallet", CounterpartyRow.Shape, r => r.SellerWallet),
            s.RequiredOrNull("SmartContractWallet", DealWalletRow.Shape, r => r.SmartContractWallet, "The purchasing wallet; null until one is chosen"),
            s.RequiredOrNull("metadata", Shapes.AnyText, r => r.Metadata, "As it was given"),
            s.OptionalOrNull("forceLayer", Shapes.Word<SettlementLayer>(), r => r.ForceLayer, "Where the buyer insists on; null: anywhere"),
            s.OptionalOrNull("paymentForceLayer", Shapes.Word<SettlementLayer>(), r => r.PaymentForceLayer, "Where the seller insists on; null: anywhere"),
            s.OptionalOrNull("problem", ProblemRow.Shape, r => r.Problem, "What stands in its way now")
        );

    /// <summary>As lists and look-ups show it.</summary>
    public static RecordShape<PurchaseRow> Shape { get; } = Shapes.Record<PurchaseRow>("Purchase", s => Of(s, true));

    /// <summary>As the answer to a call that changed it: without histories.</summary>
    public static RecordShape<PurchaseRow> Brief { get; } = Shapes.Record<PurchaseRow>(s => Of(s, false));

    /// <summary>The same as clients of earlier generations know it: with a transaction's hash beside the rest.</summary>
    public static RecordShape<PurchaseRow> Older { get; } =
        Shapes.Record<PurchaseRow>(s =>
            Of(s, false) with
            {
                TxHash = s.RequiredOrNull("txHash", Shapes.AnyText, r => r.TxHash, "What was asked for is sent later: null until then"),
            }
        );

    /// <summary>For clients of earlier generations: the transaction that does what was asked for; null while there is none.</summary>
    public string? TxHash { get; init; }
}

/// <summary>What a buyer's node does next, or what stopped it.</summary>
public sealed record PurchaseActionRow(RequestedAction RequestedAction, ErrorType? ErrorType, string? ErrorNote)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PurchaseActionRow> Shape { get; } =
        Shapes.Record<PurchaseActionRow>(s =>
            new(
                s.Required("requestedAction", DealShapes.PurchaseAction, r => r.RequestedAction),
                s.RequiredOrNull("errorType", DealShapes.PurchaseError, r => r.ErrorType),
                s.RequiredOrNull("errorNote", Shapes.AnyText, r => r.ErrorNote, "For people")
            )
        );
}

/// <summary>What a buyer's node did.</summary>
public sealed record PurchaseActionHistoryRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    RequestedAction RequestedAction,
    ErrorType? ErrorType,
    string? ErrorNote
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PurchaseActionHistoryRow> Shape { get; } =
        Shapes.Record<PurchaseActionHistoryRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                s.Required("requestedAction", DealShapes.PurchaseAction, r => r.RequestedAction),
                s.RequiredOrNull("errorType", DealShapes.PurchaseError, r => r.ErrorType),
                s.RequiredOrNull("errorNote", Shapes.AnyText, r => r.ErrorNote, "For people")
            )
        );
}

/// <summary>A page of purchases.</summary>
public sealed record PurchaseList(ImmutableArray<PurchaseRow> Purchases, HiddenRows? Hidden = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PurchaseList> Shape { get; } =
        Shapes.Record<PurchaseList>(s =>
            new(
                s.Required("Purchases", Shapes.List(PurchaseRow.Shape), r => r.Purchases),
                s.Optional(HiddenRows.Member, HiddenRows.Shape, r => r.Hidden, HiddenRows.Text)
            )
        );
}
