using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Payments;

/// <summary>A payment: the seller's side of a deal. Times of the deal are milliseconds in text, times of the row ISO 8601.</summary>
/// <remarks>
/// <see cref="CooldownTime"/>: until when the contract wants the seller to wait after its last action, in unix milliseconds; 0 before one.
/// <see cref="CooldownTimeOtherParty"/>: the same of the buyer.
/// <see cref="ResultHash"/>: empty until the chain shows a result.
/// <see cref="ActionHistory"/>: null where history was not asked for.
/// <see cref="TransactionHistory"/>: null where history was not asked for. Without the current one.
/// <see cref="ForceLayer"/>: null: no matter.
/// </remarks>
public sealed record PaymentRow(
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
    string? CollateralReturnLovelace,
    string? BuyerReturnAddress,
    string? SellerReturnAddress,
    DateTimeOffset ExternalDisputeUnlockTime,
    string RequestedById,
    string? ResultHash,
    DateTimeOffset NextActionLastChangedAt,
    DateTimeOffset OnChainStateOrResultLastChangedAt,
    DateTimeOffset NextActionOrOnChainStateOrResultLastChangedAt,
    string? InputHash,
    decimal TotalBuyerCardanoFees,
    decimal TotalSellerCardanoFees,
    long CooldownTime,
    long CooldownTimeOtherParty,
    OnChainState? OnChainState,
    PaymentActionRow NextAction,
    ImmutableArray<PaymentActionHistoryRow>? ActionHistory,
    TransactionRow? CurrentTransaction,
    ImmutableArray<TransactionRow>? TransactionHistory,
    ImmutableArray<AmountRow> RequestedFunds,
    ImmutableArray<AmountRow> WithdrawnForSeller,
    ImmutableArray<AmountRow> WithdrawnForBuyer,
    DealSourceRow PaymentSource,
    CounterpartyRow? BuyerWallet,
    DealWalletRow? SmartContractWallet,
    string? Metadata,
    SettlementLayer? ForceLayer,
    ProblemRow? Problem
)
{
    // Before the shapes that are made of it.
    private static readonly Func<Members<PaymentRow>, bool, PaymentRow> Of = (s, hasHistory) =>
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
            s.Required("unlockTime", Shapes.Milliseconds, r => r.UnlockTime, "From then on the seller may collect; unix milliseconds"),
            s.RequiredOrNull("collateralReturnLovelace", Shapes.AnyText, r => r.CollateralReturnLovelace, "ADA beside the price that goes back to the buyer"),
            s.RequiredOrNull("buyerReturnAddress", Shapes.AnyText, r => r.BuyerReturnAddress, "Where refunds go"),
            s.RequiredOrNull("sellerReturnAddress", Shapes.AnyText, r => r.SellerReturnAddress, "Where the price goes"),
            s.Required("externalDisputeUnlockTime", Shapes.Milliseconds, r => r.ExternalDisputeUnlockTime, "Admins may divide a dispute from then on"),
            s.Required("requestedById", Shapes.AnyText, r => r.RequestedById, "The id of the key that made it"),
            s.RequiredOrNull("resultHash", Shapes.AnyText, r => r.ResultHash, "As the chain shows it; empty before"),
            s.Required("nextActionLastChangedAt", Shapes.Moment, r => r.NextActionLastChangedAt, "Cursor of /payment/diff/next-action"),
            s.Required(
                "onChainStateOrResultLastChangedAt",
                Shapes.Moment,
                r => r.OnChainStateOrResultLastChangedAt,
                "Cursor of /payment/diff/onchain-state-or-result"
            ),
            s.Required(
                "nextActionOrOnChainStateOrResultLastChangedAt",
                Shapes.Moment,
                r => r.NextActionOrOnChainStateOrResultLastChangedAt,
                "Cursor of /payment/diff"
            ),
            s.RequiredOrNull("inputHash", Shapes.AnyText, r => r.InputHash),
            s.Required("totalBuyerCardanoFees", Shapes.Number, r => r.TotalBuyerCardanoFees, "Network fees so far, in ADA"),
            s.Required("totalSellerCardanoFees", Shapes.Number, r => r.TotalSellerCardanoFees, "Network fees so far, in ADA"),
            s.Required("cooldownTime", Shapes.Whole(), r => r.CooldownTime, "Until when the seller must wait, unix milliseconds; 0 for no wait"),
            s.Required("cooldownTimeOtherParty", Shapes.Whole(), r => r.CooldownTimeOtherParty, "The same of the buyer"),
            s.RequiredOrNull("onChainState", Shapes.Word<OnChainState>(), r => r.OnChainState, "Null while there is no lock"),
            s.Required("NextAction", PaymentActionRow.Shape, r => r.NextAction, "What this node does next"),
            hasHistory
                ? s.RequiredOrNull("ActionHistory", Shapes.List(PaymentActionHistoryRow.Shape), r => r.ActionHistory, "Newest first; null unless asked for")
                : null,
            s.RequiredOrNull("CurrentTransaction", TransactionRow.Shape, r => r.CurrentTransaction, "Under way, or the last one of any party"),
            hasHistory
                ? s.RequiredOrNull("TransactionHistory", Shapes.List(TransactionRow.Shape), r => r.TransactionHistory, "Of all parties; null unless asked for")
                : null,
            s.Required("RequestedFunds", AmountRow.Many, r => r.RequestedFunds, "The price"),
            s.Required("WithdrawnForSeller", AmountRow.Many, r => r.WithdrawnForSeller, "What the seller got"),
            s.Required("WithdrawnForBuyer", AmountRow.Many, r => r.WithdrawnForBuyer, "What the buyer got back"),
            s.Required("PaymentSource", DealSourceRow.Shape, r => r.PaymentSource),
            s.RequiredOrNull("BuyerWallet", CounterpartyRow.Shape, r => r.BuyerWallet, "Null until the chain shows who locked"),
            s.RequiredOrNull("SmartContractWallet", DealWalletRow.Shape, r => r.SmartContractWallet, "The selling wallet; null when it was removed"),
            s.RequiredOrNull("metadata", Shapes.AnyText, r => r.Metadata, "As it was given"),
            s.OptionalOrNull("forceLayer", Shapes.Word<SettlementLayer>(), r => r.ForceLayer, "Where the seller insists on; null: anywhere"),
            s.OptionalOrNull("problem", ProblemRow.Shape, r => r.Problem, "What stands in its way now")
        );

    /// <summary>As lists and look-ups show it.</summary>
    public static RecordShape<PaymentRow> Shape { get; } = Shapes.Record<PaymentRow>("Payment", s => Of(s, true));

    /// <summary>As the answer to a call that changed it: without histories.</summary>
    public static RecordShape<PaymentRow> Brief { get; } = Shapes.Record<PaymentRow>(s => Of(s, false));

    /// <summary>The same as clients of earlier generations know it: with a transaction's hash beside the rest.</summary>
    public static RecordShape<PaymentRow> Older { get; } =
        Shapes.Record<PaymentRow>(s =>
            Of(s, false) with
            {
                TxHash = s.RequiredOrNull("txHash", Shapes.AnyText, r => r.TxHash, "What was asked for is sent later: null until then"),
            }
        );

    /// <summary>For clients of earlier generations: the transaction that does what was asked for; null while there is none.</summary>
    public string? TxHash { get; init; }
}

