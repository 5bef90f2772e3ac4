using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Payments;

/// <summary>Offers a job: what the seller signs.</summary>
/// <remarks>
/// <see cref="PayByTime"/>: null: in twelve hours.
/// <see cref="SubmitResultTime"/>: null: in 24 hours.
/// <see cref="UnlockTime"/>: null: six hours after the result's deadline.
/// <see cref="ExternalDisputeUnlockTime"/>: null: twelve hours after the result's deadline.
/// <see cref="RequestedFunds"/>: for agents without a fixed price alone.
/// </remarks>
public sealed record NewPayment(
    string InputHash,
    Network Network,
    string AgentIdentifier,
    PaymentSourceType? PaymentSourceType,
    long? SupportedPaymentSourceIndex,
    ImmutableArray<AskedAmount>? RequestedFunds,
    DateTimeOffset? PayByTime,
    DateTimeOffset? SubmitResultTime,
    DateTimeOffset? UnlockTime,
    DateTimeOffset? ExternalDisputeUnlockTime,
    string? Metadata,
    string? SellerReturnAddress,
    string IdentifierFromPurchaser,
    SettlementLayer? ForceLayer
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<NewPayment> Shape { get; } =
        Shapes.Record<NewPayment>(s =>
            new(
                s.Required(
                    "inputHash",
                    DealShapes.Lower(DealShapes.InputHash),
                    r => r.InputHash,
                    "SHA-256 over the buyer's nonce and the input (MIP-004), hex"
                ),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("agentIdentifier", DealShapes.Lower(DealShapes.Agent), r => r.AgentIdentifier, "The agent that works"),
                s.Optional("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType, "Refused when the agent's source is another"),
                s.Optional(
                    "supportedPaymentSourceIndex",
                    DealShapes.SourceIndex,
                    r => r.SupportedPaymentSourceIndex,
                    "V2: which of the agent's payment sources, and so the price. V1: to be left out"
                ),
                s.Optional("RequestedFunds", DealShapes.AskedAmounts, r => r.RequestedFunds, "The price, for agents without a fixed one alone"),
                s.Optional("payByTime", Shapes.DateOrMoment, r => r.PayByTime, "The lock must be in a block by then; left out: in 12 hours"),
                s.Optional("submitResultTime", Shapes.DateOrMoment, r => r.SubmitResultTime, "The result must be on chain before; left out: in 24 hours"),
                s.Optional(
                    "unlockTime",
                    Shapes.DateOrMoment,
                    r => r.UnlockTime,
                    "The seller may collect from then on; left out: 6 hours after the result's time"
                ),
                s.Optional(
                    "externalDisputeUnlockTime",
                    Shapes.DateOrMoment,
                    r => r.ExternalDisputeUnlockTime,
                    "Admins may divide a dispute from then on; left out: 12 hours after the result's time"
                ),
                s.Optional("metadata", Shapes.AnyText, r => r.Metadata, "Kept and shown as it is; nobody else sees it"),
                s.Optional("sellerReturnAddress", DealShapes.Address, r => r.SellerReturnAddress, "Where the price goes; left out: where the wallet collects"),
                s.Required(
                    "identifierFromPurchaser",
                    DealShapes.Lower(DealShapes.Nonce),
                    r => r.IdentifierFromPurchaser,
                    "The buyer's nonce, hex: the one that the input hash is made with"
                ),
                s.Optional("forceLayer", Shapes.Word<SettlementLayer>(), r => r.ForceLayer, "V2: where the seller insists on")
            )
        );
}

/// <summary>Delivers.</summary>
public sealed record SubmitResultRequest(Network Network, string SubmitResultHash, string BlockchainIdentifier)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<SubmitResultRequest> Shape { get; } =
        Shapes.Record<SubmitResultRequest>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required(
                    "submitResultHash",
                    Shapes.Pattern("^[0-9a-fA-F]{64}$", "submitResultHash must be a 64-char hex sha256 digest", 64, 64),
                    r => r.SubmitResultHash,
                    "SHA-256 over the buyer's nonce and the result (MIP-004), hex"
                ),
                s.Required("blockchainIdentifier", DealShapes.Identifier, r => r.BlockchainIdentifier, "Which payment")
            )
        );
}

/// <summary>Asks for a lock that somebody signs elsewhere.</summary>
public sealed record UnsignedLockRequest(Network Network, string BlockchainIdentifier, string BuyerAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UnsignedLockRequest> Shape { get; } =
        Shapes.Record<UnsignedLockRequest>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("blockchainIdentifier", DealShapes.Identifier, r => r.BlockchainIdentifier, "Which payment"),
                s.Required(
                    "buyerAddress",
                    Shapes.Pattern("^(addr1|addr_test1)[0-9a-z]+$", least: 58, most: 120),
                    r => r.BuyerAddress,
                    "The buyer's wallet, bech32: its coins pay"
                )
            )
        );
}

/// <summary>A lock without its signature.</summary>
public sealed record UnsignedLock(string UnsignedTxCbor, string CollateralReturnLovelace)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UnsignedLock> Shape { get; } =
        Shapes.Record<UnsignedLock>(s =>
            new(
                s.Required("unsignedTxCbor", Shapes.AnyText, r => r.UnsignedTxCbor, "The transaction in hex; the buyer's wallet signs and sends it"),
                s.Required("collateralReturnLovelace", Shapes.AnyText, r => r.CollateralReturnLovelace, "Beside the price; goes back to the buyer")
            )
        );
}

/// <summary>What was earned in a time, judged by when the deals were to be paid. Gross: the contract's fee is not taken off.</summary>
public sealed record IncomeAnswer(
    string? AgentIdentifier,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    long TotalTransactions,
    Total TotalIncome,
    Total TotalRefunded,
    Total TotalPending,
    ImmutableArray<DayTotal> DailyIncome,
    ImmutableArray<DayTotal> DailyRefunded,
    ImmutableArray<DayTotal> DailyPending,
    ImmutableArray<MonthTotal> MonthlyIncome,
    ImmutableArray<MonthTotal> MonthlyRefunded,
    ImmutableArray<MonthTotal> MonthlyPending
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<IncomeAnswer> Shape { get; } =
        Shapes.Record<IncomeAnswer>(s =>
            new(
                s.RequiredOrNull("agentIdentifier", Shapes.AnyText, r => r.AgentIdentifier, "Null: of all agents"),
                s.Required("periodStart", Shapes.Moment, r => r.PeriodStart),
                s.Required("periodEnd", Shapes.Moment, r => r.PeriodEnd),
                s.Required("totalTransactions", Shapes.Whole(), r => r.TotalTransactions, "All deals of the time that were ever on chain"),
                s.Required("TotalIncome", Total.Shape, r => r.TotalIncome, "Collected"),
                s.Required("TotalRefunded", Total.Shape, r => r.TotalRefunded, "Back at the buyers"),
                s.Required("TotalPending", Total.Shape, r => r.TotalPending, "Still in escrow"),
                s.Required("DailyIncome", DayTotal.Shape, r => r.DailyIncome),
                s.Required("DailyRefunded", DayTotal.Shape, r => r.DailyRefunded),
                s.Required("DailyPending", DayTotal.Shape, r => r.DailyPending),
                s.Required("MonthlyIncome", MonthTotal.Shape, r => r.MonthlyIncome),
                s.Required("MonthlyRefunded", MonthTotal.Shape, r => r.MonthlyRefunded),
                s.Required("MonthlyPending", MonthTotal.Shape, r => r.MonthlyPending)
            )
        );
}
