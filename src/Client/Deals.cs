using System.Globalization;
using System.Text.Json;

namespace Masumi.Client;

/// <summary>An amount as the APIs write it.</summary>
/// <param name="Amount">A decimal integer.</param>
/// <param name="Unit">Policy id and asset name in hex; empty for lovelace.</param>
public sealed record TokenAmount(string Amount, string Unit)
{
    internal static string Normal(string? unit) => unit is null or "lovelace" ? "" : unit;
}

/// <summary>The four deadlines of a deal.</summary>
public sealed record DealTimes(DateTimeOffset PayBy, DateTimeOffset SubmitResult, DateTimeOffset Unlock, DateTimeOffset ExternalDisputeUnlock)
{
    internal static DealTimes? Read(JsonElement row) =>
        (row.Moment("payByTime"), row.Moment("submitResultTime"), row.Moment("unlockTime"), row.Moment("externalDisputeUnlockTime"))
            is ({ } payBy, { } submit, { } unlock, { } dispute)
            ? new DealTimes(payBy, submit, unlock, dispute)
            : null;

    internal static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}

/// <summary>A payment or purchase row of a payment service.</summary>
public sealed record DealRow(
    string Id,
    string BlockchainIdentifier,
    string? AgentIdentifier,
    string? InputHash,
    DealTimes? Times,
    string? OnChainState,
    string? RequestedAction,
    string? ErrorType,
    string? ErrorNote,
    string? ResultHash,
    IReadOnlyList<TokenAmount> Funds,
    JsonElement Raw
)
{
    internal static DealRow Read(JsonElement row)
    {
        var next = row.Inner("NextAction");
        return new(
            row.Text("id") ?? "",
            row.Text("blockchainIdentifier") ?? "",
            row.Text("agentIdentifier"),
            row.Text("inputHash"),
            DealTimes.Read(row),
            row.Text("onChainState"),
            next?.Text("requestedAction"),
            next?.Text("errorType"),
            next?.Text("errorNote"),
            row.Text("resultHash") is { Length: > 0 } hash ? hash : null,
            row.Inner("PaidFunds") is null ? row.Amounts("RequestedFunds") : row.Amounts("PaidFunds"),
            row
        );
    }
}

/// <summary>What <c>POST /payment</c> asks for.</summary>
public sealed record PaymentRequest(
    string AgentIdentifier,
    string InputHash,
    string IdentifierFromPurchaser,
    DateTimeOffset PayBy,
    DateTimeOffset SubmitResult,
    DateTimeOffset? Unlock = null,
    DateTimeOffset? ExternalDisputeUnlock = null,
    int? SupportedPaymentSourceIndex = null,
    IReadOnlyList<TokenAmount>? RequestedFunds = null,
    string? Metadata = null
);

/// <summary>What <c>POST /purchase</c> asks for: the terms the seller signed.</summary>
public sealed record PurchaseRequest(
    string BlockchainIdentifier,
    string AgentIdentifier,
    string SellerVkey,
    string IdentifierFromPurchaser,
    string InputHash,
    DealTimes Times,
    string? PaymentSourceType = null,
    int? SupportedPaymentSourceIndex = null,
    string? SellerReturnAddress = null,
    IReadOnlyList<TokenAmount>? Amounts = null,
    string? Metadata = null
);