/// <summary>What a seller's node does next, or what stopped it.</summary>
/// <remarks>
/// <see cref="ResultHash"/>: the result that is on its way.
/// </remarks>
public sealed record PaymentActionRow(RequestedAction RequestedAction, ErrorType? ErrorType, string? ErrorNote, string? ResultHash)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PaymentActionRow> Shape { get; } =
        Shapes.Record<PaymentActionRow>(s =>
            new(
                s.Required("requestedAction", DealShapes.PaymentAction, r => r.RequestedAction),
                s.RequiredOrNull("errorType", DealShapes.PaymentError, r => r.ErrorType),
                s.RequiredOrNull("errorNote", Shapes.AnyText, r => r.ErrorNote, "For people"),
                s.RequiredOrNull("resultHash", Shapes.AnyText, r => r.ResultHash, "The result that is on its way")
            )
        );
}

/// <summary>What a seller's node did.</summary>
public sealed record PaymentActionHistoryRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? SubmittedTxHash,
    RequestedAction RequestedAction,
    ErrorType? ErrorType,
    string? ErrorNote,
    string? ResultHash
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PaymentActionHistoryRow> Shape { get; } =
        Shapes.Record<PaymentActionHistoryRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                s.RequiredOrNull("submittedTxHash", Shapes.AnyText, r => r.SubmittedTxHash, "The transaction that was sent for it"),
                s.Required("requestedAction", DealShapes.PaymentAction, r => r.RequestedAction),
                s.RequiredOrNull("errorType", DealShapes.PaymentError, r => r.ErrorType),
                s.RequiredOrNull("errorNote", Shapes.AnyText, r => r.ErrorNote, "For people"),
                s.RequiredOrNull("resultHash", Shapes.AnyText, r => r.ResultHash)
            )
        );
}

/// <summary>A page of payments.</summary>
public sealed record PaymentList(ImmutableArray<PaymentRow> Payments, HiddenRows? Hidden = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PaymentList> Shape { get; } =
        Shapes.Record<PaymentList>(s =>
            new(
                s.Required("Payments", Shapes.List(PaymentRow.Shape), r => r.Payments),
                s.Optional(HiddenRows.Member, HiddenRows.Shape, r => r.Hidden, HiddenRows.Text)
            )
        );
}
