using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Purchases;

/// <summary>Buys a job: what the seller signed, and who is to be paid.</summary>
/// <remarks>
/// <see cref="PaymentSourceType"/>: null: as the identifier says.
/// <see cref="SmartContractAddress"/>: null or empty: as the identifier says.
/// <see cref="Amounts"/>: the price, for agents without a fixed one; else a guard against another price than expected.
/// </remarks>
public sealed record NewPurchase(
    string BlockchainIdentifier,
    Network Network,
    PaymentSourceType? PaymentSourceType,
    string? SmartContractAddress,
    long? SupportedPaymentSourceIndex,
    string InputHash,
    string SellerVkey,
    string AgentIdentifier,
    ImmutableArray<AskedAmount>? Amounts,
    DateTimeOffset UnlockTime,
    DateTimeOffset ExternalDisputeUnlockTime,
    DateTimeOffset SubmitResultTime,
    DateTimeOffset PayByTime,
    string? Metadata,
    string? BuyerReturnAddress,
    string? SellerReturnAddress,
    string IdentifierFromPurchaser,
    SettlementLayer? ForceLayer,
    SettlementLayer? PaymentForceLayer
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<NewPurchase> Shape { get; } =
        Shapes.Record<NewPurchase>(s =>
            new(
                s.Required("blockchainIdentifier", DealShapes.AnyIdentifier, r => r.BlockchainIdentifier, "From the seller; a purchase is made once for each"),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType, "Refused when the identifier is of another"),
                s.Optional("smartContractAddress", DealShapes.Address, r => r.SmartContractAddress, "V2: refused when the identifier names another contract"),
                s.Optional(
                    "supportedPaymentSourceIndex",
                    DealShapes.SourceIndex,
                    r => r.SupportedPaymentSourceIndex,
                    "V2: which of the agent's payment sources the seller signed for. V1: to be left out"
                ),
                s.Required("inputHash", DealShapes.InputHash, r => r.InputHash, "SHA-256 over the nonce and the input (MIP-004), hex; compute it yourself"),
                s.Required("sellerVkey", Shapes.Text(0, 250), r => r.SellerVkey, "The hash of the payment key that holds the agent's token, hex"),
                s.Required("agentIdentifier", DealShapes.Agent.Where(NotHex), r => r.AgentIdentifier, "The agent that works"),
                s.Optional("Amounts", DealShapes.AskedAmounts, r => r.Amounts, "The price; with a fixed one optional, and then a guard against another"),
                s.Required("unlockTime", Shapes.Milliseconds, r => r.UnlockTime, "As the seller signed it; unix milliseconds in text"),
                s.Required("externalDisputeUnlockTime", Shapes.Milliseconds, r => r.ExternalDisputeUnlockTime, "Likewise"),
                s.Required("submitResultTime", Shapes.Milliseconds, r => r.SubmitResultTime, "Likewise"),
                s.Required("payByTime", Shapes.Milliseconds, r => r.PayByTime, "Likewise"),
                s.Optional("metadata", Shapes.AnyText, r => r.Metadata, "Kept and shown as it is; nobody else sees it"),
                s.Optional("buyerReturnAddress", DealShapes.Address, r => r.BuyerReturnAddress, "Where refunds go; left out: where the wallet collects"),
                s.Optional("sellerReturnAddress", DealShapes.Address, r => r.SellerReturnAddress, "V2: as the seller signed it"),
                s.Required("identifierFromPurchaser", DealShapes.Nonce, r => r.IdentifierFromPurchaser, "Your nonce, hex: the one in the input hash"),
                s.Optional("forceLayer", Shapes.Word<SettlementLayer>(), r => r.ForceLayer, "V2: where the buyer insists on"),
                s.OptionalOrNull(
                    "paymentForceLayer",
                    Shapes.Word<SettlementLayer>(),
                    r => r.PaymentForceLayer,
                    "V2: forceLayer of the seller's payment; it is signed unless it is null"
                )
            )
        );

    private static string? NotHex(string text) => Protocol.AgentIdentifier.TryParse(text, out _) ? null : "Agent identifier is not a valid hex string";
}

/// <summary>What was spent in a time, judged by when the deals were to be paid.</summary>
public sealed record SpendingAnswer(
    string? AgentIdentifier,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    long TotalTransactions,
    Total TotalSpend,
    Total TotalRefunded,
    Total TotalPending,
    ImmutableArray<DayTotal> DailySpend,
    ImmutableArray<DayTotal> DailyRefunded,
    ImmutableArray<DayTotal> DailyPending,
    ImmutableArray<MonthTotal> MonthlySpend,
    ImmutableArray<MonthTotal> MonthlyRefunded,
    ImmutableArray<MonthTotal> MonthlyPending
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<SpendingAnswer> Shape { get; } =
        Shapes.Record<SpendingAnswer>(s =>
            new(
                s.RequiredOrNull("agentIdentifier", Shapes.AnyText, r => r.AgentIdentifier, "Null: of all agents"),
                s.Required("periodStart", Shapes.Moment, r => r.PeriodStart),
                s.Required("periodEnd", Shapes.Moment, r => r.PeriodEnd),
                s.Required("totalTransactions", Shapes.Whole(), r => r.TotalTransactions, "All deals of the time that were ever on chain"),
                s.Required("TotalSpend", Total.Shape, r => r.TotalSpend, "Collected by the sellers"),
                s.Required("TotalRefunded", Total.Shape, r => r.TotalRefunded, "Back again"),
                s.Required("TotalPending", Total.Shape, r => r.TotalPending, "Still in escrow"),
                s.Required("DailySpend", DayTotal.Shape, r => r.DailySpend),
                s.Required("DailyRefunded", DayTotal.Shape, r => r.DailyRefunded),
                s.Required("DailyPending", DayTotal.Shape, r => r.DailyPending),
                s.Required("MonthlySpend", MonthTotal.Shape, r => r.MonthlySpend),
                s.Required("MonthlyRefunded", MonthTotal.Shape, r => r.MonthlyRefunded),
                s.Required("MonthlyPending", MonthTotal.Shape, r => r.MonthlyPending)
            )
        );
}
